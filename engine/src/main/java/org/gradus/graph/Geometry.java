package org.gradus.graph;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// How a window moves over the spatial axes: per axis the kernel's size, the step between windows, the padding at both
/// ends and the distance between the kernel's taps. All lists have one entry per spatial axis.
public record Geometry(
        List<Integer> kernel, List<Integer> stride, List<Integer> before, List<Integer> after, List<Integer> dilation) {
    /// A window of that size that moves by one, without padding or dilation.
    public static Geometry of(List<Integer> kernel) {
        List<Integer> ones = Collections.nCopies(kernel.size(), 1);
        List<Integer> zeros = Collections.nCopies(kernel.size(), 0);
        return new Geometry(kernel, ones, zeros, zeros, ones);
    }

    /// The same window with other steps.
    public Geometry strided(List<Integer> steps) {
        return new Geometry(kernel, steps, before, after, dilation);
    }

    /// The same window with other padding at both ends.
    public Geometry padded(List<Integer> low, List<Integer> high) {
        return new Geometry(kernel, stride, low, high, dilation);
    }

    /// The same window with other distances between its taps.
    public Geometry dilated(List<Integer> distances) {
        return new Geometry(kernel, stride, before, after, distances);
    }

    /// The number of spatial axes.
    public int axes() {
        return kernel.size();
    }

    /// The number of taps.
    public int taps() {
        return kernel.stream().reduce(1, (a, b) -> a * b);
    }

    /// The input size that the padded axis and the dilated kernel leave: `size + padding - dilation (kernel - 1) - 1`.
    private int room(int axis, int size) {
        return size + before.get(axis) + after.get(axis) - dilation.get(axis) * (kernel.get(axis) - 1) - 1;
    }

    /// The first of so many windows whose taps all lie in the padding of an axis of that size, or -1.
    int blind(int axis, int size, int windows) {
        return IntStream.range(0, windows)
                .filter(window -> IntStream.range(0, kernel.get(axis))
                        .map(tap -> window * stride.get(axis) - before.get(axis) + tap * dilation.get(axis))
                        .noneMatch(place -> place >= 0 && place < size))
                .findFirst()
                .orElse(-1);
    }

    /// The number of windows along each spatial axis.
    ///
    /// @param op who asks, for the error
    /// @param spatial the input's spatial sizes
    public Shape windows(String op, Shape spatial) {
        boolean whole = stride.size() == axes()
                && before.size() == axes()
                && after.size() == axes()
                && dilation.size() == axes()
                && spatial.rank() == axes()
                && IntStream.range(0, axes())
                        .allMatch(i -> kernel.get(i) > 0
                                && stride.get(i) > 0
                                && dilation.get(i) > 0
                                && before.get(i) >= 0
                                && after.get(i) >= 0);
        if (!whole) {
            throw new GradusException(
                    "window-geometry",
                    op + ": kernel " + kernel + ", stride " + stride + " and dilation " + dilation
                            + " must be positive and padding " + before + " and " + after
                            + " not negative, one number for each spatial axis of " + spatial + ".");
        }
        return Shape.of(IntStream.range(0, axes())
                .map(i -> {
                    if (room(i, spatial.size(i)) < 0) {
                        throw new GradusException(
                                "window-too-large",
                                op + ": a kernel of " + kernel + " (dilation " + dilation
                                        + ") does not fit into the input's spatial size " + spatial + " padded by "
                                        + before + " and " + after + ". Pad more, or use a smaller kernel.");
                    }
                    return room(i, spatial.size(i)) / stride.get(i) + 1;
                })
                .toArray());
    }
}
