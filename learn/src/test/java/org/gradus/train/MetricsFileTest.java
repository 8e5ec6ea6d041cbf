package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.nn.Mlp;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.optim.Sgd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
    private static final Event.RunStarted STARTED = new Event.RunStarted(
            Recipe.classifier(Mlp.of(2), Optimizer.of(0.1, Sgd.of()), 1, 2),
            3,
            3,
            List.of("loss", "accuracy"),
            Progress.START,
            false);

    @TempDir
    private Path folder;

    @Test
    void aLineIsThereWhenItsEpochIsDone() throws IOException {
        Path file = folder.resolve("metrics.csv");
        MetricsFile metrics = new MetricsFile(file);

        metrics.on(STARTED);
        assertThat(file).hasContent("epoch,loss,accuracy,seconds,learning_rate,step\n");

        metrics.on(new Event.EpochStarted(1));
        metrics.on(new Event.EpochDone(3, 1, metrics(0.25, 1 / 3.0), 0.1, 1.23456));
        assertThat(Files.readString(file))
                .isEqualTo("epoch,loss,accuracy,seconds,learning_rate,step\n1,0.25,0.33333334,1.235,0.1,3\n");

        metrics.on(new Event.EpochDone(6, 2, metrics(Double.NaN, 0), 0.1, 0));
        assertThat(file).content().endsWith("\n2,NaN,0.0,0.000,0.1,6\n");
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("metrics.csv"), "precious");

        assertThatThrownBy(() -> new MetricsFile(file).on(STARTED))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("precious");
    }

    @Test
    void aRunThatGoesOnCutsOffWhatCameAfterItsCheckpoint() throws IOException {
        Path file = folder.resolve("metrics.csv");
        String header = "epoch,loss,accuracy,seconds,learning_rate,step\n";
        Event.RunStarted again =
                new Event.RunStarted(STARTED.recipe(), 3, 3, STARTED.metrics(), new Progress(4, 1, 5, 1, 3), true);
        new MetricsFile(file).on(again);
        assertThat(file).as("nothing there yet").hasContent(header);

        Files.writeString(file, header + "1,2.0,0.0,0.000,0.1,3\n2,1.0,0.0,0.000,0.1,6\n3,0.5,0.0");
        MetricsFile metrics = new MetricsFile(file);
        metrics.on(again);
        metrics.on(new Event.EpochDone(6, 2, metrics(1, 0), 0.1, 0));

        assertThat(Files.readString(file)).isEqualTo(header + "1,2.0,0.0,0.000,0.1,3\n2,1.0,0.0,0.000,0.1,6\n");
    }

    private static Map<String, Double> metrics(double loss, double accuracy) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", loss);
        metrics.put("accuracy", accuracy);
        return metrics;
    }
}
