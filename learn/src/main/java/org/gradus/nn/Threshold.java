package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// x where it exceeds the threshold, else `value`; the shape stays.
public record Threshold(double threshold, double value) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Activations.threshold(x, threshold, value);
    }
}
