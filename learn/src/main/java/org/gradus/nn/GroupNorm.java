package org.gradus.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Standardization;

/// Group normalisation: the channels of each example in groups, each to mean 0 and variance 1 over its channels and
/// spatial axes, times `weight`, plus `bias`, `[channels]`; the shape, `[batch, channels, spatial…]`, stays. Y. Wu, K. He,
/// *Group Normalization*, 2018.
///
/// @param groups 1 is layer normalisation over all but the batch
/// @param eps what keeps the quotient finite
/// @param affine whether there are a weight and a bias
public record GroupNorm(int groups, double eps, boolean affine) implements Layer {
    /// @throws org.gradus.base.GradusException when there would be no group
    public GroupNorm {
        Use.demand(groups >= 1, "A GroupNorm layer", "at least 1 group", groups);
    }

    /// With PyTorch's defaults: eps 1e-5, weight and bias.
    public static GroupNorm of(int groups) {
        return new GroupNorm(groups, 1e-5, true);
    }

    /// @throws org.gradus.base.GradusException when the groups do not share the channels evenly
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Use use = new Use("GroupNorm", scope, x);
        Shape shape = x.shape();
        use.rank(2, Integer.MAX_VALUE, "[batch, channels, spatial…]");
        if (shape.size(1) % groups != 0) {
            throw use.refused("needs channels that " + groups + " groups share evenly", "Channels are axis 1.");
        }
        Tensor split = x.reshape(
                Shape.of(shape.size(0), groups, shape.size(1) / groups).joined(shape.part(2, shape.rank())));
        int[] axes = IntStream.range(2, shape.rank() + 1).toArray();
        Tensor y = Standardization.standardize(split, eps, axes).values().reshape(shape);
        return Channels.scaled(y, affine ? Channels.scaling(use) : List.of());
    }
}
