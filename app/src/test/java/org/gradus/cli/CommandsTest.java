package org.gradus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the commands do besides training.
class CommandsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"train", "eval", "predict", "data", "summary", "explain", "profile", "checks"})
    void everyCommandHasHelpWithAnExample(String command) {
        Spoken help = Spoken.by(command, "--help");

        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: gradus " + command, "For example:", "  gradus " + command);
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(Spoken.by("--help").out()).contains("  " + command + " ");
    }

    @Test
    void picturesInFoldersAreLearntAndToldApart() throws IOException {
        for (int i = 0; i < 20; i++) {
            picture("data/dark/" + i, 40 + i);
            picture("data/light/" + i, 200 - i);
        }
        Spoken trained = run("train --data @data --epochs 10 --batch 8 --quiet --runs-dir @runs");
        assertThat(trained.out()).isEqualToIgnoringNewLines("test accuracy 1.0000");
        picture("one", 60);
        picture("two", 220);
        Files.write(folder.resolve("rows.csv"), List.of("a,b", "1,2"));

        Spoken told = run("predict @runs/data @one.png @two.png --top 2");

        List<String> lines = told.out().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).isEqualTo("file,row,class,probability");
        assertThat(lines.get(1)).startsWith(folder + "/one.png,1,dark,0.");
        assertThat(lines.get(2)).startsWith(folder + "/one.png,1,light,");
        assertThat(lines.get(3)).startsWith(folder + "/two.png,1,light,0.");
        assertThat(run("predict @runs/data @one.png --format json").out())
                .contains("\"class\" : \"dark\"", "\"probability\" : 0.");
        assertThat(run("predict @runs/data @data @two.png").out().lines()).hasSize(42);
        assertThat(told("predict @runs/data @rows.csv"))
                .contains(
                        "rows.csv` is no picture, but the inputs are images of 8x8 gray. Give PNG or JPEG files, or a folder");
        assertThat(run("eval @runs/data").out())
                .startsWith("8 examples: loss ")
                .contains("accuracy 1.0000")
                .containsPattern("dark +1\\.0000 +1\\.0000 +1\\.0000 +1\\.0000 +4")
                .containsPattern("light +\\. +4")
                .contains("calibration error");
        assertThat(run("eval @runs/data --format json").out())
                .startsWith("{")
                .contains("\"accuracy\" : 1.0,", "\"rocAuc\" : 1.0,", "\"counts\" : [ [ 4, 0 ], [ 0, 4 ] ]");
        assertThat(run("eval @runs/data --data @data").out()).startsWith("40 examples: ");
        assertThat(run("summary @runs/data").out()).contains("[32, 8, 8]", "BatchNorm", "19,426 parameters");
    }

    @Test
    void aProfileSaysWhatKernelsTake() throws IOException {
        Spoken told = run("profile --seconds 1 --threads 1 --all --svg @roof.svg --precise");

        assertThat(told.code()).isZero();
        assertThat(told.out())
                .contains("1 thread; the machine's peak ", "A step takes ", "conv2d (0) ", "all kernels")
                .doesNotContain("ProfileCommand", "others");
        double step = number(told.out(), "A step takes ([0-9.]+) ms");
        double all = number(told.out(), "all kernels +([0-9.]+) ");
        assertThat(all).isPositive().isLessThan(1.5 * step);
        assertThat(Files.readString(folder.resolve("roof.svg")))
                .startsWith("<svg ")
                .endsWith("</svg>\n")
                .contains("GFLOP/s", "<circle ", "conv2d");
        Spoken refused = Spoken.by("profile", "--seconds", "0");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("--seconds takes more than 0");
    }

    private static double number(String text, String pattern) {
        java.util.regex.Matcher matcher =
                java.util.regex.Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void picturesOfAnySizeAndColumnsOfTextsAreNoHindrance() throws IOException {
        for (int i = 0; i < 6; i++) {
            picture("data/dark/" + i, 40, 8 + i, 9);
            picture("data/light/" + i, 200, 12, 9 + i);
        }
        Files.writeString(folder.resolve("data/dark/notes.txt"), "by night");
        Files.writeString(folder.resolve("data/light/6.webp"), "RIFF");
        assertThat(run("train --data @data --size 8x10 --batch 4 --dry-run").out())
                .contains("inputs [1, 8, 10], 2 classes\nSkipped: 2 files ");
        List<String> rows = new ArrayList<>(List.of("x,city,year,price"));
        for (int i = 0; i < 50; i++) {
            rows.add(i + ",Rome," + (2000 + i) + "," + (i * 1000 + 500.5));
        }
        Files.write(folder.resolve("rows.csv"), rows);
        assertThat(run("train --data @rows.csv --columns year,x --batch 4 --dry-run")
                        .out())
                .contains("inputs [2], a number to predict");
    }

    @Test
    void rowsGetNumbersInTheUnitsOfTheirColumn() throws IOException {
        List<String> rows = new ArrayList<>(List.of("x,price"));
        for (int i = 0; i < 50; i++) {
            rows.add(i + "," + (i * 1000 + 500.5));
        }
        Files.write(folder.resolve("rows.csv"), rows);
        Spoken trained = run("train --data @rows.csv --label price --lr 0.03 --epochs 40 --batch 8 --runs-dir @runs");
        assertThat(trained.out()).contains("a number to predict", "mae: ", "test mae ");

        List<String> told = run("predict @runs/rows @rows.csv").out().lines().toList();

        assertThat(told).hasSize(51).first().isEqualTo("file,row,prediction");
        assertThat(Double.parseDouble(told.get(31).split(",", -1)[2])).isBetween(25_000.0, 34_000.0); // of 29,500.5
        assertThat(run("eval @runs/rows").out())
                .containsPattern("^10 examples: loss \\S+, mae (\\d+\\.\\d{3})\\d\\R\\R.* \\1\\d\\R")
                .containsPattern("deviation of the labels +\\d{4}\\.\\d\\R")
                .containsPattern("R2 +0\\.9");
        assertThat(run("eval @runs/rows --format json").out()).contains("\"rmse\" : ");
        assertThat(told("predict @runs/rows @rows.csv --top 2"))
                .contains("The option --top is for classes, but the model of")
                .contains("predicts a number.");
    }

    @Test
    void severalNumbersArePredictedAtOnce() throws IOException {
        List<String> rows = new ArrayList<>(List.of("x,price,row,rooms"));
        for (int i = 0; i < 60; i++) {
            rows.add(i + "," + (i * 1000 + 500.5) + "," + (60 - i) + "," + i / 10);
        }
        Files.write(folder.resolve("rows.csv"), rows);
        Spoken trained =
                run("train --data @rows.csv --label price,row,rooms --lr 0.03 --epochs 40 --batch 8 --runs-dir @runs");
        assertThat(trained.out()).contains("inputs [1], 3 numbers to predict", "mae: ", "test mae ");

        List<String> told = run("predict @runs/rows @rows.csv").out().lines().toList();

        assertThat(told).hasSize(61).first().isEqualTo("file,row,price,prediction row,rooms");
        String[] said = told.get(31).split(",", -1);
        assertThat(Double.parseDouble(said[2])).isBetween(27_000.0, 34_000.0); // of 30,500.5
        assertThat(Double.parseDouble(said[3])).isBetween(27.0, 33.0); // of 30
        assertThat(run("eval @runs/rows").out())
                .containsPattern("^12 examples: loss \\S+, mae (\\d+\\.\\d)\\d*\\R\\R.* \\1\\d*\\R")
                .containsPattern("\\Rprice +\\d+\\.\\d+ .* (0\\.9\\d+|1\\.0000) ")
                .containsPattern("\\Rrooms +0\\.\\d+ ");
        assertThat(run("data --data @rows.csv --set data.label=['price','rooms'] --set data.stream=true")
                        .out())
                .containsPattern("numbers to predict: price with mean \\d+.*; rooms with mean ");
        assertThat(run("summary @runs/rows").out()).contains("[3]");
        assertThat(told("eval @runs/rows --data @rows.csv --label price"))
                .contains(
                        "The model predicts 3 numbers [price, row, rooms], but 1 columns of labels were named: [price]");
    }

    @Test
    void labelsThatAreThereOrNotAreLearntWithBinaryCrossEntropy() throws IOException {
        List<String> rows = new ArrayList<>(List.of("x,y,warm,wet"));
        for (int i = 0; i < 80; i++) {
            rows.add(i % 9 + "," + i % 7 + "," + (i % 9 > 4 ? 1 : 0) + "," + (i % 7 > 2 ? 1 : 0));
        }
        Files.write(folder.resolve("rows.csv"), rows);
        Files.writeString(folder.resolve("labels.toml"), """
                [data]
                path = '%s'
                label = ["warm", "wet"]
                [loss]
                type = "bce_with_logits"
                positive_weights = [1.0, 1.5]
                [training]
                epochs = 40
                batch = 8
                [optimizer]
                lr = 0.02
                """.formatted(folder.resolve("rows.csv")));
        assertThat(run("train --config @labels.toml --name labels --runs-dir @runs")
                        .out())
                .contains("accuracy: ", "test accuracy ");

        assertThat(run("eval @runs/labels").out())
                .containsPattern("labels right +0\\.9|labels right +1\\.0")
                .containsPattern("\\Rwarm +\\S+ +\\S+ +\\S+ +1\\.0000 ");
        List<String> told = run("predict @runs/labels @rows.csv").out().lines().toList();
        assertThat(told).first().isEqualTo("file,row,warm,wet");
        assertThat(told.stream()
                        .skip(1)
                        .flatMap(line -> Stream.of(line.split(",", -1)).skip(2)))
                .allMatch(probability -> Double.parseDouble(probability) >= 0 && Double.parseDouble(probability) <= 1);
    }

    @Test
    void countsAreToldAsCountsAndWhatIsWrittenIsWhole() throws IOException {
        List<String> rows = new ArrayList<>(List.of("x,calls,w"));
        for (int i = 0; i < 600; i++) {
            rows.add(i % 30 / 10.0 + "," + (i % 30 / 6 + i % 2) + "," + (1 + i % 3));
        }
        Files.write(folder.resolve("rows.csv"), rows);
        Files.writeString(folder.resolve("counts.toml"), """
                [data]
                path = '%s'
                label = "calls"
                weights = "w"
                [loss]
                type = "poisson_nll"
                [training]
                epochs = 20
                metrics = ["rmse"]
                watch = "val_rmse"
                patience = 5
                """.formatted(folder.resolve("rows.csv")));
        assertThat(run("train --config @counts.toml --name counts --runs-dir @runs")
                        .out())
                .contains("a number to predict", " - val_rmse: ", "test mae ", "test rmse ");
        assertThat(run("eval @runs/counts").out()).contains("mae ", "root mean squared error  ");

        String printed = run("predict @runs/counts @rows.csv").out();
        List<String> told = printed.lines().toList();
        assertThat(told).hasSize(601);
        assertThat(Double.parseDouble(told.get(30).split(",", -1)[2])).isBetween(3.5, 6.5); // of 4.5
        assertThat(run("predict @runs/counts @rows.csv --out @told.csv").out()).isEmpty();
        assertThat(folder.resolve("told.csv")).hasContent(printed);
        assertThat(run("predict @runs/counts @rows.csv --format json").out())
                .startsWith("[ {")
                .endsWith("} ]" + System.lineSeparator());
        rows.add("none,1,1");
        Files.write(folder.resolve("bad.csv"), rows);
        for (String out : List.of("", " --out @told.csv", " --out @new.csv")) {
            String command = "predict @runs/counts @bad.csv" + out;
            Spoken refused = Spoken.by(command.replace("@", folder + "/").split(" ", -1));
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err()).contains("line 602, column `x`: `none` is no number");
        }
        assertThat(folder.resolve("told.csv")).hasContent(printed);
        assertThat(folder.resolve("new.csv")).doesNotExist();
    }

    @Test
    void embeddingsArePrintedAndJudgedByTheirNeighbours() {
        assertThat(run("train --set loss.type=triplet_margin --set loss.embedding=3 --epochs 1 --batch 64 --name near"
                                + " --runs-dir @runs")
                        .out())
                .contains("val_accuracy: ", "test accuracy ");
        assertThat(run("eval @runs/near").out())
                .containsPattern("\\Raccuracy 0\\.[89]")
                .contains("macro mean");
    }

    @Test
    void otherDataAreJudgedByTheLabelOfTheRun() throws IOException {
        List<String> rows = new ArrayList<>(List.of("price,x"));
        List<String> others = new ArrayList<>(List.of("x,price,id"));
        for (int i = 0; i < 50; i++) {
            rows.add((i * 1000 + 500.5) + "," + i);
            others.add(i + "," + (i * 1000 + 500.5) + "," + i * 7.5);
        }
        Files.write(folder.resolve("rows.csv"), rows);
        Files.write(folder.resolve("others.csv"), others);
        Files.write(folder.resolve("bare.csv"), List.of("x,id", "1,2.5", "2,3.5"));
        run("train --data @rows.csv --label price --epochs 1 --batch 8 --name named --runs-dir @runs");
        Files.write(
                folder.resolve("rows.csv"),
                rows.stream().map(row -> row.replaceAll("(.*),(.*)", "$2,$1")).toList());
        run("train --data @rows.csv --epochs 1 --batch 8 --name usual --runs-dir @runs");

        for (String run : List.of("named", "usual")) {
            assertThat(run("eval @runs/" + run + " --data @others.csv").out())
                    .isEqualTo(run("eval @runs/" + run + " --data @rows.csv").out())
                    .startsWith("50 examples: ");
            assertThat(told("eval @runs/" + run + " --data @bare.csv"))
                    .isEqualTo("gradus: `" + folder + "/bare.csv` has no column `price`. Its columns are x, id. If the"
                            + " labels are in another one, give `--label COLUMN`.\n");
        }
    }

    @Test
    void aRunKnowsItsDataFromAnyFolder() throws IOException {
        List<String> rows = new ArrayList<>(List.of("x,price"));
        for (int i = 0; i < 50; i++) {
            rows.add(i + "," + (i * 1000 + 500.5));
        }
        Path file = Files.write(folder.resolve("rows.csv"), rows);
        Path relative = Path.of("").toAbsolutePath().relativize(file);
        run("train --data " + relative + " --epochs 1 --batch 8 --name near --runs-dir @runs");
        assertThat(folder.resolve("runs/near/config.toml")).content().contains("path = \"" + relative.toAbsolutePath());

        Files.move(file, folder.resolve("moved.csv"));
        for (String command : List.of("eval @runs/near", "train --epochs 2 --resume @runs/near")) {
            assertThat(told(command))
                    .startsWith("gradus: There is no file or folder `" + relative.toAbsolutePath() + "`, which ")
                    .containsPattern("(the run's configuration|/runs/near/config.toml`, line \\d+,) names as the data")
                    .endsWith(" If they have moved, `--data PATH` says where they are.\n");
        }
        assertThat(run("train --epochs 2 --resume @runs/near --data @moved.csv").out())
                .contains("test mae");
        assertThat(run("eval @runs/near").out()).contains("10 examples");
    }

    @Test
    void dataAreToldAndDrawn() throws IOException {
        Spoken told = run("data --augment crop,mixup --sheet @sheet.png");

        assertThat(told.out())
                .containsPattern("examples +1078 +360 +359")
                .containsPattern("channel 0 +0\\.30\\d+ +0\\.37")
                .contains(
                        "In training: [{ type = \"crop\", padding = 4, border = \"zeros\" }, { type = \"mixup\", alpha = 1.0 }]");
        BufferedImage sheet = ImageIO.read(folder.resolve("sheet.png").toFile());
        assertThat(sheet.getWidth()).isBetween(600, 1200);
        assertThat(sheet.getHeight()).isBetween(600, 1200);
        Spoken text = textData();
        assertThat(text.out()).contains("inputs [8]", "\\n ", "' ' ").doesNotContain("standardised");
    }

    private Spoken textData() throws IOException {
        Files.writeString(folder.resolve("song.txt"), "round and round\n".repeat(40));
        Files.writeString(
                folder.resolve("song.toml"), "[data]\npath = '" + folder.resolve("song.txt") + "'\nwindow = 8\n");
        return run("data --config @song.toml");
    }

    @Test
    void validationMayBeLeftOut() throws IOException {
        Files.writeString(folder.resolve("all.toml"), "[data]\nvalidation = 0\n[model]\nname = 'mlp'\n");

        assertThat(run("data --config @all.toml").out()).containsPattern("examples +\\d+ +0 +\\d+\\R");
        assertThat(run("train --config @all.toml --epochs 1 --batch 400 --runs-dir @runs")
                        .out())
                .contains(" examples to train on, 0 for validation, ", "test accuracy");
    }

    @Test
    void aTextIsLearntAndGoesOn() throws IOException {
        textData();
        Spoken trained = run("train --config @song.toml --lr 0.02 --epochs 12 --batch 8 --runs-dir @runs");
        Files.writeString(folder.resolve("prompt.txt"), "round and rou");

        assertThat(trained.out()).contains("inputs [8], 8 classes", "Model: lstm");
        List<String> lines = run("predict @runs/song @prompt.txt").out().lines().toList();
        assertThat(lines.get(1)).startsWith(folder + "/prompt.txt,1,n,0.");
        assertThat(run("eval @runs/song").out())
                .startsWith("16 examples: loss ")
                .contains("\\n");
    }

    @Test
    void aSeriesIsForecastAfterItsEndOrAfterEachRow() throws IOException {
        List<String> rows = new ArrayList<>(List.of("time,load"));
        for (int i = 0; i < 300; i++) {
            rows.add(i + "," + Math.sin(0.3 * i));
        }
        Files.write(folder.resolve("load.csv"), rows);
        Files.writeString(
                folder.resolve("load.toml"),
                "[data]\npath = '" + folder.resolve("load.csv") + "'\nlabel = 'load'\nwindow = 5\n");
        run("train --config @load.toml --epochs 1 --runs-dir @runs");

        List<String> last = run("predict @runs/load @load.csv").out().lines().toList();
        List<String> each =
                run("predict @runs/load @load.csv --each-row").out().lines().toList();
        assertThat(last).hasSize(2);
        assertThat(each).hasSize(1 + 300 - 4);
        assertThat(each.get(1)).startsWith(folder + "/load.csv,5,");
        assertThat(each.getLast())
                .startsWith(folder + "/load.csv,300,")
                .endsWith(last.get(1).substring(last.get(1).lastIndexOf(',')));
        Files.write(folder.resolve("short.csv"), rows.subList(0, 4));
        assertThat(told("predict @runs/load @short.csv --each-row"))
                .contains("short.csv` has 3 rows, but the model sees 5 at a time");
    }

    @Test
    void twoClassesMayHaveOneLogit() throws IOException {
        List<String> rows = new ArrayList<>(List.of("x,kind"));
        for (int i = 0; i < 60; i++) {
            rows.add(i + "," + (i < 40 ? "low" : "top"));
        }
        Files.write(folder.resolve("rows.csv"), rows);
        Files.writeString(folder.resolve("c.toml"), "[loss]\ntype = 'bce_with_logits'");
        Spoken trained = run("train --config @c.toml --data @rows.csv --lr 0.03 --batch 8 --runs-dir @runs");
        assertThat(trained.out()).contains("2 classes", "Model: mlp, 193 parameters", "test accuracy 1.0000");
        Files.write(folder.resolve("ask.csv"), List.of("x", "10", "59"));

        List<String> told =
                run("predict @runs/rows @ask.csv --top 2").out().lines().toList();

        assertThat(told).hasSize(5);
        assertThat(told.get(1)).contains(",1,low,0.");
        assertThat(told.get(3)).contains(",2,top,0.");
        assertThat(Double.parseDouble(told.get(1).split(",", -1)[3])
                        + Double.parseDouble(told.get(2).split(",", -1)[3]))
                .isCloseTo(1, within(1e-6));
    }

    @Test
    void thePlanIsExplained() {
        Spoken plan = run("explain --batch 16");

        assertThat(plan.code()).isZero();
        assertThat(plan.out()).contains("conv2d (0)", "float32[16, 64, 4, 4]").doesNotContain(".java:");
        List<String> lines = plan.out().lines().toList();
        assertThat(lines.getFirst()).matches("  #  kernel +output +bytes +flop");
        assertThat(lines)
                .filteredOn(line -> line.contains(" float32["))
                .hasSizeGreaterThan(20)
                .allSatisfy(line -> assertThat(line.charAt(lines.getFirst().indexOf("output")))
                        .isNotEqualTo(' '))
                .allSatisfy(line -> assertThat(line).hasSize(lines.getFirst().length()));
    }

    @Test
    void theChecksAreRight() {
        Spoken checks = run("checks");

        assertThat(checks.out())
                .contains("Java ", "arithmetic ", "convolutions   right", "digest ", "All is well.")
                .doesNotContain("WRONG", "OTHER BITS");
        assertThat(checks.code()).isZero();
        assertThat(run("checks").out()).isEqualTo(checks.out());
    }

    private String told(String line) {
        Spoken spoken = Spoken.by(line.replace("@", folder + "/").split(" +", -1));
        assertThat(spoken.code()).isEqualTo(1);
        return spoken.err();
    }

    private Spoken run(String line) {
        Spoken spoken = Spoken.by(line.replace("@", folder + "/").split(" +", -1));
        assertThat(spoken.err()).isEmpty();
        return spoken;
    }

    private void picture(String name, int shade) throws IOException {
        picture(name, shade, 8, 8);
    }

    private void picture(String name, int shade, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < width * height; i++) {
            image.getRaster().setSample(i % width, i / width, 0, shade + (i * 37) % 30);
        }
        Path file = folder.resolve(name + ".png");
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }
}
