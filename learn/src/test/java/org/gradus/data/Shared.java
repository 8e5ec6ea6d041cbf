package org.gradus.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Public data sets that lie beside the project.
final class Shared {
    private Shared() {}

    /// The folder of a data set; the test is skipped where there is none.
    static Path data(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve("../shared/data").resolve(name).normalize();
            if (Files.exists(at.resolve("gradus")) && Files.exists(folder)) {
                return folder;
            }
        }
        assumeTrue(false, "Skipped: there is no ../shared/data/" + name + " to read.");
        throw new AssertionError();
    }
}
