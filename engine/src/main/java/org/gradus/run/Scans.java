package org.gradus.run;

import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Scan;
import org.gradus.kernel.Pool;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// Running results along an axis, line by line; what is carried on is not rounded.
final class Scans implements Pool.Task {
    private static final int ELEMENTS_OF_PART = 1 << 14;
    private static final int MOST_PARTS = 32;

    private final Scan op;
    private final Object[] arrays;
    private final int[] offsets;
    private final int size;
    private final int stride;
    private final int lines;
    private final int parts;

    private Scans(Plan.Entry entry, Scan op, Shape shape, Memory memory) {
        this.op = op;
        int reads = entry.reads().size();
        arrays = new Object[reads + 1];
        offsets = new int[reads + 1];
        for (int i = 0; i <= reads; i++) {
            Place place = i < reads ? entry.reads().get(i) : entry.writes().get(0);
            arrays[i] = memory.array(place);
            offsets[i] = place.offset();
        }
        size = shape.size(op.axis());
        stride = shape.strides()[op.axis()];
        lines = shape.with(op.axis(), 1).count();
        parts = Math.max(1, Math.min(Math.min(MOST_PARTS, lines), shape.count() / ELEMENTS_OF_PART));
    }

    static Draft draft(Plan.Entry entry, Scan op, TensorType type, Memory memory) {
        if (type.shape().count() == 0) {
            return Draft.of(Job.NOTHING);
        }
        Scans scans = new Scans(entry, op, type.shape(), memory);
        return Draft.of(() -> memory.threads().run(scans.parts, scans));
    }

    @Override
    public void run(int part) {
        int end = (int) ((long) lines * (part + 1) / parts);
        for (int line = (int) ((long) lines * part / parts); line < end; line++) {
            int first = line / stride * stride * size + line % stride + (op.reversed() ? (size - 1) * stride : 0);
            int step = op.reversed() ? -stride : stride;
            switch (op) {
                case Scan.CumLogSumExp _ -> logSums(first, step);
                case Scan.Recurrence _ -> recurrence(first, step);
            }
        }
    }

    private void logSums(int first, int step) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            int at = first + i * step;
            if (arrays[0] instanceof float[] x) {
                sum = i == 0 ? x[offsets[0] + at] : logSum(sum, x[offsets[0] + at]);
                ((float[]) arrays[1])[offsets[1] + at] = (float) sum;
            } else {
                double[] x = (double[]) arrays[0];
                sum = i == 0 ? x[offsets[0] + at] : logSum(sum, x[offsets[0] + at]);
                ((double[]) arrays[1])[offsets[1] + at] = sum;
            }
        }
    }

    /// log(e^a + e^b)
    private static double logSum(double a, double b) {
        double high = Math.max(a, b);
        return Double.isInfinite(high) ? high : high + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - high));
    }

    private void recurrence(int first, int step) {
        int a = offsets[0] + first;
        int b = offsets[1] + first;
        int h = offsets[2] + first;
        switch (arrays[2]) {
            case float[] y -> {
                float[] factors = (float[]) arrays[0];
                float[] summands = (float[]) arrays[1];
                double carried = 0;
                for (int i = 0; i < size; i++) {
                    carried = i == 0 ? summands[b] : factors[a + i * step] * carried + summands[b + i * step];
                    y[h + i * step] = (float) carried;
                }
            }
            case double[] y -> {
                double[] factors = (double[]) arrays[0];
                double[] summands = (double[]) arrays[1];
                double carried = 0;
                for (int i = 0; i < size; i++) {
                    carried = i == 0 ? summands[b] : factors[a + i * step] * carried + summands[b + i * step];
                    y[h + i * step] = carried;
                }
            }
            case int[] y -> {
                int[] factors = (int[]) arrays[0];
                int[] summands = (int[]) arrays[1];
                int carried = 0;
                for (int i = 0; i < size; i++) {
                    carried = i == 0 ? summands[b] : factors[a + i * step] * carried + summands[b + i * step];
                    y[h + i * step] = carried;
                }
            }
            case long[] y -> {
                long[] factors = (long[]) arrays[0];
                long[] summands = (long[]) arrays[1];
                long carried = 0;
                for (int i = 0; i < size; i++) {
                    carried = i == 0 ? summands[b] : factors[a + i * step] * carried + summands[b + i * step];
                    y[h + i * step] = carried;
                }
            }
            default -> throw new AssertionError(arrays[2].getClass());
        }
    }
}
