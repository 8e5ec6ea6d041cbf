package org.gradus.nn;

import org.gradus.graph.Tensor;

/// The squared error (output - label)², element by element: the L2 loss, without a factor of 1/2.
public record MseLoss() implements PointwiseLoss {
    /// @param labels of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        return output.minus(labels).squared();
    }
}
