package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// Probabilities along an axis, in the shape of the input. No parameters. Losses of classes take logits, without it.
public record Softmax(int axis) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return org.gradus.ops.Softmax.softmax(x, axis);
    }
}
