package org.gradus.nn;

import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Pooling;
import org.gradus.ops.Selection;

/// The maximum of each window of the spatial axes: `[batch, channels, spatial…]` to `[batch, channels, windows…]`.
/// Padding never wins, NaN always does; of equal elements the first gets the gradient. No parameters.
///
/// @param geometry how the window moves
/// @param ceil whether the last window may reach over the end, as in Caffe (PyTorch's `ceil_mode`)
public record MaxPool(Geometry geometry, boolean ceil) implements Layer {
    /// Over `[batch, channels, length]`; windows lie side by side.
    public static MaxPool maxPool1d(int kernel) {
        return new MaxPool(Axes.tiles(1, kernel), false);
    }

    /// Over `[batch, channels, height, width]`; windows lie side by side.
    ///
    /// @param kernel one size, or height and width
    public static MaxPool maxPool2d(int... kernel) {
        return new MaxPool(Axes.tiles(2, kernel), false);
    }

    /// Over `[batch, channels, depth, height, width]`; windows lie side by side.
    ///
    /// @param kernel one size, or depth, height and width
    public static MaxPool maxPool3d(int... kernel) {
        return new MaxPool(Axes.tiles(3, kernel), false);
    }

    /// With other steps between windows than their size; one number, or one for each axis.
    public MaxPool stride(int... steps) {
        return new MaxPool(Axes.strided(geometry, steps), ceil);
    }

    /// With padding at both ends, at most half of the window; one number, or one for each axis.
    public MaxPool padding(int... both) {
        return new MaxPool(Axes.padded(geometry, both), ceil);
    }

    /// With other distances between the window's taps; one number, or one for each axis.
    public MaxPool dilation(int... distances) {
        return new MaxPool(Axes.dilated(geometry, distances), ceil);
    }

    /// With a last window that may reach over the end.
    public MaxPool ceilMode() {
        return new MaxPool(geometry, true);
    }

    /// @throws org.gradus.base.GradusException when the input has other axes, or is smaller than the window
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return select(scope, x).values();
    }

    /// The maxima and where they are: row-major positions in the input's spatial axes.
    public Selection select(Scope scope, Tensor x) {
        int axes = geometry.axes();
        new Use("MaxPool" + axes + "d", scope, x).rank(axes + 2, axes + 2, Axes.described(axes));
        return Pooling.maxPool(x, geometry, ceil);
    }
}
