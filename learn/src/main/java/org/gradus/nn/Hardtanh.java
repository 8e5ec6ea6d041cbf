package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// min(max(x, min), max); the shape stays. PyTorch's are -1 and 1.
public record Hardtanh(double min, double max) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Activations.hardtanh(x, min, max);
    }
}
