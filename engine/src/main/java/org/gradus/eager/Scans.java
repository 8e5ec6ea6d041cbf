package org.gradus.eager;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.graph.Scan;

/// Running results along an axis; what is carried on is not rounded.
final class Scans {
    private Scans() {}

    static Array run(Scan op, List<Array> inputs) {
        Array x = inputs.get(0);
        int[] order = order(op, x.shape());
        int size = x.shape().size(op.axis());
        return switch (op) {
            case Scan.CumLogSumExp _ -> Numbers.array(x.type(), logSums(Numbers.doubles(x), order, size));
            case Scan.Recurrence _ ->
                x.type().type().isFloating()
                        ? Numbers.array(
                                x.type(), recurrence(Numbers.doubles(x), Numbers.doubles(inputs.get(1)), order, size))
                        : Numbers.array(
                                x.type(), recurrence(Numbers.longs(x), Numbers.longs(inputs.get(1)), order, size));
        };
    }

    private static double[] recurrence(double[] a, double[] b, int[] order, int size) {
        double[] h = new double[a.length];
        for (int i = 0; i < order.length; i++) {
            int at = order[i];
            h[at] = i % size == 0 ? b[at] : a[at] * h[order[i - 1]] + b[at];
        }
        return h;
    }

    private static long[] recurrence(long[] a, long[] b, int[] order, int size) {
        long[] h = new long[a.length];
        for (int i = 0; i < order.length; i++) {
            int at = order[i];
            h[at] = i % size == 0 ? b[at] : a[at] * h[order[i - 1]] + b[at];
        }
        return h;
    }

    private static double[] logSums(double[] x, int[] order, int size) {
        double[] y = new double[x.length];
        for (int i = 0; i < order.length; i++) {
            int at = order[i];
            y[at] = i % size == 0 ? x[at] : logSum(y[order[i - 1]], x[at]);
        }
        return y;
    }

    /// log(e^a + e^b)
    private static double logSum(double a, double b) {
        double high = Math.max(a, b);
        return Double.isInfinite(high) ? high : high + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - high));
    }

    /// All positions, one line after the other, each in the order in which it is walked along.
    private static int[] order(Scan op, Shape shape) {
        int size = shape.size(op.axis());
        int stride = shape.strides()[op.axis()];
        int[] lines = Places.lines(shape, op.axis());
        int[] order = new int[lines.length * size];
        for (int i = 0; i < order.length; i++) {
            int step = i % size;
            order[i] = lines[i / size] + (op.reversed() ? size - 1 - step : step) * stride;
        }
        return order;
    }
}
