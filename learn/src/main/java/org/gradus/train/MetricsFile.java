package org.gradus.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gradus.base.GradusException;
import org.gradus.formats.WholeFile;

/// A CSV file with a line for each epoch: `epoch`, the metrics (`loss`, `accuracy`, `val_loss` …), `seconds` that the
/// epoch took, the `learning_rate` and the `step` at its end. A line is written at once when its epoch is done, so that
/// the file is whole whenever it is read.
///
/// @param file must not exist when a new run starts: nothing is overwritten. A run that goes on with an earlier one
///     adds to its file, without what that one wrote after the checkpoint
public record MetricsFile(Path file) implements Listener {
    /// @throws UncheckedIOException when the file exists already, or cannot be written
    /// @throws GradusException when the file of an earlier run has other columns
    @Override
    public void on(Event event) {
        switch (event) {
            case Event.RunStarted started -> {
                List<String> header = new ArrayList<>(List.of("epoch"));
                header.addAll(started.metrics());
                header.addAll(List.of("seconds", "learning_rate", "step"));
                if (started.resumed() && Files.exists(file)) {
                    cut(header, started.start().epoch());
                } else {
                    write(header, StandardOpenOption.CREATE_NEW);
                }
            }
            case Event.EpochDone done -> {
                List<String> line = new ArrayList<>(List.of(String.valueOf(done.epoch())));
                done.metrics().values().forEach(value -> line.add(number(value)));
                line.add(String.format(Locale.ROOT, "%.3f", done.seconds()));
                line.add(number(done.learningRate()));
                line.add(String.valueOf(done.step()));
                write(line, StandardOpenOption.APPEND);
            }
            case Event.EpochStarted _, Event.StepDone _, Event.Inspected _, Event.RunDone _ -> {}
        }
    }

    /// Leaves the header and these epochs.
    private void cut(List<String> header, int epochs) {
        try {
            List<String> lines = Files.readAllLines(file);
            String columns = String.join(",", header);
            if (lines.isEmpty() || !lines.get(0).equals(columns)) {
                throw new GradusException(
                        "metrics-columns",
                        "`" + file + "` has the columns " + (lines.isEmpty() ? "" : lines.get(0))
                                + ", but this run has " + columns + ". Do what the run before did, or move the file"
                                + " away.");
            }
            List<String> kept = lines.subList(0, Math.min(lines.size(), 1 + epochs));
            WholeFile.write(file, out -> out.write((String.join("\n", kept) + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(List<String> line, StandardOpenOption how) {
        try {
            byte[] bytes = (String.join(",", line) + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(file, bytes, StandardOpenOption.WRITE, how);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The shortest text that reads back as the same `float`.
    private static String number(double value) {
        return Float.toString((float) value);
    }
}
