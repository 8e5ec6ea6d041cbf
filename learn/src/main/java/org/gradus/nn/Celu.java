package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// x where it is positive, else alpha (e^(x/alpha) - 1); the shape stays. PyTorch's alpha is 1. Barron 2017.
public record Celu(double alpha) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Activations.celu(x, alpha);
    }
}
