package org.gradus.ops;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.graph.Library;
import org.gradus.graph.Tensor;

/// Order along an axis. Equal elements keep their order; NaN counts as largest.
public final class Sorting {
    private Sorting() {}

    /// The elements along an axis in order, and where they were.
    public static Selection sort(Tensor x, int axis, boolean descending) {
        List<Tensor> both = x.tracer().apply(new Library.Sort(x.shape().axis(axis), descending), List.of(x));
        return new Selection(both.get(0), both.get(1));
    }

    /// The elements along an axis, smallest first, and where they were.
    public static Selection sort(Tensor x, int axis) {
        return sort(x, axis, false);
    }

    /// The positions that bring an axis in order, `int64`.
    public static Tensor argsort(Tensor x, int axis, boolean descending) {
        return sort(x, axis, descending).indices();
    }

    /// The positions that bring an axis in order, smallest first, `int64`.
    public static Tensor argsort(Tensor x, int axis) {
        return argsort(x, axis, false);
    }

    /// The `k` largest (or smallest) elements along an axis, in order, and where they were.
    ///
    /// @throws GradusException when the axis has fewer
    public static Selection topk(Tensor x, int k, int axis, boolean largest) {
        if (k < 0 || k > x.shape().size(axis)) {
            throw new GradusException(
                    "topk-count",
                    "topk: " + k + " elements were asked of axis " + axis + " of " + x.described() + ", which has "
                            + x.shape().size(axis) + ". Ask for at most as many.");
        }
        Selection sorted = sort(x, axis, largest);
        return new Selection(Views.narrow(sorted.values(), axis, 0, k), Views.narrow(sorted.indices(), axis, 0, k));
    }

    /// The `k` largest elements along an axis, largest first, and where they were.
    public static Selection topk(Tensor x, int k, int axis) {
        return topk(x, k, axis, true);
    }

    /// The number below which the fraction `q` of the elements along an axis lies, interpolated between neighbours; the
    /// axis goes away. NaN if there is a NaN.
    ///
    /// @throws GradusException when the axis is empty, or `q` is not from 0 to 1
    public static Tensor quantile(Tensor x, double q, int axis) {
        int size = x.shape().size(axis);
        if (!(q >= 0 && q <= 1) || size == 0) {
            throw new GradusException(
                    "quantile",
                    "quantile: takes a fraction from 0 to 1 and an axis with elements, but was given " + q
                            + " and axis " + axis + " of " + x.described() + ". Divide percent by 100.");
        }
        Tensor sorted = sort(x, axis).values();
        double place = q * (size - 1);
        int below = (int) place;
        Tensor low = Views.select(sorted, axis, below);
        Tensor high = Views.select(sorted, axis, Math.min(below + 1, size - 1));
        Tensor last = Views.select(sorted, axis, size - 1);
        return Logic.where(Logic.isNan(last), last, Elementwise.lerp(low, high, place - below));
    }

    /// The middle of the elements along an axis (of two in the middle, half-way between); the axis goes away.
    public static Tensor median(Tensor x, int axis) {
        return quantile(x, 0.5, axis);
    }
}
