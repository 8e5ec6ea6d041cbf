package org.gradus.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Standardization;

/// Layer normalisation: each example (each row of the last axes) to mean 0 and variance 1, times `weight`, plus `bias`,
/// which have the shape of those axes and start as 1 and 0; the shape stays. J. Ba et al., *Layer Normalization*, 2016.
///
/// @param axes over how many of the last axes; PyTorch names their sizes instead
/// @param eps what keeps the quotient finite
/// @param affine whether there are a weight and a bias
public record LayerNorm(int axes, double eps, boolean affine) implements Layer {
    /// @throws org.gradus.base.GradusException when there would be no axis
    public LayerNorm {
        Use.demand(axes >= 1, "A LayerNorm layer", "at least 1 axis", axes);
    }

    /// Over the last axis with PyTorch's defaults: eps 1e-5, weight and bias.
    public static LayerNorm of() {
        return new LayerNorm(1, 1e-5, true);
    }

    /// @throws org.gradus.base.GradusException when the input has fewer axes, or their sizes are others than at first
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Use use = new Use("LayerNorm", scope, x);
        int rank = x.shape().rank();
        use.rank(axes, Integer.MAX_VALUE, "[…, " + axes + " to normalise over]");
        return Standardization.standardize(
                        x,
                        affine ? scaling(use) : List.of(),
                        eps,
                        IntStream.range(rank - axes, rank).toArray())
                .values();
    }

    private List<Tensor> scaling(Use use) {
        Shape shape = use.x().shape();
        Shape row = shape.part(shape.rank() - axes, shape.rank());
        return List.of(
                use.parameter("rows " + row, "weight", Role.NORM, Initial.constant(1), row.sizes()),
                use.parameter("rows " + row, "bias", Role.NORM, Initial.constant(0), row.sizes()));
    }
}
