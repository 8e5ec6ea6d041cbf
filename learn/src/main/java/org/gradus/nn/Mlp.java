package org.gradus.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// A multi-layer perceptron: linear layers of these widths with an activation between each two, on `[batch, …]`
/// flattened to `[batch, features]`. The last width is that of the output, which has no activation: `[batch, out]`.
///
/// Paths are those of [#layers]: `0`, `2`, `4` … for the linear layers.
///
/// @param widths the outputs of each linear layer, at least one
/// @param activation what stands between them
public record Mlp(List<Integer> widths, Layer activation) implements Layer {
    /// @throws GradusException when there is no width
    public Mlp {
        widths = List.copyOf(widths);
        if (widths.isEmpty()) {
            throw new GradusException("layer-size", "An Mlp needs the width of its output, but was given no width.");
        }
    }

    /// With [Activation#RELU]: `Mlp.of(64, 64, 10)` has two hidden layers of 64 units and 10 outputs.
    public static Mlp of(int... widths) {
        return new Mlp(IntStream.of(widths).boxed().toList(), Activation.RELU);
    }

    /// The linear layers and activations, for `[batch, features]`.
    public Sequential layers() {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < widths.size(); i++) {
            if (i > 0) {
                layers.add(activation);
            }
            layers.add(Linear.of(widths.get(i)));
        }
        return new Sequential(layers);
    }

    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return layers().forward(scope, new Flatten().forward(scope, x));
    }
}
