package org.gradus.metrics;

import java.util.Locale;

/// Numbers as people read them, everywhere in the same way.
public final class Numbers {
    private static final double LEAST = 1e-3;
    private static final double LARGE = 1e3;
    private static final double MOST = 1e9;

    private Numbers() {}

    /// With four decimals, one from a thousand up; with a power of ten where it is very small or large.
    public static String text(double value) {
        double size = Math.abs(value);
        boolean usual = size == 0 || (size >= LEAST && size < MOST);
        return String.format(Locale.ROOT, !usual ? "%.4e" : size < LARGE ? "%.4f" : "%.1f", value);
    }
}
