package org.gradus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The folder of one run, `runs/name`, or `runs/name-2`, `runs/name-3` … where earlier runs lie. Runs never share one,
/// also when they start at the same time.
final class RunFolder {
    private RunFolder() {}

    /// Whether a run may be called so.
    static boolean isName(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*");
    }

    /// Makes a new folder.
    ///
    /// @throws UncheckedIOException when it cannot be made
    static Path create(Path runs, String name) {
        try {
            Files.createDirectories(runs);
            for (int number = 1; ; number++) {
                Path folder = runs.resolve(number == 1 ? name : name + "-" + number);
                try {
                    return Files.createDirectory(folder);
                } catch (FileAlreadyExistsException e) {
                    // An earlier run's.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
