package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// x where it is positive, else slope · x; the shape stays. PyTorch's slope is 0.01, that of Keras 0.3.
public record LeakyRelu(double slope) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Activations.leakyRelu(x, slope);
    }
}
