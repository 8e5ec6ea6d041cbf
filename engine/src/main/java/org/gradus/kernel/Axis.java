package org.gradus.kernel;

/// How a window moves along one spatial axis.
///
/// @param size the input's size
/// @param kernel the window's taps
/// @param stride the step from a window to the next
/// @param before the padding in front
/// @param after the padding behind
/// @param dilation the distance between taps
public record Axis(int size, int kernel, int stride, int before, int after, int dilation) {
    /// The axis of what has fewer axes than three.
    public static final Axis NONE = of(1, 1);

    /// A window that moves by one, without padding or dilation.
    public static Axis of(int size, int kernel) {
        return new Axis(size, kernel, 1, 0, 0, 1);
    }

    /// The same window with another step.
    public Axis strided(int step) {
        return new Axis(size, kernel, step, before, after, dilation);
    }

    /// The same window with padding.
    public Axis padded(int low, int high) {
        return new Axis(size, kernel, stride, low, high, dilation);
    }

    /// The same window with another distance between its taps.
    public Axis dilated(int distance) {
        return new Axis(size, kernel, stride, before, after, distance);
    }

    /// The number of windows.
    public int windows() {
        return (size + before + after - dilation * (kernel - 1) - 1) / stride + 1;
    }

    /// The first tap of a window that is not in the padding.
    int tapBegin(int window) {
        return Math.max(0, (before - window * stride + dilation - 1) / dilation);
    }

    /// The tap behind the last one that is not in the padding.
    int tapEnd(int window) {
        return Math.min(kernel, Math.floorDiv(size - 1 + before - window * stride, dilation) + 1);
    }

    /// Where a tap of a window lies.
    int place(int window, int tap) {
        return window * stride - before + tap * dilation;
    }
}
