package org.gradus.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.gradus.formats.WholeFile;

/// A CSV file of what goes on inside of the model that is trained, `epoch,what,path,value`: at the start, epoch 0, and after each
/// epoch the `mean` and the `deviation` of what each layer gives, and the mean absolute value of the `gradient` of each
/// parameter. It has lines where the recipe is [inspected][Recipe#inspected].
///
/// @param file must not exist when a new run starts. A run that goes on with an earlier one adds to its file, without what that
///     one wrote after the checkpoint
public record LayersFile(Path file) implements Listener {
    private static final String HEADER = "epoch,what,path,value\n";

    /// @throws UncheckedIOException when the file exists already, or cannot be written
    @Override
    public void on(Event event) {
        try {
            switch (event) {
                case Event.RunStarted started
                when started.recipe().more().inspected() -> {
                    if (started.resumed() && Files.exists(file)) {
                        cut(started.start().epoch());
                    } else {
                        write(HEADER, StandardOpenOption.CREATE_NEW);
                    }
                }
                case Event.Inspected seen -> write(lines(seen), StandardOpenOption.APPEND);
                default -> {}
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lines(Event.Inspected seen) {
        StringBuilder lines = new StringBuilder();
        seen.layers().outputs().forEach((path, moments) -> {
            line(lines, seen.epoch(), "mean", path, moments.mean());
            line(lines, seen.epoch(), "deviation", path, moments.deviation());
        });
        seen.layers().meanGradients().forEach((path, mean) -> line(lines, seen.epoch(), "gradient", path, mean));
        return lines.toString();
    }

    private static void line(StringBuilder lines, int epoch, String what, String path, double value) {
        lines.append(epoch + "," + what + "," + path + "," + (float) value + "\n");
    }

    /// Leaves the header and the lines up to an epoch.
    private void cut(int epochs) throws IOException {
        List<String> lines = Files.readAllLines(file);
        StringBuilder kept = new StringBuilder(HEADER);
        lines.stream()
                .skip(1)
                .filter(line -> line.matches("\\d+,.*") && Integer.parseInt(line.split(",", 2)[0]) <= epochs)
                .forEach(line -> kept.append(line).append('\n'));
        WholeFile.write(file, out -> out.write(kept.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private void write(String text, StandardOpenOption how) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE, how);
    }
}
