package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// x where it is positive, else alpha (e^x - 1); the shape stays. PyTorch's alpha is 1. Clevert et al. 2016.
public record Elu(double alpha) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Activations.elu(x, alpha);
    }
}
