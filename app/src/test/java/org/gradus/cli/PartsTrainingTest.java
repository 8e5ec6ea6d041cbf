package org.gradus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gradus train` of several parts, from another run, and in search of a learning rate.
class PartsTrainingTest {
    @TempDir
    private Path runs;

    @Test
    void anEnsembleIsTrainedEvaluatedAndGoesOnAfterAnInterruption() throws IOException, InterruptedException {
        String[] options = {"--model", "mlp", "--epochs", "3", "--ensemble", "2", "--seed", "4"};
        Spoken whole = train(options);
        assertThat(whole.err()).isEmpty();
        assertThat(whole.out()).contains("member-1: 3 epochs", "member-2: 3 epochs", "together ");
        Spoken evaluated = Spoken.by("eval", runs.resolve("digits").toString());
        assertThat(evaluated.out()).contains("accuracy " + accuracy(whole));

        Path watched = runs.resolve("digits-2/member-1/metrics.csv");
        Spoken cut = Spoken.interrupted(
                () -> Files.exists(watched),
                Stream.concat(Stream.of("train", "--runs-dir", runs.toString()), Stream.of(options))
                        .toArray(String[]::new));
        String run = runs.resolve("digits-2").toString();
        assertThat(cut.code()).isEqualTo(130);
        assertThat(cut.err()).contains("`gradus train --resume " + run + "` goes on.");

        Spoken rest = Spoken.by("train", "--resume", run);

        assertThat(rest.code()).isZero();
        assertThat(accuracy(rest)).isEqualTo(accuracy(whole));
        assertThat(rest.out()).endsWith(whole.out().substring(whole.out().indexOf("On the examples")));
    }

    @Test
    void aTrainingStartsFromAnotherRun() {
        train("--model", "mlp", "--epochs", "4", "--name", "first", "--quiet");
        Spoken second = train(
                "--model",
                "mlp",
                "--epochs",
                "1",
                "--lr",
                "1e-9",
                "--from",
                runs.resolve("first").toString(),
                "--quiet");
        Spoken first = Spoken.by("eval", runs.resolve("first").toString());

        assertThat(first.out()).contains("accuracy " + accuracy(second));
        assertThat(train("--from", runs.resolve("none").toString()).err()).contains("is no folder of a run");
        assertThat(train("--from", runs.resolve("first").toString()).err()) // an mlp to begin a convnet with
                .contains("The state `0.weight` is float32[32, 1, 3, 3] in this model, but float32[64, 64] in the"
                        + " checkpoint");
    }

    @Test
    void aLearningRateIsSuggestedAndNothingIsWritten() {
        Spoken spoken = train("--find-lr", "--model", "mlp");

        Matcher found = Pattern.compile("The loss falls fastest at a learning rate of (\\S+)\\.\\R")
                .matcher(spoken.out());
        assertThat(spoken.code()).isZero();
        assertThat(found.find()).isTrue();
        assertThat(Double.parseDouble(found.group(1))).isBetween(1e-4, 0.1);
        assertThat(runs).isEmptyDirectory();
    }

    private Spoken train(String... options) {
        return Spoken.by(Stream.concat(Stream.of("train", "--runs-dir", runs.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private static String accuracy(Spoken spoken) {
        Matcher matcher = Pattern.compile("(?m)^test accuracy ([01]\\.\\d{4})$").matcher(spoken.out());
        assertThat(matcher.find()).as(spoken.err()).isTrue();
        return matcher.group(1);
    }
}
