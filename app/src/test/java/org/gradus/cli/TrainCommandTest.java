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

class TrainCommandTest {
    @TempDir
    private Path runs;

    @Test
    void theDigitsAreLearnt() throws IOException {
        Spoken spoken = train("--epochs", "8");

        assertThat(spoken.err()).isEmpty();
        assertThat(spoken.code()).isZero();
        assertThat(testAccuracy(spoken)).isGreaterThanOrEqualTo(0.97);
        assertThat(spoken.out().lines().filter(line -> line.startsWith("Epoch")))
                .hasSize(8);
        List<String> metrics = Files.readAllLines(runs.resolve("digits/metrics.csv"));
        assertThat(metrics).hasSize(9);
        assertThat(metrics.get(0)).isEqualTo("epoch,loss,accuracy,val_loss,val_accuracy,seconds,learning_rate,step");
        assertThat(metrics.get(8)).startsWith("8,").endsWith(",272");
    }

    @Test
    void theSameSeedIsTheSameRunAndNothingIsOverwritten() throws IOException {
        String[] options = {"--model", "mlp", "--epochs", "1", "--seed", "5", "--quiet", "--name", "small"};
        Spoken first = train(options);
        Spoken second = train(options);
        Spoken other = train("--model", "mlp", "--epochs", "1", "--seed", "6", "--quiet", "--name", "small");

        assertThat(first.out()).matches("test accuracy [01]\\.\\d{4}\\R");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(numbers("small")).isEqualTo(numbers("small-2")).isNotEqualTo(numbers("small-3"));
        assertThat(other.code()).isZero();
        try (Stream<Path> folders = Files.list(runs)) {
            assertThat(folders).hasSize(3);
        }
    }

    @Test
    void thePrintedConfigurationIsTheSameRun() throws IOException {
        Path file = Files.writeString(
                runs.resolve("small.toml"),
                "[model]\nname = 'mlp'\nhidden = 8\n[optimizer]\ntype = 'sgd'\nlr = 0.1\nmomentum = 0.9\n");
        String[] options = {"--config", file.toString(), "--epochs", "2", "--precise", "--name", "a"};
        Spoken printed = train(
                Stream.concat(Stream.of(options), Stream.of("--print-config")).toArray(String[]::new));
        assertThat(printed.code()).isZero();
        assertThat(printed.out()).contains("hidden = [8]", "momentum = 0.9", "epochs = 2", "precise = true");
        assertThat(runs.resolve("a")).doesNotExist();

        Path complete = Files.writeString(runs.resolve("complete.toml"), printed.out());
        train(options);
        train("--config", complete.toString(), "--name", "b");

        assertThat(numbers("a")).hasSize(3).isEqualTo(numbers("b"));
        assertThat(runs.resolve("a/config.toml")).hasContent(printed.out());
    }

    @Test
    void theInsideOfAModelIsWrittenAndTheRunIsTheSame() throws IOException {
        String[] options = {"--model", "mlp", "--epochs", "2", "--quiet"};
        Spoken plain = train(options);
        String[] inspected = Stream.concat(Stream.of(options), Stream.of("--set", "training.inspect=true"))
                .toArray(String[]::new);
        Spoken seen = train(inspected);
        train(Stream.concat(Stream.of(inspected), Stream.of("--ensemble", "2")).toArray(String[]::new));

        assertThat(seen.out()).isEqualTo(plain.out());
        assertThat(runs.resolve("digits/layers.csv")).doesNotExist();
        // Three layers and the model itself with two numbers, four parameters; at the start and after two epochs.
        assertThat(Files.readAllLines(runs.resolve("digits-2/layers.csv")))
                .hasSize(1 + 3 * (4 * 2 + 4))
                .contains("epoch,what,path,value")
                .anyMatch(line -> line.startsWith("2,gradient,0.weight,"));
        assertThat(runs.resolve("digits-3/member-2/layers.csv")).isNotEmptyFile();
    }

    @Test
    void aDryRunWritesNothing() {
        Spoken spoken = train("--dry-run");

        assertThat(spoken.code()).isZero();
        assertThat(spoken.out())
                .contains("1078 examples to train on", "Model: convnet, 21,482 parameters", "dry run")
                .doesNotContainPattern("\\R\\s*\\R");
        assertThat(runs).isEmptyDirectory();
    }

    @Test
    void earlyStoppingIsAnOption() {
        Spoken spoken = train("--model", "mlp", "--lr", "0.3", "--patience", "1", "--epochs", "30");

        assertThat(spoken.code()).isZero();
        assertThat(spoken.out()).contains("early stopping; the best was epoch");
    }

    @Test
    void aRunThatDivergesTellsTheStep() {
        Spoken spoken = train("--model", "mlp", "--lr", "1e30", "--epochs", "2");

        assertThat(spoken.code()).isEqualTo(2);
        assertThat(spoken.err())
                .matches("gradus: The (validation )?loss became (NaN|infinite) at step \\d+, .*Try a smaller one.*\\R");
        assertThat(spoken.out()).doesNotContain("test accuracy");
    }

    @Test
    void anInterruptedRunKeepsItsEpochs() throws IOException {
        Interruption interruption = new Interruption();
        interruption.request();
        Spoken spoken = Spoken.by(interruption, "train", "--model", "mlp", "--runs-dir", runs.toString());

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
        String[] options = {"--model", "mlp", "--epochs", "6", "--seed", "4"};
        Spoken whole = train(options);
        Path watched = runs.resolve("digits-2/metrics.csv");
        Spoken cut = Spoken.interrupted(
                () -> Files.exists(watched) && lines(watched) >= 3,
                Stream.concat(Stream.of("train", "--runs-dir", runs.toString()), Stream.of(options))
                        .toArray(String[]::new));
        String run = runs.resolve("digits-2").toString();
        assertThat(cut.code()).isEqualTo(130);
        assertThat(cut.err()).contains("`gradus train --resume " + run + "` goes on.");

        Spoken rest = Spoken.by("train", "--resume", run);

        assertThat(rest.code()).isZero();
        assertThat(testAccuracy(rest)).isEqualTo(testAccuracy(whole));
        assertThat(numbers("digits-2")).isEqualTo(numbers("digits")).hasSize(7);

        assertThat(Spoken.by("train", "--resume", run).out())
                .containsPattern("\\RRun: " + run + "\\RThe run has its 6 epochs; `gradus train --resume " + run
                        + " --epochs N` goes on to N of them\\.\\Rtest accuracy ");
        assertThat(numbers("digits-2")).hasSize(7);

        Spoken more = Spoken.by("train", "--resume", run, "--epochs", "7", "--quiet");
        assertThat(more.code()).isZero();
        assertThat(numbers("digits-2")).hasSize(8).startsWith(numbers("digits").toArray(String[]::new));
    }

    private Spoken train(String... options) {
        return Spoken.by(Stream.concat(Stream.of("train", "--runs-dir", runs.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private static double testAccuracy(Spoken spoken) {
        Matcher matcher = Pattern.compile("(?m)^test accuracy ([01]\\.\\d{4})$").matcher(spoken.out());
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
