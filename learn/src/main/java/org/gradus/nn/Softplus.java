package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// log(1 + e^(beta x)) / beta, and x itself where beta · x exceeds the threshold; the shape stays. PyTorch's are 1 and 20.
public record Softplus(double beta, double threshold) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Activations.softplus(x, beta, threshold);
    }
}
