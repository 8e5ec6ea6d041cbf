package org.gradus.kernel;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.GradusException;
import org.gradus.base.Type;

/// The sizes of pooling over up to three spatial axes, and its kernels. Everything is channels-last: `[batch, depth,
/// height, width, channels]`. Fewer axes are [Axis#NONE] in front.
///
/// All take `arrays` and `offsets` as their methods say, and need no workspace. Sums run over the taps, or over the
/// windows, in row-major order.
///
/// Positions are row-major among the pixels of an image, integers as wide as the numbers ([Type#integer]).
public record Pooling(int batch, int channels, Axis depth, Axis height, Axis width) {
    /// Pooling of images.
    public static Pooling of(int batch, int channels, Axis height, Axis width) {
        return new Pooling(batch, channels, Axis.NONE, height, width);
    }

    /// The largest number of each window and where it is. Padding never wins, NaN always does, of equals the first.
    /// Takes the input, the maxima and, where they are wanted, the positions.
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
        PoolingCode.Task task = arrays.length > 2 ? PoolingCode.Task.PLACED_MAX : PoolingCode.Task.MAX;
        return work(task, type, lanes, arrays, offsets);
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

    /// The gradient of [#max]: each window's number is added to the tap at its position. Takes what is written, of the
    /// input's size, a number for each window and the positions.
    public Work scatter(Type type, int lanes, Object[] arrays, int... offsets) {
        return work(PoolingCode.Task.SCATTER, type, lanes, arrays, offsets);
    }

    private Work work(PoolingCode.Task task, Type type, int lanes, Object[] arrays, int... offsets) {
        PoolingCode.Kernel whole = PoolingCode.of(this, task, type, lanes, true);
        PoolingCode.Kernel cut = seesAll() ? whole : PoolingCode.of(this, task, type, lanes, false);
        return new PoolingWork(this, task, whole, cut, arrays, offsets);
    }

    /// Whether no window has a tap in the padding.
    private boolean seesAll() {
        return axes().allMatch(axis -> IntStream.range(0, axis.windows())
                .allMatch(window -> axis.tapEnd(window) - axis.tapBegin(window) == axis.kernel()));
    }

    /// Whether no two windows see the same pixel.
    boolean isApart() {
        return axes().allMatch(axis -> axis.stride() > (axis.kernel() - 1) * axis.dilation());
    }

    /// Whether each pixel is seen by one window.
    boolean isTiled() {
        return isApart() && seesAll() && axes().allMatch(axis -> axis.kernel() * axis.windows() == axis.size());
    }

    private Stream<Axis> axes() {
        return Stream.of(depth, height, width);
    }

    int pixels() {
        return depth.size() * height.size() * width.size();
    }

    int windows() {
        return depth.windows() * height.windows() * width.windows();
    }
}
