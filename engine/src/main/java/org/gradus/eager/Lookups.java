package org.gradus.eager;

import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Index;

/// Reading and adding at places that are numbers themselves.
final class Lookups {
    private Lookups() {}

    static Array run(Index op, Array x, Array places, TensorType type) {
        return switch (op) {
            case Index.Gather _ -> Places.picked(x, type, positions(op, x.shape(), places));
            case Index.ScatterAdd(int _, Shape shape) -> scattered(x, type, positions(op, shape, places));
        };
    }

    private static Array scattered(Array x, TensorType type, int... positions) {
        if (x.type().type().isFloating()) {
            double[] y = new double[type.shape().count()];
            for (int i = 0; i < positions.length; i++) {
                y[positions[i]] += x.get(i);
            }
            return Numbers.array(type, y);
        }
        long[] y = new long[type.shape().count()];
        for (int i = 0; i < positions.length; i++) {
            y[positions[i]] += x.getLong(i);
        }
        return Numbers.array(type, y);
    }

    /// The row-major positions in `shape` that the places mean.
    private static int[] positions(Index op, Shape shape, Array places) {
        int[] strides = shape.strides();
        int stride = strides[op.axis()];
        int size = shape.size(op.axis());
        strides[op.axis()] = 0;
        int[] positions = Places.of(places.shape(), 0, strides);
        for (int i = 0; i < positions.length; i++) {
            long place = places.getLong(i);
            if (place < 0 || place >= size) {
                throw new GradusException(
                        "index-range",
                        op.name() + ": the place " + place + " at " + Places.index(places.shape(), i)
                                + " is outside of axis " + op.axis() + " of " + shape + ", which has " + size
                                + " elements, counted from 0. Look at the labels or tokens that the places come from.");
            }
            positions[i] += (int) place * stride;
        }
        return positions;
    }
}
