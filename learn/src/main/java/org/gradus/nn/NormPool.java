package org.gradus.nn;

import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Pooling;

/// The p-norm of each window of the spatial axes (PyTorch's `LPPool`), `(Σ xᵖ)^(1/p)`: `[batch, channels, spatial…]` to
/// `[batch, channels, windows…]`. No parameters.
///
/// @param ceil whether the last window may reach over the end
public record NormPool(double p, Geometry geometry, boolean ceil) implements Layer {
    /// Over `[batch, channels, length]`; windows lie side by side.
    public static NormPool normPool1d(double p, int kernel) {
        return new NormPool(p, Axes.tiles(1, kernel), false);
    }

    /// Over `[batch, channels, height, width]`; windows lie side by side.
    ///
    /// @param kernel one size, or height and width
    public static NormPool normPool2d(double p, int... kernel) {
        return new NormPool(p, Axes.tiles(2, kernel), false);
    }

    /// With other steps between windows than their size; one number, or one for each axis.
    public NormPool stride(int... steps) {
        return new NormPool(p, Axes.strided(geometry, steps), ceil);
    }

    /// @throws org.gradus.base.GradusException when the input has other axes, or is smaller than the window
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        int axes = geometry.axes();
        new Use("NormPool" + axes + "d", scope, x).rank(axes + 2, axes + 2, Axes.described(axes));
        return Pooling.normPool(x, geometry, p, ceil);
    }
}
