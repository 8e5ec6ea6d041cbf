package org.gradus.eager;

import org.gradus.base.Array;
import org.gradus.base.TensorType;

/// Arrays as the interpreter works on them, `double[]` or `long[]`, and back.
final class Numbers {
    private Numbers() {}

    /// The elements as `double`, to be read only.
    static double[] doubles(Array array) {
        return switch (array.storage()) {
            case double[] same -> same;
            case float[] floats -> {
                double[] wide = new double[floats.length];
                for (int i = 0; i < wide.length; i++) {
                    wide[i] = floats[i];
                }
                yield wide;
            }
            default -> array.toDoubles();
        };
    }

    /// The elements as `long`, to be read only.
    static long[] longs(Array array) {
        return array.storage() instanceof long[] same ? same : array.toLongs();
    }

    /// An array of these numbers, each rounded once; the array may keep `values`.
    static Array array(TensorType type, double[] values) {
        Array array = Array.zeros(type);
        switch (array.storage()) {
            case double[] _ -> array = Array.of(type.shape(), values);
            case float[] floats -> {
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) values[i];
                }
            }
            default -> {
                for (int i = 0; i < values.length; i++) {
                    array.set(i, values[i]);
                }
            }
        }
        return array;
    }

    /// An array of these numbers, an `int32` keeping the low bits; the array may keep `values`.
    static Array array(TensorType type, long[] values) {
        Array array = Array.zeros(type);
        if (array.storage() instanceof long[]) {
            return Array.of(type.shape(), values);
        }
        for (int i = 0; i < values.length; i++) {
            array.setLong(i, values[i]);
        }
        return array;
    }

    /// Whether a maximum moves on from `b` to `a`, which stands behind it: NaN wins, of equal ones the first.
    static boolean beats(double a, double b) {
        return a > b || (Double.isNaN(a) && !Double.isNaN(b));
    }
}
