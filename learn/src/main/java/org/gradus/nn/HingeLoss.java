package org.gradus.nn;

import org.gradus.graph.Tensor;

/// The loss of a support vector machine, element by element: max(0, 1 - y·x) for labels y of -1 or 1, or its square.
///
/// @param squared whether it is squared
public record HingeLoss(boolean squared) implements PointwiseLoss {
    /// @param labels -1 or 1, of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        Tensor missing = Losses.hinge(labels.times(output).negated().plus(1));
        return squared ? missing.squared() : missing;
    }
}
