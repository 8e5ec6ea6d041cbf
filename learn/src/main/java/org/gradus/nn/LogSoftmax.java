package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// Logarithms of probabilities along an axis, in the shape of the input, as [NllLoss] takes them. No parameters.
public record LogSoftmax(int axis) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return org.gradus.ops.LogSoftmax.logSoftmax(x, axis);
    }
}
