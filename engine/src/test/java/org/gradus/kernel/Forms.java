package org.gradus.kernel;

import java.util.List;
import java.util.Random;
import org.gradus.base.Type;

/// Forms, sizes and arrays for the tests of kernels.
final class Forms {
    /// Awkward numbers of elements for every form.
    static final int[] SIZES = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 97, 127, 131, 1023, 1031};

    private Forms() {}

    /// All numbers of lanes that a type has vectors for, and 1.
    static List<Integer> lanes(Type type) {
        return switch (type) {
            case FLOAT32 -> List.of(1, 2, 4, 8, 16);
            case FLOAT64 -> List.of(1, 2, 4, 8);
            default -> List.of(1);
        };
    }

    /// An array of a type with normally distributed numbers, some of them special; truth values are fair.
    static Object random(Type type, int length, Random random, boolean special) {
        return switch (type) {
            case FLOAT32 -> {
                float[] a = new float[length];
                for (int i = 0; i < length; i++) {
                    a[i] = (float) number(random, special);
                }
                yield a;
            }
            case FLOAT64 -> {
                double[] a = new double[length];
                for (int i = 0; i < length; i++) {
                    a[i] = number(random, special);
                }
                yield a;
            }
            case INT32 -> random.ints(length, -100, 100).toArray();
            case INT64 -> random.longs(length, -100, 100).toArray();
            case BOOL -> {
                boolean[] a = new boolean[length];
                for (int i = 0; i < length; i++) {
                    a[i] = random.nextBoolean();
                }
                yield a;
            }
        };
    }

    private static double number(Random random, boolean special) {
        double[] rare = {0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-40, 3e38, -1};
        return special && random.nextInt(8) == 0 ? rare[random.nextInt(rare.length)] : 2 * random.nextGaussian();
    }

    static double get(Object array, int index) {
        return switch (array) {
            case float[] a -> a[index];
            case double[] a -> a[index];
            case int[] a -> a[index];
            case long[] a -> a[index];
            case boolean[] a -> a[index] ? 1 : 0;
            default -> throw new AssertionError(array);
        };
    }

    /// The bits of an element, with one NaN.
    static long bits(Object array, int index) {
        return Double.doubleToLongBits(get(array, index));
    }

    /// A number that differs if any bit of an array does; all NaN count as one.
    static long hash(Object array) {
        long hash = 1;
        for (int i = 0; i < java.lang.reflect.Array.getLength(array); i++) {
            hash = 31 * hash + bits(array, i);
        }
        return hash;
    }
}
