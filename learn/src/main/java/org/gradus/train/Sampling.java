package org.gradus.train;

import org.gradus.data.Order;
import org.gradus.optim.Progress;

/// Which examples a pass over the training data takes, and in which order.
@FunctionalInterface
public interface Sampling {
    /// Every example once, shuffled.
    Sampling SHUFFLED = (size, seed, pass, progress) -> Order.shuffled(size, seed, pass);

    /// The positions of the examples of one pass: as many as there are, some of them perhaps several times and others not at
    /// all. It depends on these numbers alone, so that a run can go on from a checkpoint.
    ///
    /// @param size how many examples there are
    /// @param seed of the session
    /// @param pass another number for each pass
    /// @param progress where training stands when the pass begins
    int[] order(int size, long seed, long pass, Progress progress);
}
