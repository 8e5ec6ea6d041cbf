package org.gradus.data;

/// A finite collection of labelled examples, from which batches are drawn by position. Implementations may read,
/// generate or distort examples, but the same positions must give the same batch, on any thread: [Prefetch] asks from one
/// of its own.
public interface Dataset {
    /// The number of examples.
    int size();

    /// The examples at these positions, in this order.
    ///
    /// @throws org.gradus.base.GradusException when a position is not in 0 … [#size] - 1
    Batch batch(int... positions);
}
