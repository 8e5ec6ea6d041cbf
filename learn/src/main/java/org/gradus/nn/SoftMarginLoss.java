package org.gradus.nn;

import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// log(1 + e^(-y·x)) for labels y of -1 or 1, element by element, without overflow.
public record SoftMarginLoss() implements PointwiseLoss {
    /// @param labels -1 or 1, of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        return Activations.logSigmoid(labels.times(output)).negated();
    }
}
