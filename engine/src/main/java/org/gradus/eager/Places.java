package org.gradus.eager;

import java.util.Arrays;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// Positions in row-major storage, the one tool behind views, reductions and lookups.
final class Places {
    private Places() {}

    /// Where a row-major walk over `shape` comes by: `start + index · strides`, for each index in turn.
    static int[] of(Shape shape, int start, int... strides) {
        int[] places = {start};
        for (int axis = 0; axis < strides.length; axis++) {
            int size = shape.size(axis);
            int[] finer = new int[places.length * size];
            int next = 0;
            for (int place : places) {
                for (int i = 0; i < size; i++) {
                    finer[next++] = place + i * strides[axis];
                }
            }
            places = finer;
        }
        return places;
    }

    /// The elements at these places.
    static Array picked(Array from, TensorType type, int... places) {
        Array to = Array.zeros(type);
        boolean wide = type.type() == Type.INT64; // a double would lose digits
        for (int i = 0; i < places.length; i++) {
            if (wide) {
                to.setLong(i, from.getLong(places[i]));
            } else {
                to.set(i, from.get(places[i]));
            }
        }
        return to;
    }

    /// Puts all elements of `from` at these places of `to`.
    static void put(Array from, Array to, int... places) {
        boolean wide = from.type().type() == Type.INT64;
        for (int i = 0; i < places.length; i++) {
            if (wide) {
                to.setLong(places[i], from.getLong(i));
            } else {
                to.set(places[i], from.get(i));
            }
        }
    }

    /// Where each line along an axis starts.
    static int[] lines(Shape shape, int axis) {
        return of(shape.with(axis, 1), 0, shape.strides());
    }

    /// The index of a row-major position, for errors.
    static String index(Shape shape, int position) {
        int[] strides = shape.strides();
        int[] index = new int[strides.length];
        Arrays.setAll(index, axis -> position / strides[axis] % shape.size(axis));
        return Arrays.toString(index);
    }
}
