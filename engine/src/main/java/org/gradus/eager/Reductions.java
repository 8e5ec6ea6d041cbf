package org.gradus.eager;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Reduce;
import org.gradus.graph.Reduce.Kind;

/// Folds over whole axes, in row-major order of the input.
final class Reductions {
    /// Whether the element at one position is to be taken instead of an earlier one.
    private interface Better {
        boolean than(int position, int earlier);
    }

    private Reductions() {}

    static Array run(Reduce op, Array x, TensorType type) {
        int[] strides = type.shape().strides();
        op.axes().forEach(axis -> strides[axis] = 0);
        int[] places = Places.of(x.shape(), 0, strides); // of the result that each element goes into
        int count = type.shape().count();
        if (op.kind().isPosition()) {
            int axis = op.axes().get(0);
            return Numbers.array(type, positions(better(op.kind(), x), x.shape(), axis, places, count));
        }
        return x.type().type().isFloating()
                ? Numbers.array(type, folded(op.kind(), Numbers.doubles(x), places, count))
                : Numbers.array(type, folded(op.kind(), Numbers.longs(x), places, count));
    }

    private static double[] folded(Kind kind, double[] x, int[] places, int count) {
        DoubleBinaryOperator fold = switch (kind) {
            case SUM -> Double::sum;
            case PROD -> (a, b) -> a * b;
            case MAX, ARGMAX -> Math::max;
            case MIN, ARGMIN -> Math::min;
        };
        double[] y = new double[count];
        Arrays.fill(
                y,
                switch (kind) {
                    case SUM -> 0;
                    case PROD -> 1;
                    case MAX, ARGMAX -> Double.NEGATIVE_INFINITY;
                    case MIN, ARGMIN -> Double.POSITIVE_INFINITY;
                });
        for (int i = 0; i < x.length; i++) {
            y[places[i]] = fold.applyAsDouble(y[places[i]], x[i]);
        }
        return y;
    }

    private static long[] folded(Kind kind, long[] x, int[] places, int count) {
        LongBinaryOperator fold = switch (kind) {
            case SUM -> Long::sum;
            case PROD -> (a, b) -> a * b;
            case MAX, ARGMAX -> Math::max;
            case MIN, ARGMIN -> Math::min;
        };
        long[] y = new long[count];
        Arrays.fill(
                y,
                switch (kind) {
                    case SUM -> 0;
                    case PROD -> 1;
                    case MAX, ARGMAX -> Long.MIN_VALUE;
                    case MIN, ARGMIN -> Long.MAX_VALUE;
                });
        for (int i = 0; i < x.length; i++) {
            y[places[i]] = fold.applyAsLong(y[places[i]], x[i]);
        }
        return y;
    }

    private static long[] positions(Better better, Shape from, int axis, int[] places, int count) {
        int[] best = new int[count];
        Arrays.fill(best, -1);
        for (int i = 0; i < places.length; i++) {
            int earlier = best[places[i]];
            best[places[i]] = earlier < 0 || better.than(i, earlier) ? i : earlier;
        }
        int stride = from.strides()[axis];
        return Arrays.stream(best).mapToLong(i -> i / stride % from.size(axis)).toArray();
    }

    private static Better better(Kind kind, Array x) {
        boolean most = kind == Kind.ARGMAX;
        if (x.type().type().isFloating()) {
            double[] values = Numbers.doubles(x);
            return most
                    ? (i, j) -> Numbers.beats(values[i], values[j])
                    : (i, j) -> Numbers.beats(-values[i], -values[j]);
        }
        long[] values = Numbers.longs(x);
        return most ? (i, j) -> values[i] > values[j] : (i, j) -> values[i] < values[j];
    }
}
