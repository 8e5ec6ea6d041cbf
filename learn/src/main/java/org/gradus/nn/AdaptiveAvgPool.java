package org.gradus.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Pooling;

/// The mean over parts of the spatial axes, as many as asked for: `[batch, channels, spatial…]` to `[batch, channels,
/// sizes…]`; see [Pooling#adaptiveAvgPool]. No parameters.
///
/// @param sizes one for each spatial axis
public record AdaptiveAvgPool(List<Integer> sizes) implements Layer {
    /// @throws org.gradus.base.GradusException when there is no size, or one below 1
    public AdaptiveAvgPool {
        sizes = List.copyOf(sizes);
        Use.demand(
                !sizes.isEmpty() && sizes.stream().allMatch(size -> size >= 1),
                "An AdaptiveAvgPool layer",
                "sizes",
                sizes);
    }

    /// With a size for each spatial axis: `AdaptiveAvgPool.of(7, 7)` for images.
    public static AdaptiveAvgPool of(int... sizes) {
        return new AdaptiveAvgPool(IntStream.of(sizes).boxed().toList());
    }

    /// @throws org.gradus.base.GradusException when the input has other axes
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        int axes = sizes.size();
        new Use("AdaptiveAvgPool" + axes + "d", scope, x).rank(axes + 2, axes + 2, Axes.described(axes));
        return Pooling.adaptiveAvgPool(x, sizes.stream().mapToInt(size -> size).toArray());
    }
}
