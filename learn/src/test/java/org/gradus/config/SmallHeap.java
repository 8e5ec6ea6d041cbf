package org.gradus.config;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gradus.run.Session;

/// Trains on a table whose numbers fit into no memory that it has, and prints what is left of them.
final class SmallHeap {
    static final int ROWS = 50_000;
    static final int COLUMNS = 400;

    private SmallHeap() {}

    public static void main(String[] arguments) throws IOException {
        Path table = write(Path.of(arguments[0]));
        Experiment experiment =
                Configuration.parse("t.toml", """
                [data]
                path = '%s'
                stream = true
                threads = 2
                [model]
                hidden = [8]
                [training]
                epochs = 1
                batch = 256
                threads = 1
                """.formatted(table)).experiment();
        Session session = experiment.session();
        experiment.trainer(session).fit(experiment.training(), experiment.validation());
        System.out.println("steps " + session.steps());
        System.out.println("heap " + Runtime.getRuntime().maxMemory());
        System.out.println("numbers " + 4L * ROWS * COLUMNS);
    }

    /// Digits and a class in each row.
    private static Path write(Path folder) throws IOException {
        Path table = folder.resolve("table.csv");
        try (OutputStream out = Files.newOutputStream(table)) {
            StringBuilder names = new StringBuilder();
            for (int i = 0; i < COLUMNS; i++) {
                names.append('x').append(i).append(',');
            }
            out.write(names.append("label\n").toString().getBytes(StandardCharsets.US_ASCII));
            byte[] row = ",".repeat(2 * COLUMNS + 2).getBytes(StandardCharsets.US_ASCII);
            row[row.length - 1] = '\n';
            for (int k = 0; k < ROWS; k++) {
                for (int i = 0; i < COLUMNS; i++) {
                    row[2 * i] = (byte) ('0' + (k * 31 + i * i) % 10);
                }
                row[2 * COLUMNS] = (byte) ('0' + k % 3);
                out.write(row);
            }
        }
        return table;
    }
}
