package org.gradus.nn;

import java.util.List;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// Layers one after the other, under the paths `0`, `1`, `2` … as in PyTorch. Without layers it gives its input.
public record Sequential(List<Layer> layers) implements Layer {
    /// Freezes the list.
    public Sequential {
        layers = List.copyOf(layers);
    }

    /// These layers in this order.
    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Tensor y = x;
        for (int i = 0; i < layers.size(); i++) {
            y = scope.call(String.valueOf(i), layers.get(i), y);
        }
        return y;
    }
}
