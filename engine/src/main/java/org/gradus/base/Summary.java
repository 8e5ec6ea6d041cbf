package org.gradus.base;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a look at an array tells: its first numbers, the mean and the standard deviation (over its finite elements,
/// divided by their count), and how many elements are NaN or infinite.
public record Summary(Array array, double mean, double deviation, int nans, int infinities) {
    private static final int HEAD = 6;

    /// The summary of an array.
    public static Summary of(Array array) {
        int nans = 0;
        int infinities = 0;
        double sum = 0;
        for (int i = 0; i < array.count(); i++) {
            double value = array.get(i);
            if (Double.isNaN(value)) {
                nans++;
            } else if (Double.isInfinite(value)) {
                infinities++;
            } else {
                sum += value;
            }
        }
        int finite = array.count() - nans - infinities;
        double mean = sum / finite;
        double squares = 0;
        for (int i = 0; i < array.count(); i++) {
            double value = array.get(i);
            if (Double.isFinite(value)) {
                squares += (value - mean) * (value - mean);
            }
        }
        return new Summary(array, mean, Math.sqrt(squares / finite), nans, infinities);
    }

    /// Such as `float32[2, 3] [1, 2, 3, 4, 5, 6] mean 3.5 deviation 1.70783`.
    @Override
    public String toString() {
        if (array.shape().rank() == 0) {
            return array.type() + " " + element(array, 0);
        }
        String text = array.type() + " " + head(array, HEAD);
        if (array.type().type() != Type.BOOL && array.count() > nans + infinities) {
            text += " mean " + number(mean) + " deviation " + number(deviation);
        }
        if (nans > 0) {
            text += " NaN " + nans;
        }
        return infinities > 0 ? text + " infinite " + infinities : text;
    }

    static String head(Array array, int most) {
        return IntStream.range(0, Math.min(most, array.count()))
                .mapToObj(position -> element(array, position))
                .collect(Collectors.joining(", ", "[", array.count() > most ? ", …]" : "]"));
    }

    private static String element(Array array, int position) {
        return switch (array.type().type()) {
            case BOOL -> array.get(position) != 0 ? "true" : "false";
            case INT32, INT64 -> Long.toString(array.getLong(position));
            case FLOAT32, FLOAT64 -> number(array.get(position));
        };
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return Double.toString(value).replaceAll("\\.0$", "");
        }
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%.6g", value)
                        .replaceAll("(\\.\\d*?)0+($|e)", "$1$2")
                        .replaceAll("\\.($|e)", "$1")
                : Double.toString(value);
    }
}
