package org.gradus.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gradus.base.GradusException;
import org.gradus.train.Checkpoints;

/// The folder of one run: its configuration, metrics and checkpoints.
public record RunFolder(Path path) {
    /// Whether a run may be called so.
    public static boolean isName(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*");
    }

    /// A new folder `runs/name`, or `runs/name-2`, `runs/name-3` … where earlier runs lie. Runs never share one, also when
    /// they start at the same time.
    ///
    /// @throws UncheckedIOException when it cannot be made
    public static RunFolder create(Path runs, String name) {
        try {
            Files.createDirectories(runs);
            for (int number = 1; ; number++) {
                Path folder = runs.resolve(number == 1 ? name : name + "-" + number);
                try {
                    return new RunFolder(Files.createDirectory(folder));
                } catch (FileAlreadyExistsException e) {
                    // An earlier run's.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The folder of a run that there is.
    ///
    /// @throws GradusException when it is none
    public static RunFolder open(Path path) {
        if (!Files.isDirectory(path.resolve("checkpoints"))) {
            throw new GradusException(
                    "run-missing",
                    "`" + path + "` is no folder of a run with a checkpoint"
                            + (Files.exists(path) ? "" : "; there is no such folder")
                            + ". Give one that `gradus train` has made, such as runs/digits.");
        }
        return new RunFolder(path);
    }

    /// The complete configuration.
    public Path configuration() {
        return path.resolve("config.toml");
    }

    /// A line for each epoch.
    public Path metrics() {
        return path.resolve("metrics.csv");
    }

    /// What goes on inside of the model, if the recipe is inspected.
    public Path layers() {
        return path.resolve("layers.csv");
    }

    /// The folder of checkpoints.
    public Checkpoints checkpoints() {
        return Checkpoints.in(path.resolve("checkpoints"));
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
