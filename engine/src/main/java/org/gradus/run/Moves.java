package org.gradus.run;

import java.util.Arrays;

/// Plain loops over Java arrays of any element type.
final class Moves {
    private Moves() {}

    /// Writes one number, rounded to the type, to all of a range.
    static void fill(Object array, int from, int count, double value) {
        switch (array) {
            case float[] a -> Arrays.fill(a, from, from + count, (float) value);
            case double[] a -> Arrays.fill(a, from, from + count, value);
            case int[] a -> Arrays.fill(a, from, from + count, (int) value);
            case long[] a -> Arrays.fill(a, from, from + count, (long) value);
            case boolean[] a -> Arrays.fill(a, from, from + count, value != 0);
            default -> throw new AssertionError(array.getClass());
        }
    }

    /// Copies `count` neighbouring elements to places `step` apart.
    static void spread(Object from, int start, Object to, int first, int step, int count) {
        if (step == 1) {
            System.arraycopy(from, start, to, first, count);
            return;
        }
        switch (from) {
            case float[] a -> {
                float[] b = (float[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i * step] = a[start + i];
                }
            }
            case double[] a -> {
                double[] b = (double[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i * step] = a[start + i];
                }
            }
            case int[] a -> {
                int[] b = (int[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i * step] = a[start + i];
                }
            }
            case long[] a -> {
                long[] b = (long[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i * step] = a[start + i];
                }
            }
            case boolean[] a -> {
                boolean[] b = (boolean[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i * step] = a[start + i];
                }
            }
            default -> throw new AssertionError(from.getClass());
        }
    }

    /// Copies the elements at these places, each counted from `base`, to neighbouring ones.
    static void gather(Object from, int base, int[] places, Object to, int first) {
        int count = places.length;
        switch (from) {
            case float[] a -> {
                float[] b = (float[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i] = a[base + places[i]];
                }
            }
            case double[] a -> {
                double[] b = (double[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i] = a[base + places[i]];
                }
            }
            case int[] a -> {
                int[] b = (int[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i] = a[base + places[i]];
                }
            }
            case long[] a -> {
                long[] b = (long[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i] = a[base + places[i]];
                }
            }
            case boolean[] a -> {
                boolean[] b = (boolean[]) to;
                for (int i = 0; i < count; i++) {
                    b[first + i] = a[base + places[i]];
                }
            }
            default -> throw new AssertionError(from.getClass());
        }
    }

    /// Adds neighbouring elements to those at these places, one after the other.
    static void scatterAdd(Object from, int start, Object to, int base, int[] places) {
        int count = places.length;
        switch (from) {
            case float[] a -> {
                float[] b = (float[]) to;
                for (int i = 0; i < count; i++) {
                    b[base + places[i]] += a[start + i];
                }
            }
            case double[] a -> {
                double[] b = (double[]) to;
                for (int i = 0; i < count; i++) {
                    b[base + places[i]] += a[start + i];
                }
            }
            case int[] a -> {
                int[] b = (int[]) to;
                for (int i = 0; i < count; i++) {
                    b[base + places[i]] += a[start + i];
                }
            }
            case long[] a -> {
                long[] b = (long[]) to;
                for (int i = 0; i < count; i++) {
                    b[base + places[i]] += a[start + i];
                }
            }
            default -> throw new AssertionError(from.getClass());
        }
    }
}
