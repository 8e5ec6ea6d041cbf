package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// 0 for x in [-lambda, lambda], else x; the shape stays. PyTorch's lambda is 0.5.
public record Hardshrink(double lambda) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Activations.hardshrink(x, lambda);
    }
}
