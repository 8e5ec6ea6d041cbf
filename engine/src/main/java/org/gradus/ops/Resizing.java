package org.gradus.ops;

import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Tensor;

/// The spatial axes of `[batch, channels, spatial…]` brought to other sizes.
public final class Resizing {
    private Resizing() {}

    /// Each element from the one at `⌊place · old / new⌋` (PyTorch's `nearest`).
    ///
    /// @param sizes of the result's spatial axes
    /// @throws GradusException when there are not as many sizes as spatial axes
    public static Tensor nearest(Tensor x, int... sizes) {
        demandAxes("nearest", x, sizes);
        Tensor y = x;
        for (int i = 0; i < sizes.length; i++) {
            int from = x.shape().size(i + 2);
            int to = sizes[i];
            if (to % from == 0) { // each element stands to / from times
                Shape spread = y.shape().inserted(i + 3, to / from);
                y = Views.unsqueeze(y, i + 3)
                        .broadcastTo(spread)
                        .reshape(y.shape().with(i + 2, to));
                continue;
            }
            long[] places = IntStream.range(0, to)
                    .mapToLong(place -> (long) place * from / to)
                    .toArray();
            y = Indexing.indexSelect(y, i + 2, x.tracer().constant(Array.of(Shape.of(to), places)));
        }
        return y;
    }

    /// Elements between which values go straight, along each axis in turn (PyTorch's `linear`, `bilinear` and
    /// `trilinear`).
    ///
    /// @param alignCorners whether the outer elements keep their places; else the outer edges of elements do
    /// @param sizes of the result's spatial axes
    /// @throws GradusException when there are not as many sizes as spatial axes
    public static Tensor linear(Tensor x, boolean alignCorners, int... sizes) {
        demandAxes("linear", x, sizes);
        Tensor y = x;
        for (int i = 0; i < sizes.length; i++) {
            Tensor weights = x.tracer().constant(weights(x.type(), x.shape().size(i + 2), sizes[i], alignCorners));
            y = Views.moveAxis(Products.linear(Views.moveAxis(y, i + 2, -1), weights, null), -1, i + 2);
        }
        return y;
    }

    /// The matrix `[to, from]` of what each element is made of.
    private static Array weights(TensorType type, int from, int to, boolean alignCorners) {
        Array weights = Array.zeros(type.with(Shape.of(to, from)));
        for (int i = 0; i < to; i++) {
            double place = alignCorners
                    ? to == 1 ? 0 : (double) i * (from - 1) / (to - 1)
                    : Math.max(0, (i + 0.5) * from / to - 0.5);
            int low = Math.min((int) place, from - 1);
            int high = Math.min(low + 1, from - 1);
            weights.set(i * from + low, 1 - (place - low));
            weights.set(i * from + high, weights.get(i * from + high) + place - low);
        }
        return weights;
    }

    private static void demandAxes(String how, Tensor x, int... sizes) {
        if (x.shape().rank() != sizes.length + 2 || x.shape().count() == 0) {
            throw new GradusException(
                    "resize-axes",
                    "resize (" + how + "): takes [batch, channels, " + sizes.length
                            + " spatial axes] for as many new sizes, none of them empty, but was given " + x.described()
                            + ".");
        }
    }
}
