package org.gradus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {
    @TempDir
    private Path runs;

    @Test
    void theDigitsAreLearnt() throws IOException {
        Spoken spoken = train("--epochs", "10");

        assertThat(spoken.code()).isZero();
        assertThat(spoken.err()).isEmpty();
        assertThat(testAccuracy(spoken)).isGreaterThanOrEqualTo(0.95);
        assertThat(spoken.out().lines().filter(line -> line.startsWith("Epoch")))
                .hasSize(10);
        List<String> metrics = Files.readAllLines(runs.resolve("digits/metrics.csv"));
        assertThat(metrics).hasSize(11);
        assertThat(metrics.get(0)).isEqualTo("epoch,loss,accuracy,val_loss,val_accuracy,seconds,learning_rate,step");
        assertThat(metrics.get(10)).startsWith("10,").endsWith(",0.1,680");
    }

    @Test
    void theSameSeedIsTheSameRunAndNothingIsOverwritten() throws IOException {
        String[] options = {"--epochs", "1", "--hidden", "8,4", "--seed", "5", "--quiet", "--name", "small"};
        Spoken first = train(options);
        Spoken second = train(options);
        Spoken other = train("--epochs", "1", "--hidden", "8,4", "--seed", "6", "--quiet", "--name", "small");

        assertThat(first.out()).matches("test accuracy [01]\\.\\d{4}\\R");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(numbers("small")).isEqualTo(numbers("small-2")).isNotEqualTo(numbers("small-3"));
        assertThat(other.code()).isZero();
        try (Stream<Path> folders = Files.list(runs)) {
            assertThat(folders).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --lr abc        | The option --lr takes a number, but was given abc.
                    --lr 0          | The option --lr takes a number greater than 0, but was given 0.0.
                    --lr -1         | The option --lr takes a number greater than 0, but was given -1.0.
                    --lr NaN        | The option --lr takes a number greater than 0, but was given NaN.
                    --lr            | The option --lr needs a value: X. `gradus train --help` lists what there is.
                    --momentum 1    | The option --momentum takes a number from 0 to below 1, but was given 1.0.
                    --epochs 0      | The option --epochs takes 1 or more, but was given 0.
                    --epochs 1.5    | The option --epochs takes a whole number, but was given 1.5.
                    --batch 0       | The option --batch takes 1 or more, but was given 0.
                    --batch 5000    | The option --batch takes at most 1078, the number of training images, but was given 5000.
                    --hidden=       | The option --hidden takes whole numbers with commas between them, but was given nothing.
                    --hidden 0      | The option --hidden takes 1 to 65536 units a layer, but was given 0.
                    --hidden 8,x    | The option --hidden takes whole numbers with commas between them, but was given x.
                    --seed x        | The option --seed takes a whole number, but was given x.
                    --name a/b     | The option --name takes letters (a to z), digits, and . _ - after the first, but was given a/b.
                    --foo           | `gradus train` knows no option --foo. `gradus train --help` lists what there is.
                    --epoch 3       | `gradus train` knows no option --epoch; did you mean --epochs? `gradus train --help` lists what there is.
                    more            | `gradus train` knows no command or argument more. `gradus train --help` lists what there is.
                    """)
    void whatIsWrongIsToldInOneSentence(String options, String sentence) {
        Spoken spoken = train(options.split(" "));

        assertThat(spoken.err().strip()).isEqualTo("gradus: " + sentence);
        assertThat(spoken.code()).isEqualTo(1);
        assertThat(spoken.out()).isEmpty();
        assertThat(runs).isEmptyDirectory();
    }

    @Test
    void aFolderThatCannotBeMadeIsTold() throws IOException {
        Path file = Files.writeString(runs.resolve("file"), "precious");
        Spoken spoken = Spoken.by("train", "--runs-dir", file.toString());
        Spoken below = Spoken.by("train", "--runs-dir", file.resolve("below").toString());

        assertThat(spoken.code()).isEqualTo(1);
        assertThat(spoken.err().lines())
                .containsExactly("gradus: " + file + " exists already, and is not what is needed here.");
        assertThat(below.code()).isEqualTo(1);
        assertThat(below.err().lines()).hasSize(1).allMatch(line -> line.startsWith("gradus: " + file));
        assertThat(file).hasContent("precious");
    }

    @Test
    void aRunThatDivergesTellsTheStep() {
        Spoken spoken = train("--lr", "1e30", "--epochs", "2");

        assertThat(spoken.code()).isEqualTo(2);
        assertThat(spoken.err())
                .matches("gradus: The (validation )?loss became (NaN|infinite) at step \\d+, .*Try a smaller one.*\\R");
        assertThat(spoken.out()).doesNotContain("test accuracy");
    }

    @Test
    void anInterruptedRunKeepsItsEpochs() throws IOException {
        Interruption interruption = new Interruption();
        interruption.request();
        Spoken spoken = Spoken.by(interruption, "train", "--runs-dir", runs.toString());

        assertThat(spoken.code()).isEqualTo(130);
        assertThat(spoken.err()).startsWith("gradus: Interrupted; the epochs that were finished are in ");
        assertThat(spoken.out()).doesNotContain("test accuracy");
        assertThat(runs.resolve("digits/metrics.csv"))
                .content()
                .startsWith("epoch,")
                .hasLineCount(1);
    }

    @Test
    void aRunThatIsInterruptedGoesOnAsIfNothingHadHappened() throws IOException, InterruptedException {
        String[] options = {"--epochs", "6", "--hidden", "8", "--seed", "4"};
        Spoken whole = train(options);
        Interruption interruption = new Interruption();
        Thread impatient = Thread.ofPlatform().start(() -> {
            while (!Files.exists(runs.resolve("digits-2/metrics.csv"))
                    || lines(runs.resolve("digits-2/metrics.csv")) < 3) {
                Thread.onSpinWait();
            }
            interruption.request();
        });
        Spoken cut = Spoken.by(
                interruption,
                Stream.concat(Stream.of("train", "--runs-dir", runs.toString()), Stream.of(options))
                        .toArray(String[]::new));
        impatient.join();
        String run = runs.resolve("digits-2").toString();
        assertThat(cut.code()).isEqualTo(130);
        assertThat(cut.err()).contains("`gradus train --resume " + run + "` goes on.");

        Spoken rest = Spoken.by("train", "--resume", run);

        assertThat(rest.code()).isZero();
        assertThat(testAccuracy(rest)).isEqualTo(testAccuracy(whole));
        assertThat(numbers("digits-2")).isEqualTo(numbers("digits")).hasSize(7);

        Spoken more = Spoken.by("train", "--resume", run, "--epochs", "7", "--quiet");
        assertThat(more.code()).isZero();
        assertThat(numbers("digits-2")).hasSize(8).startsWith(numbers("digits").toArray(String[]::new));
    }

    @Test
    void onlyEpochsMayChange() {
        Path run = runs.resolve("digits");
        train("--epochs", "1", "--hidden", "2");

        assertThat(Spoken.by("train", "--resume", run.toString(), "--lr", "1").err())
                .startsWith("gradus: The option --lr cannot be given with --resume");
        assertThat(Spoken.by("train", "--resume", runs.toString()).err())
                .startsWith("gradus: There is no checkpoint in `" + runs.resolve("checkpoints"));
    }

    @Test
    void theHelpTellsEveryOptionAndItsDefault() {
        Spoken help = Spoken.by("train", "--help");

        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains("--seed", "--epochs", "--batch", "--lr", "--momentum", "--hidden", "--name", "--runs-dir")
                .contains("--quiet", "(default 0.9)", "Exit codes");
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    private Spoken train(String... options) {
        return Spoken.by(Stream.concat(Stream.of("train", "--runs-dir", runs.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private static double testAccuracy(Spoken spoken) {
        Matcher matcher = Pattern.compile("(?m)^test accuracy (0\\.\\d{4})$").matcher(spoken.out());
        assertThat(matcher.find()).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The metrics without the seconds.
    private List<String> numbers(String run) throws IOException {
        return Files.readAllLines(runs.resolve(run).resolve("metrics.csv")).stream()
                .map(line -> line.replaceAll(",\\d+\\.\\d{3}(?=,[^,]*,[^,]*$)", ""))
                .toList();
    }
}
