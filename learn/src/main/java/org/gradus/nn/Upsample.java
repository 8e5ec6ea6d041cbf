package org.gradus.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Resizing;

/// The spatial axes brought to other sizes: `[batch, channels, spatial…]` to `[batch, channels, sizes…]`. No parameters.
///
/// @param sizes of the result's spatial axes, or none for `factor` times those of the input
/// @param factor by how much
/// @param between what stands between the elements
public record Upsample(List<Integer> sizes, int factor, Between between) implements Layer {
    /// What stands between elements that move apart.
    public enum Between {
        /// The nearest of them (PyTorch's default).
        NEAREST,
        /// A straight line; the outer edges of elements keep their places.
        LINEAR,
        /// A straight line; the outer elements keep their places (PyTorch's `align_corners`).
        LINEAR_CORNERS
    }

    /// @throws org.gradus.base.GradusException when a size or the factor is below 1
    public Upsample {
        sizes = List.copyOf(sizes);
        Use.demand(factor >= 1, "An Upsample layer", "a factor of at least 1", factor);
        Use.demand(sizes.stream().allMatch(size -> size >= 1), "An Upsample layer", "sizes of at least 1", sizes);
    }

    /// All sizes times a whole number.
    public static Upsample by(int factor) {
        return new Upsample(List.of(), factor, Between.NEAREST);
    }

    /// To these sizes, one for each spatial axis.
    public static Upsample to(int... sizes) {
        return new Upsample(IntStream.of(sizes).boxed().toList(), 1, Between.NEAREST);
    }

    /// With something else between elements.
    public Upsample between(Between other) {
        return new Upsample(sizes, factor, other);
    }

    /// @throws org.gradus.base.GradusException when the input has not as many spatial axes as there are sizes
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        int axes = sizes.size();
        new Use("Upsample", scope, x)
                .rank(
                        axes > 0 ? axes + 2 : 3,
                        axes > 0 ? axes + 2 : Integer.MAX_VALUE,
                        Axes.described(Math.max(axes, 2)));
        Shape spatial = x.shape().part(2, x.shape().rank());
        int[] to = axes > 0
                ? sizes.stream().mapToInt(size -> size).toArray()
                : IntStream.of(spatial.sizes()).map(size -> size * factor).toArray();
        return between == Between.NEAREST
                ? Resizing.nearest(x, to)
                : Resizing.linear(x, between == Between.LINEAR_CORNERS, to);
    }
}
