package org.gradus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What users get wrong: a sentence that says what and where, exit code 1, and nothing half-written. In the tables `@` is
/// the folder of the files that [#files] makes.
class BadInputTest {
    @TempDir
    private static Path folder;

    @TempDir
    private Path runs;

    @BeforeAll
    static void files() throws IOException {
        byte[] images = idx(0x803, 40, 4, 4);
        byte[] labels = idx(0x801, 40);
        mnist("magic", "XXXXYYYYZZZZ".getBytes(StandardCharsets.US_ASCII), labels);
        mnist("short", Arrays.copyOf(images, 200), labels);
        mnist("many-labels", images, idx(0x801, 41));
        byte[] odd = labels.clone();
        odd[odd.length - 1] = (byte) 200;
        mnist("odd-label", images, odd);
        byte[] photos = new byte[20 * 3073];
        photos[7 * 3073] = 10;
        Files.write(Files.createDirectories(folder.resolve("photos")).resolve("data_batch_1.bin"), photos);
        byte[] packed = gzip(images);
        packed[packed.length / 2] ^= 0x55;
        mnist("gzip", packed, labels);
        mnist("cut-gzip", Arrays.copyOf(gzip(images), 30), labels);
        csv("nan", "a,b,label", "1,2,x", "3,NaN,y");
        csv("text", "a,b,label", "1,2,x", "3,four,y");
        csv("ragged", "a,b,label", "1,2,x", "3,y");
        csv("empty-class", "a,label", "1,x", "2,x", "3,x", "4,x", "5,y");
        csv("header", "a,b,label");
        csv("good", "a,label", "1,x", "2,x", "3,x", "4,x", "5,x", "6,y", "7,y", "8,y", "9,y", "10,y");
        String[] prices = new String[41];
        Arrays.setAll(prices, i -> i == 0 ? "rooms,price" : i + "," + (i == 4 ? "unknown" : i * 1009));
        csv("unknown", prices);
        for (int i = 0; i < 5; i++) {
            picture("sizes/cat/" + i, 8, 8);
            picture("sizes/dog/" + i, i == 3 ? 9 : 8, 8);
        }
        Files.createDirectories(folder.resolve("nothing"));
        Files.createDirectories(folder.resolve("no-class/cat"));
        picture("no-class/dog/1", 8, 8);
        Files.writeString(folder.resolve("cat.png"), "no picture");
        toml("key", "[optimizer]", "lrr = 0.1");
        toml("table", "[modell]");
        toml("poison", "[loss]", "type = 'poison_nll'");
        toml("no", "epochs = ten");
        toml("large", "[training]", "batch = 99999999999");
        toml("value", "[training]", "epochs = 'ten'");
        toml("layer", "[[model.layer]]", "type = 'linaer'", "out = 3");
        toml("layer-key", "[[model.layer]]", "type = 'linear'", "out = 3", "bais = true");
        toml(
                "shape",
                "[[model.layer]]",
                "type = 'linear'",
                "out = 3",
                "[[model.layer]]",
                "type = 'conv2d'",
                "out = 3",
                "kernel = 3");
        toml("outputs", "[[model.layer]]", "type = 'flatten'", "[[model.layer]]", "type = 'linear'", "out = 3");
        toml("augment", "[augment]", "step = ['crop',", "  'noise',", "  {type = 'rotation', degree = 3}]");
        toml("angle", "[[augment.step]]", "type = 'rotation'", "degrees = -5");
        toml("mixed", "[loss]", "type = 'nll'", "[augment]", "step = 'mixup'");
        toml("needed", "[[model.layer]]", "type = 'conv2d'", "out = 3", "kernal = 3");
        toml("slip", "[optimizer]", "type = 'sgd'", "nesterov = true", "momentun = 0.9");
        toml("quotes", "[[model.layer]]", "type = 'linear'", "out = '16'");
        toml("fold", "[data]", "folds = 3", "fold = 4");
        toml("watch", "[training]", "watch = 'val_los'", "patience = 2");
        toml("sampling", "[data]", "sampling = 'balance'");
        toml("stream", "[data]", "stream = true", "path = '" + folder.resolve("nan.csv") + "'");
        csv("calls", "x,calls", "1,0", "2,3", "3,9", "4,1", "5,0", "6,4");
        csv("both", "a,b,c", "1,0,2", "2,1,3", "3,0,1", "4,1,2", "5,0,3");
        String both = "path = '" + folder.resolve("both.csv") + "'";
        toml("classes", "[data]", both, "label = ['b', 'c']", "target = 'classes'");
        toml("twice", "[data]", both, "label = ['b', 'b']");
        toml("unit", "[loss]", "type = 'bce_with_logits'", "[data]", both, "label = ['b', 'c']");
        Files.writeString(folder.resolve("short.txt"), "To be");
        toml("not-only", "[model]", "name = 'mlp'", "[training]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            --data @magic       | train-images-idx3-ubyte`
            --data @short       | train-images-idx3-ubyte`
            --data @gzip        | train-images-idx3-ubyte` is damaged
            --data @cut-gzip    | train-images-idx3-ubyte` is damaged: its gzip data break off
            --data @many-labels | train-labels-idx1-ubyte`
            --data @odd-label   | train-labels-idx1-ubyte`, record 39, has the label 200
            --data @photos      | data_batch_1.bin`, record 7, has the label 10
            --data @nosuch      | There is no file or folder `@nosuch`.
            --data @nothing     | `@nothing` is an empty folder
            --data @no-class    | cat
            --data @sizes       | 3.png` is a picture of 9x8 pixels, but 8x8 are needed. Resize it, or have all resized: with `height = 8` and `width = 8` in [data], or `--size 8x8`.
            --data @sizes --size 8 | The option --size takes a height and a width such as 48x64, but was given 8.
            --data @good.csv --size 8x8 | are asked for
            --data @nan.csv     | `@nan.csv`
            --data @text.csv    | `four` is no number. Features, and labels that are not classes, are finite numbers. Mend the row or take it out; if it is a column of texts, leave it out: with `columns = ["a"]` in [data], or `--columns a`.
            --data @nan.csv --columns a,c | has no column `c`. Its columns are a, b, label.
            --data @ragged.csv  | `@ragged.csv`
            --data @header.csv  | `@header.csv`
            --data @empty-class.csv | The class `y` has 1 example
            --data @unknown.csv | `@unknown.csv`, line 5, column `price`: the label `unknown` is no number, but 39 of 40 are; so all would be classes, with fewer than 3 examples on average.
            --data @good.csv --label c | `c`
            --data @good.csv --model lenet --batch 4 | `name` in [model] is lenet, which takes images, but the inputs are rows of 1 number (a). Take mlp
            --data @key.toml    | is a file of another kind
            --config @key.toml  | `@key.toml`, line 2: [optimizer] has no key `lrr`; did you mean `lr`?
            --config @table.toml | `@table.toml`, line 1: the file has no key `modell`; did you mean `model`?
            --config @no.toml   | `@no.toml`, line 1: ten is no value.
            --config @value.toml | `@value.toml`, line 2: `epochs` in [training] takes a whole number, but was given ten.
            --config @nosuch.toml | There is no file `@nosuch.toml`.
            --model @layer.toml | `@layer.toml`, line 2: `type` in [model.layer] knows no `linaer`; did you mean `linear`?
            --model @needed.toml | `@needed.toml`, line 4: [model.layer] has no key `kernal`; did you mean `kernel`?
            --config @slip.toml | `@slip.toml`, line 4: [optimizer] has no key `momentun`; did you mean `momentum`?
            --model @quotes.toml | `@quotes.toml`, line 3: `out` in [model.layer] takes a whole number, but was given the text "16".
            --model @layer-key.toml | `@layer-key.toml`, line 4: [model.layer] has no key `bais`; did you mean `bias`?
            --model @shape.toml | The model makes [3, 6, 1] of an input [1, 8, 8], but there are 10 classes
            --model @outputs.toml | The model makes [3] of an input [1, 8, 8], but there are 10 classes
            --model @not-only.toml | `@not-only.toml` is to be a model, but has more than the table [model]: model, training. Give the whole of it with `--config @not-only.toml`
            --model @table.toml | `@table.toml`, line 1: the file has no key `modell`; did you mean `model`?
            --model lenet       | `conv2`: conv2d: a kernel of [5, 5]
            --model lennet      | There is no model `lennet`, and no such file; did you mean `lenet`?
            --augment rotatoin  | The option --augment knows no `rotatoin`; did you mean `rotation`?
            --data @good.csv --augment noise,crop --batch 4 | The option --augment takes `noise` or `mixup` for rows of a table, but was given crop.
            --config @augment.toml | `@augment.toml`, line 4: [augment.step] has no key `degree`; did you mean `degrees`?
            --config @angle.toml | `@angle.toml`, line 1: A rotation takes an angle from 0 to 180 degrees, but was given -5.0.
            --config @mixed.toml | `@mixed.toml`, line 2: `type` in [loss] takes `cross_entropy` or a loss of one-hot classes, such as `mse`, where `mixup` or `cutmix` mix labels, but was given nll.
            --config @fold.toml | `@fold.toml`, line 1: Data are cut into 2 or more folds
            --config @watch.toml | `@watch.toml`, line 2: `watch` in [training] knows no `val_los`; did you mean `val_loss`?
            --config @sampling.toml | `@sampling.toml`, line 2: `sampling` in [data] knows no `balance`; did you mean `balanced`?
            --config @classes.toml | `@classes.toml`, line 4: `target` in [data] takes `numbers` where `label` names several columns, but was given classes.
            --config @twice.toml | `@twice.toml`, line 3: `label` in [data] takes columns, each of them once, but was given
            --config @unit.toml | `@unit.toml`, line 2: `type` in [loss] takes a loss that takes labels such as
            --data @calls.csv --config @poison.toml | `@poison.toml`, line 2: `type` in [loss] knows no `poison_nll`; did you mean `poisson_nll`?
            --set optimizer.lrr=3 --batch 4 | [optimizer] has no key `lrr`; did you mean `lr`?
            --set training.epochs=ten | The option --set training.epochs takes a whole number, but was given ten.
            --set training.epochs=[1 | `--set`, line 1: `]` is missing
            --set training.epochs= | The option --set takes a key and a value such as data.stream=true, but was given training.epochs=.
            --config @quotes.toml --set model.layer.1.out=3 | There is no part 1 of a list that has 1, counted from 0.
            --config @stream.toml | nan.csv`, line 3, column `b`: `NaN` is no number
            --data @short.txt   | `@short.txt` has 5 characters, but windows of 64
            --lr 0              | The option --lr takes a number greater than 0, but was given 0.0.
            --lr abc            | The option --lr takes a number, but was given abc.
            --lr -1             | The option --lr takes a number greater than 0, but was given -1.0.
            --lr NaN            | The option --lr takes a number greater than 0, but was given NaN.
            --lr                | The option --lr needs a value: X. `gradus train --help` lists what there is.
            --epochs 0          | The option --epochs takes a whole number of 1 or more, but was given 0.
            --epochs 1.5        | The option --epochs takes a whole number, but was given 1.5.
            --batch 0           | The option --batch takes a whole number of 1 or more, but was given 0.
            --batch 5000        | The option --batch takes at most 1078, the number of training examples, but was given 5000.
            --batch 99999999999 | The option --batch takes a whole number up to 2147483647, but was given 99999999999.
            --seed 99999999999999999999 | The option --seed takes a whole number that 64 bits can hold, but was given 9999
            --config @large.toml | `@large.toml`, line 2: `batch` in [training] takes a whole number up to 2147483647, but
            --patience -1       | The option --patience takes a whole number of 0 or more, but was given -1.
            --threads x         | The option --threads takes a whole number, but was given x.
            --seed x            | The option --seed takes a whole number, but was given x.
            --name .x           | The option --name takes letters (A to Z, a to z), digits, and . _ - after the first, but was given .x.
            --name a/b          | The option --name takes letters (A to Z, a to z), digits, and . _ - after the first, but was given a/b.
            --runs-dir @good.csv | @good.csv exists already, and is not what is needed here.
            --runs-dir @good.csv/below | @good.csv
            --resume @nosuch    | `@nosuch` is no folder of a run with a checkpoint; there is no such folder.
            --resume @nothing   | `@nothing` is no folder of a run with a checkpoint.
            --resume @nothing --lr 1 | The option --lr cannot be given with --resume
            --xyzzy             | `gradus train` knows no option --xyzzy. `gradus train --help` lists what there is.
            --epoch 3           | `gradus train` knows no option --epoch; did you mean --epochs? `gradus train --help`
            more                | `gradus train` knows no command or argument more.
            """)
    void ofTraining(String options, String sentence) {
        String where = options.matches("--r(uns-dir|esume).*") ? "" : "--runs-dir " + runs + " ";
        isTold(Spoken.by(arguments("train " + where + options)), sentence);
    }

    @Test
    void ofAModelThatIsThere() throws IOException {
        Path csv = folder.resolve("good.csv");
        Spoken trained =
                Spoken.by(arguments("train --runs-dir " + folder + " --name run --batch 4 --epochs 1 --data " + csv));
        assertThat(trained.code()).isZero();
        for (String line : List.of(
                "predict @run @nosuch.csv | There is no file or folder `@nosuch.csv`.",
                "predict @run @nan.csv --top 0 | The option --top takes 1 or more, but was given 0.",
                "predict @run @cat.png | cat.png",
                "predict @run @good.csv --each-row | Forecasts after each row are of time series, but the inputs are rows of 1 number (a).",
                "predict @run | `gradus predict` needs FILE: pictures, folders of pictures, or CSV files.",
                "predict @run @sizes/cat/1.png | 1.png` is a picture, but the inputs are rows of 1 number (a). Give a CSV file",
                "predict @nosuch @good.csv | `@nosuch` is no folder of a run with a checkpoint; there is no such folder.",
                "predict @run @good.csv --format xml | The option --format takes csv|json, but was given xml.",
                "eval @run --data @ragged.csv | `@ragged.csv`",
                "eval @run --data @sizes | are asked for",
                "eval @nothing | `@nothing` is no folder of a run with a checkpoint.",
                "summary lenet --input 1x8x8 | `conv2`: conv2d: a kernel of [5, 5]",
                "summary --input 1x8 | The option --input takes channels, height and width such as 1x28x28",
                "summary --classes 0 | The option --classes takes 1 to 1000000, but was given 0.",
                "summary @nothing | `@nothing` is no folder of a run with a checkpoint.",
                "eval @run --format xml | The option --format takes text|json, but was given xml.",
                "train --runs-dir @none --from @run --epochs 1 | The state `0.weight` is float32[32, 1, 3, 3] in this model, but float32[64, 1] in the checkpoint",
                "train --runs-dir @none --from @nosuch --epochs 1 | `@nosuch` is no folder of a run",
                "data --data @good.csv --batch 4 --sheet @sheet.png | A contact sheet shows images",
                "data --sheet @nosuch/sheet.png | sheet.png",
                "profile --seconds 300 --svg @nosuch/roof.svg | `@nosuch/roof.svg` could not be written (there is no such file or folder).",
                "profile --seconds 300 --svg @sizes | `@sizes` could not be written (it is a folder).",
                "explain --batch 5000 | The option --batch takes at most 1078")) {
            String[] parts = line.split(" \\| ", -1);
            isTold(Spoken.by(arguments(parts[0])), parts[1]);
        }
        assertThat(folder.resolve("none")).doesNotExist();
        Path checkpoint = folder.resolve("run/checkpoints");
        try (var inside = Files.walk(checkpoint)) {
            Path model = inside.filter(file -> file.endsWith("model.safetensors"))
                    .findFirst()
                    .orElseThrow();
            Files.write(model, Arrays.copyOf(Files.readAllBytes(model), 50));
        }
        isTold(Spoken.by(arguments("eval @run")), "model.safetensors");
    }

    @Test
    void ofACheckpointOfAnotherModel() throws IOException {
        Spoken.by(arguments("train --runs-dir " + runs + " --name a --epochs 1 --model mlp"));
        Path facts;
        try (var inside = Files.walk(runs.resolve("a"))) {
            facts = inside.filter(file -> file.endsWith("checkpoint.json"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(facts, Files.readString(facts).replace("\"hidden\" : [ 64 ]", "\"hidden\" : [ 63 ]"));

        Spoken resumed = Spoken.by("train", "--resume", runs.resolve("a").toString(), "--epochs", "2");

        isTold(resumed, "The checkpoint is of another model or optimizer; nothing was changed.");
    }

    private void isTold(Spoken spoken, String sentence) {
        assertThat(spoken.err())
                .startsWith("gradus: ")
                .contains(sentence.replace("@", folder + "/"))
                .doesNotContain("This is a bug", "\tat ", "Command.java")
                .hasLineCount(1);
        assertThat(spoken.code()).isEqualTo(1);
        assertThat(runs.toFile().list()).isSubsetOf("a");
    }

    private static String[] arguments(String line) {
        return line.replace("@", folder + "/").strip().split(" +", -1);
    }

    private static byte[] idx(int magic, int... sizes) {
        int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + count).putInt(magic);
        Arrays.stream(sizes).forEach(bytes::putInt);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (i % 10));
        }
        return bytes.array();
    }

    private static void mnist(String name, byte[] images, byte[] labels) throws IOException {
        Path inside = Files.createDirectories(folder.resolve(name));
        Files.write(inside.resolve("train-images-idx3-ubyte"), images);
        Files.write(inside.resolve("train-labels-idx1-ubyte"), labels);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static void csv(String name, String... lines) throws IOException {
        Files.write(folder.resolve(name + ".csv"), List.of(lines));
    }

    private static void toml(String name, String... lines) throws IOException {
        Files.write(folder.resolve(name + ".toml"), List.of(lines));
    }

    private static void picture(String name, int width, int height) throws IOException {
        Path file = folder.resolve(name + ".png");
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    }
}
