package org.gradus.nn;

import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Pooling;

/// The mean of each window of the spatial axes: `[batch, channels, spatial…]` to `[batch, channels, windows…]`. No
/// parameters.
///
/// @param geometry how the window moves
/// @param ceil whether the last window may reach over the end, where nothing counts, as in Caffe (PyTorch's `ceil_mode`)
/// @param countPadding whether padding counts as zeros (PyTorch's `count_include_pad`, and its default)
/// @param divisor what sums are divided by instead of the count; 0 for the count
public record AvgPool(Geometry geometry, boolean ceil, boolean countPadding, double divisor) implements Layer {
    /// Over `[batch, channels, length]`; windows lie side by side.
    public static AvgPool avgPool1d(int kernel) {
        return of(Axes.tiles(1, kernel));
    }

    /// Over `[batch, channels, height, width]`; windows lie side by side.
    ///
    /// @param kernel one size, or height and width
    public static AvgPool avgPool2d(int... kernel) {
        return of(Axes.tiles(2, kernel));
    }

    /// Over `[batch, channels, depth, height, width]`; windows lie side by side.
    ///
    /// @param kernel one size, or depth, height and width
    public static AvgPool avgPool3d(int... kernel) {
        return of(Axes.tiles(3, kernel));
    }

    private static AvgPool of(Geometry geometry) {
        return new AvgPool(geometry, false, true, 0);
    }

    /// With other steps between windows than their size; one number, or one for each axis.
    public AvgPool stride(int... steps) {
        return new AvgPool(Axes.strided(geometry, steps), ceil, countPadding, divisor);
    }

    /// With padding at both ends, at most half of the window; one number, or one for each axis.
    public AvgPool padding(int... both) {
        return new AvgPool(Axes.padded(geometry, both), ceil, countPadding, divisor);
    }

    /// With a last window that may reach over the end.
    public AvgPool ceilMode() {
        return new AvgPool(geometry, true, countPadding, divisor);
    }

    /// With means over what is not padding.
    public AvgPool withoutPadding() {
        return new AvgPool(geometry, ceil, false, divisor);
    }

    /// With sums divided by this number.
    public AvgPool divisor(double number) {
        return new AvgPool(geometry, ceil, countPadding, number);
    }

    /// @throws org.gradus.base.GradusException when the input has other axes, or is smaller than the window
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        int axes = geometry.axes();
        new Use("AvgPool" + axes + "d", scope, x).rank(axes + 2, axes + 2, Axes.described(axes));
        return divisor == 0
                ? Pooling.avgPool(x, geometry, countPadding, ceil)
                : Pooling.avgPool(x, geometry, ceil, divisor);
    }
}
