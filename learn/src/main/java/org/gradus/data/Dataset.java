package org.gradus.data;

/// A finite collection of labelled examples, from which batches are drawn by position. Implementations may read,
/// generate or distort examples, but the same positions must give the same batch, on any thread: [Prefetch] asks from
/// threads of its own, several at a time.
public interface Dataset {
    /// The number of examples.
    int size();

    /// The examples at these positions, in this order.
    ///
    /// @throws org.gradus.base.GradusException when a position is not in 0 … [#size] - 1
    Batch batch(int... positions);

    /// The examples as one pass of training sees them, as many of the same shapes: other draws of a sampler, other
    /// distortions. What they are depends on this data set and these two numbers alone. Unless a data set says
    /// otherwise,
    /// every pass sees the same.
    ///
    /// @param seed of the run
    /// @param epoch a number that each pass has for itself
    default Dataset pass(long seed, long epoch) {
        return this;
    }
}
