package org.gradus.ops;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Geometry;
import org.gradus.graph.Tensor;
import org.gradus.graph.Window;

/// Folds over windows of the spatial axes of `[batch, channels, spatial…]`, 1 to 3 of them.
public final class Pooling {
    private Pooling() {}

    /// The maximum of each window, and where it is: its row-major position in the spatial axes. Padding never wins, NaN
    /// always does; of equal elements the first.
    ///
    /// @param ceilMode whether the last window may reach over the end; see [#ceil]
    /// @throws GradusException when a window does not fit, or the padding is more than half of it
    public static Selection maxPool(Tensor x, Geometry geometry, boolean ceilMode) {
        demandPadding("max-pool", geometry);
        Geometry full = ceilMode ? ceil(geometry, spatial("max-pool", geometry, x)) : geometry;
        List<Tensor> both = x.tracer().apply(new Window.MaxPool(full), List.of(x));
        return new Selection(both.get(0), both.get(1).to(Type.INT64));
    }

    /// The maximum of each window of one size and step in all spatial axes.
    public static Tensor maxPool(Tensor x, int kernel, int stride, int padding) {
        return maxPool(x, geometry(x, kernel, stride, padding), false).values();
    }

    /// The mean of each window.
    ///
    /// @param countIncludePad whether padding counts as zeros (PyTorch's default) or not at all
    /// @param ceilMode whether the last window may reach over the end, where nothing counts; see [#ceil]
    /// @throws GradusException when a window does not fit, or the padding is more than half of it
    public static Tensor avgPool(Tensor x, Geometry geometry, boolean countIncludePad, boolean ceilMode) {
        demandPadding("avg-pool", geometry);
        Shape spatial = spatial("avg-pool", geometry, x);
        Geometry full = ceilMode ? ceil(geometry, spatial) : geometry;
        Tensor sum = x.tracer().applyOne(new Window.SumPool(full), x);
        Array counts = counts(x.type(), full, countIncludePad ? geometry : valid(geometry), spatial);
        boolean even = IntStream.range(0, counts.count()).allMatch(i -> counts.get(i) == counts.get(0));
        return counts.count() > 0 && even
                ? sum.div(counts.get(0))
                : sum.div(x.tracer().constant(counts));
    }

    /// The sum of each window divided by a number of one's own.
    public static Tensor avgPool(Tensor x, Geometry geometry, boolean ceilMode, double divisor) {
        demandPadding("avg-pool", geometry);
        Geometry full = ceilMode ? ceil(geometry, spatial("avg-pool", geometry, x)) : geometry;
        return x.tracer().applyOne(new Window.SumPool(full), x).div(divisor);
    }

    /// The mean of each window of one size and step in all spatial axes; padding counts as zeros.
    public static Tensor avgPool(Tensor x, int kernel, int stride, int padding) {
        return avgPool(x, geometry(x, kernel, stride, padding), true, false);
    }

    /// The mean over parts of the input, as many as asked for: part `i` of `n` goes from `floor(i size / n)` to
    /// `ceil((i + 1) size / n)`.
    ///
    /// @param sizes of the result's spatial axes
    public static Tensor adaptiveAvgPool(Tensor x, int... sizes) {
        int axes = sizes.length;
        Shape spatial = spatial("adaptive-avg-pool", Geometry.of(Collections.nCopies(axes, 1)), x);
        if (IntStream.range(0, axes).allMatch(i -> sizes[i] > 0 && spatial.size(i) % sizes[i] == 0)) {
            List<Integer> parts = IntStream.range(0, axes)
                    .mapToObj(i -> Math.max(1, spatial.size(i) / sizes[i]))
                    .toList();
            return avgPool(x, Geometry.of(parts).strided(parts), true, false);
        }
        Tensor y = x;
        for (int i = 0; i < axes; i++) {
            Tensor means = x.tracer().constant(parts(x.type(), spatial.size(i), sizes[i]));
            y = Views.moveAxis(Products.linear(Views.moveAxis(y, i + 2, -1), means, null), -1, i + 2);
        }
        return y;
    }

    /// The maximum over parts of the input, as many as asked for, cut as by [#adaptiveAvgPool]; of equal elements the
    /// first gets the gradient.
    ///
    /// @param sizes of the result's spatial axes
    public static Tensor adaptiveMaxPool(Tensor x, int... sizes) {
        int axes = sizes.length;
        Shape spatial = spatial("adaptive-max-pool", Geometry.of(Collections.nCopies(axes, 1)), x);
        Tensor y = x;
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            int size = spatial.size(i);
            int parts = sizes[i];
            int length = IntStream.range(0, parts)
                    .map(part -> end(part, size, parts) - start(part, size, parts))
                    .max()
                    .orElse(1);
            long[] places = IntStream.range(0, parts * length)
                    .mapToLong(at ->
                            Math.min(start(at / length, size, parts) + at % length, end(at / length, size, parts) - 1))
                    .toArray();
            y = Indexing.indexSelect(y, i + 2, x.tracer().constant(Array.of(Shape.of(places.length), places)));
            lengths.add(length);
        }
        return maxPool(y, Geometry.of(lengths).strided(lengths), false).values();
    }

    /// The p-norm of each window, `(Σ xᵖ)^(1/p)`, without absolute values, as in PyTorch; where the sum is 0, so is the
    /// derivative.
    ///
    /// @param p for odd and broken ones numbers should not be negative
    public static Tensor normPool(Tensor x, Geometry geometry, double p, boolean ceilMode) {
        Tensor sum = avgPool(p == 2 ? x.squared() : Elementwise.pow(x, p), geometry, ceilMode, 1);
        Formula root = Formula.unary("norm-root", t -> {
            Term zero = t.same(0);
            Term safe = zero.select(1, t);
            return zero.select(0, p == 2 ? safe.sqrt() : safe.with(Code.POW, safe.literal(1 / p)));
        });
        return Tensor.map(root, sum);
    }

    /// The mean over all spatial axes, which go away: `[batch, channels]`.
    public static Tensor globalAvgPool(Tensor x) {
        int[] axes = IntStream.range(2, x.shape().rank()).toArray();
        return axes.length == 0 ? x : x.mean(axes);
    }

    /// The geometry with as much padding at the end as makes every element part of a window (PyTorch's `ceil_mode`).
    /// The last window must start inside of the input or its padding in front, else it is left out.
    ///
    /// @param spatial the input's spatial sizes
    public static Geometry ceil(Geometry geometry, Shape spatial) {
        List<Integer> ones = Collections.nCopies(geometry.axes(), 1);
        int[] roomy = IntStream.range(0, geometry.axes())
                .map(i -> Math.max(spatial.size(i), geometry.kernel().get(i)))
                .toArray();
        geometry.dilated(ones).windows("pool", Shape.of(roomy));
        List<Integer> after = new ArrayList<>();
        for (int i = 0; i < geometry.axes(); i++) {
            int stride = geometry.stride().get(i);
            int reach = geometry.dilation().get(i) * (geometry.kernel().get(i) - 1) + 1;
            int room = spatial.size(i)
                    + geometry.before().get(i)
                    + geometry.after().get(i)
                    - reach;
            int last = Math.ceilDiv(room, stride) * stride;
            if (last >= spatial.size(i) + geometry.before().get(i)) {
                last -= stride;
            }
            after.add(geometry.after().get(i) + Math.max(0, last - room));
        }
        return geometry.padded(geometry.before(), after);
    }

    /// The geometry of a window of one size, step and padding for all spatial axes of `x`.
    public static Geometry geometry(Tensor x, int kernel, int stride, int padding) {
        int axes = Math.max(0, x.shape().rank() - 2);
        return Convolutions.geometry(Shape.of(Collections.nCopies(axes, kernel)), stride, padding, 1);
    }

    /// How many elements each window counts, `[windows…]`: those inside of the input padded by `counted`.
    private static Array counts(TensorType type, Geometry windows, Geometry counted, Shape spatial) {
        Array counts = Array.full(type.with(windows.windows("avg-pool", spatial)), 1);
        int[] strides = counts.shape().strides();
        for (int i = 0; i < counts.count(); i++) {
            for (int axis = 0; axis < windows.axes(); axis++) {
                int window = i / strides[axis] % counts.shape().size(axis);
                int from =
                        window * windows.stride().get(axis) - windows.before().get(axis);
                int low = -counted.before().get(axis);
                int high = spatial.size(axis) + counted.after().get(axis);
                int dilation = windows.dilation().get(axis);
                counts.set(
                        i,
                        counts.get(i)
                                * IntStream.range(0, windows.kernel().get(axis))
                                        .map(tap -> from + tap * dilation)
                                        .filter(at -> at >= low && at < high)
                                        .count());
            }
        }
        return counts;
    }

    private static Geometry valid(Geometry geometry) {
        return Convolutions.valid(geometry);
    }

    /// The matrix `[parts, size]` that takes the means of the parts of an axis.
    private static Array parts(TensorType type, int size, int parts) {
        Array means = Array.zeros(type.with(Shape.of(parts, size)));
        for (int part = 0; part < parts; part++) {
            int from = start(part, size, parts);
            int to = end(part, size, parts);
            for (int i = from; i < to; i++) {
                means.set(part * size + i, 1.0 / (to - from));
            }
        }
        return means;
    }

    private static int start(int part, int size, int parts) {
        return (int) ((long) part * size / parts);
    }

    private static int end(int part, int size, int parts) {
        return (int) Math.ceilDiv((part + 1L) * size, (long) parts);
    }

    private static Shape spatial(String op, Geometry geometry, Tensor x) {
        if (x.shape().rank() != geometry.axes() + 2) {
            throw new GradusException(
                    "pool-rank",
                    op + ": takes [batch, channels, " + geometry.axes() + " spatial axes], but was given "
                            + x.described() + ". A single picture is a batch of size 1.");
        }
        return x.shape().part(2, x.shape().rank());
    }

    private static void demandPadding(String op, Geometry geometry) {
        for (int i = 0; i < geometry.axes(); i++) {
            if (2 * Math.max(geometry.before().get(i), geometry.after().get(i))
                    > geometry.kernel().get(i)) {
                throw new GradusException(
                        "pool-padding",
                        op + ": the padding " + geometry.before() + " and " + geometry.after()
                                + " is more than half of the window " + geometry.kernel()
                                + ", so that a window could lie in it altogether. Pad less, or use a larger window.");
            }
        }
    }
}
