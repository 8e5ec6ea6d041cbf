package org.gradus.ops;

import java.util.List;
import org.gradus.graph.Scan;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;

/// Running results along an axis, in the shape of the input.
public final class Scans {
    private Scans() {}

    /// The sum of the elements up to each one, itself included.
    public static Tensor cumsum(Tensor x, int axis) {
        return cumsum(x, axis, false, false);
    }

    /// The sum of the elements up to each one.
    ///
    /// @param exclusive whether the element itself is left out
    /// @param reversed whether to walk from the end
    public static Tensor cumsum(Tensor x, int axis, boolean exclusive, boolean reversed) {
        Tensor summands = exclusive ? shifted(x, axis, reversed, 0) : x;
        return recurrence(Constants.onesLike(x), summands, axis, reversed);
    }

    /// The product of the elements up to each one, itself included. Zeros are no trouble for the gradient.
    public static Tensor cumprod(Tensor x, int axis) {
        return cumprod(x, axis, false, false);
    }

    /// The product of the elements up to each one.
    ///
    /// @param exclusive whether the element itself is left out
    /// @param reversed whether to walk from the end
    public static Tensor cumprod(Tensor x, int axis, boolean exclusive, boolean reversed) {
        int size = x.shape().size(axis);
        if (size == 0) {
            return x;
        }
        Tensor factors = exclusive ? shifted(x, axis, reversed, 1) : x;
        int first = reversed ? size - 1 : 0;
        Tensor start = Views.narrow(factors, axis, first, 1);
        return recurrence(factors, Views.pad(start, axis, first, size - 1 - first, 0), axis, reversed);
    }

    /// log(sum(e^x)) of the elements up to each one, without overflow.
    public static Tensor cumLogSumExp(Tensor x, int axis, boolean reversed) {
        return x.tracer().applyOne(new Scan.CumLogSumExp(x.shape().axis(axis), reversed), x);
    }

    /// log(sum(e^x)) of the elements up to each one, without overflow.
    public static Tensor cumLogSumExp(Tensor x, int axis) {
        return cumLogSumExp(x, axis, false);
    }

    /// `h[k] = factors[k] h[k-1] + summands[k]`, with `h[-1] = 0`: an exponential moving average, a decaying sum.
    ///
    /// @param reversed whether to walk from the end
    public static Tensor recurrence(Tensor factors, Tensor summands, int axis, boolean reversed) {
        return Tracer.of(List.of(factors, summands))
                .applyOne(new Scan.Recurrence(summands.shape().axis(axis), reversed), factors, summands);
    }

    /// Each element in the place of the next one, and `value` in front.
    private static Tensor shifted(Tensor x, int axis, boolean reversed, double value) {
        int size = x.shape().size(axis);
        return size == 0
                ? x
                : reversed
                        ? Views.pad(Views.narrow(x, axis, 1, size - 1), axis, 0, 1, value)
                        : Views.pad(Views.narrow(x, axis, 0, size - 1), axis, 1, 0, value);
    }
}
