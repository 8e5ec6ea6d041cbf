package org.gradus.nn;

import org.gradus.graph.Tensor;

/// How wrong a model's output is: one number to make small.
@FunctionalInterface
public interface Loss {
    /// The mean loss over a batch, a scalar.
    ///
    /// @param output the model's, `[batch, …]`
    /// @param labels what it should be
    Tensor of(Tensor output, Tensor labels);
}
