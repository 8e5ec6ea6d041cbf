package org.gradus.kernel;

import org.gradus.base.GradusException;
import org.gradus.base.Type;

/// The sizes of pooling over up to three spatial axes, and its kernels. Everything is channels-last: `[batch, depth,
/// height, width, channels]`. Fewer axes are [Axis#NONE] in front.
///
/// All take `arrays` and `offsets` as their methods say, and need no workspace. Sums run over the taps, or over the
/// windows, in row-major order.
///
/// @param positions the type of positions, `int32` or `int64`: row-major among the pixels of an image
public record Pooling(int batch, int channels, Axis depth, Axis height, Axis width, Type positions) {
    /// Pooling of images.
    public static Pooling of(int batch, int channels, Axis height, Axis width) {
        return new Pooling(batch, channels, Axis.NONE, height, width, Type.INT64);
    }

    /// The same with positions of that type.
    public Pooling positions(Type type) {
        return new Pooling(batch, channels, depth, height, width, type);
    }

    /// The largest number of each window and where it is. Padding never wins, NaN always does, of equals the first.
    /// Takes the input, the maxima and the positions.
    ///
    /// @throws GradusException when a window sees nothing but padding
    public Work max(Type type, int lanes, Object[] arrays, int... offsets) {
        for (Axis axis : new Axis[] {depth, height, width}) {
            for (int window = 0; window < axis.windows(); window++) {
                if (axis.tapEnd(window) <= axis.tapBegin(window)) {
                    throw new GradusException(
                            "pool-only-padding",
                            "max-pool: window " + window + " along " + axis
                                    + " sees nothing but padding, and nothing has no maximum. Pad by less than the"
                                    + " kernel.");
                }
            }
        }
        return work(PoolingCode.Task.MAX, type, lanes, arrays, offsets);
    }

    /// The sum of each window; padding counts as 0. Takes the input and the sums.
    public Work sum(Type type, int lanes, Object[] arrays, int... offsets) {
        return work(PoolingCode.Task.SUM, type, lanes, arrays, offsets);
    }

    /// The transpose of [#sum]: each window's number is added to all that it sees. Takes what is written, of the
    /// input's size, and a number for each window.
    public Work spread(Type type, int lanes, Object[] arrays, int... offsets) {
        return work(PoolingCode.Task.SPREAD, type, lanes, arrays, offsets);
    }

    /// The gradient of [#max]: each window's number is added at its position. Takes what is written, of the input's
    /// size, a number for each window and the positions.
    public Work scatter(Type type, Object[] arrays, int... offsets) {
        return work(PoolingCode.Task.SCATTER, type, 1, arrays, offsets);
    }

    private Work work(PoolingCode.Task task, Type type, int lanes, Object[] arrays, int... offsets) {
        return new PoolingWork(this, task, PoolingCode.of(this, task, type, lanes), arrays, offsets);
    }

    int pixels() {
        return depth.size() * height.size() * width.size();
    }

    int windows() {
        return depth.windows() * height.windows() * width.windows();
    }
}
