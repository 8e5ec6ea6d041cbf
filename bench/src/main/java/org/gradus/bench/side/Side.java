package org.gradus.bench.side;

import java.nio.file.Path;

/// One library that does the rows.
@FunctionalInterface
public interface Side {
    /// What it does for a row.
    ///
    /// @param threads how many it may use
    /// @param weights the file of initial weights: Gradus writes it when it is absent, peers read it
    /// @throws UnsupportedOperationException when the library cannot do the row
    Work work(Row row, int threads, Path weights);
}
