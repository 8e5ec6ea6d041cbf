package org.gradus.eager;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Library;

/// Sorting along an axis: stable, NaN above everything.
final class Sorting {
    private Sorting() {}

    static List<Array> run(Library.Sort op, Array x) {
        Shape shape = x.shape();
        int size = shape.size(op.axis());
        int stride = shape.strides()[op.axis()];
        Comparator<Integer> order = op.descending() ? order(x).reversed() : order(x);
        int[] picks = new int[shape.count()];
        Array where = Array.zeros(x.type().with(Type.INT64));
        for (int start : Places.lines(shape, op.axis())) {
            Integer[] line = new Integer[size];
            Arrays.setAll(line, i -> start + i * stride);
            Arrays.sort(line, order);
            for (int i = 0; i < size; i++) {
                picks[start + i * stride] = line[i];
                where.setLong(start + i * stride, (line[i] - start) / stride);
            }
        }
        return List.of(Places.picked(x, x.type(), picks), where);
    }

    private static Comparator<Integer> order(Array x) {
        return x.type().type().isFloating()
                ? (i, j) -> compare(x.get(i), x.get(j))
                : (i, j) -> Long.compare(x.getLong(i), x.getLong(j));
    }

    /// As `Double.compare`, but -0 equals 0.
    private static int compare(double a, double b) {
        return a == b ? 0 : Double.compare(a, b);
    }
}
