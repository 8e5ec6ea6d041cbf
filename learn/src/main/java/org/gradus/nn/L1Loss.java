package org.gradus.nn;

import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;

/// The absolute error |output - label|, element by element; its derivative at 0 is 0.
public record L1Loss() implements PointwiseLoss {
    /// @param labels of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        return Elementwise.abs(output.minus(labels));
    }
}
