package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// x moved towards 0 by lambda, at most to 0; the shape stays. PyTorch's lambda is 0.5.
public record Softshrink(double lambda) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Activations.softshrink(x, lambda);
    }
}
