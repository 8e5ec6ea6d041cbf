package org.gradus.cli;

import java.util.Locale;

/// Numbers as people read them.
final class Numbers {
    private Numbers() {}

    /// With four decimals, or four significant digits where it is small or large.
    static String text(double value) {
        boolean usual = value == 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6);
        return String.format(Locale.ROOT, usual ? "%.4f" : "%.4e", value);
    }
}
