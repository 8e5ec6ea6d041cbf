package org.gradus.graph;

import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.TensorType;

/// How a state starts: its numbers from its type and a random stream of its own (made from the session's seed and
/// the state's path).
@FunctionalInterface
public interface Initial {
    /// The first value, a new array of that type.
    Array values(TensorType type, Philox random);

    /// All elements the same.
    static Initial constant(double value) {
        return (type, random) -> Array.full(type, value);
    }
}
