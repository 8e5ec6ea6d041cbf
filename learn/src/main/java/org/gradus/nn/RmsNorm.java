package org.gradus.nn;

import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Reductions;
import org.jspecify.annotations.Nullable;

/// Root-mean-square normalisation: `x / √(mean(x²) + eps) · weight` over the last axes; the shape stays. The parameter
/// `weight` has the shape of those axes and starts as 1. B. Zhang, R. Sennrich, *Root Mean Square Layer Normalization*,
/// 2019.
///
/// @param axes over how many of the last axes
/// @param eps what keeps the quotient finite; `null` for the distance from 1 to the next number of the input's type, as in
///     PyTorch
/// @param affine whether there is a weight
public record RmsNorm(int axes, @Nullable Double eps, boolean affine) implements Layer {
    /// @throws org.gradus.base.GradusException when there would be no axis
    public RmsNorm {
        Use.demand(axes >= 1, "An RmsNorm layer", "at least 1 axis", axes);
    }

    /// Over the last axis with PyTorch's defaults.
    public static RmsNorm of() {
        return new RmsNorm(1, null, true);
    }

    /// @throws org.gradus.base.GradusException when the input has fewer axes, or their sizes are others than at first
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Use use = new Use("RmsNorm", scope, x);
        int rank = x.shape().rank();
        use.rank(axes, Integer.MAX_VALUE, "[…, " + axes + " to normalise over]");
        int[] over = IntStream.range(rank - axes, rank).toArray();
        double small = eps != null ? eps : x.type().type() == Type.FLOAT32 ? Math.ulp(1f) : Math.ulp(1.0);
        Tensor mean = Reductions.keep(x.squared().mean(over), x, over);
        Tensor y = x.times(Elementwise.rsqrt(mean.plus(small)));
        Shape row = x.shape().part(rank - axes, rank);
        return affine
                ? y.times(use.parameter("rows " + row, "weight", Role.NORM, Initial.constant(1), row.sizes()))
                : y;
    }
}
