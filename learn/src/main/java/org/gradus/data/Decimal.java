package org.gradus.data;

/// Decimal numbers in texts.
final class Decimal {
    private static final int MOST_DIGITS = 15; // below 2^53
    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };
    private static final long HALF = 1L << 28; // of what a double has 29 bits for, and a float none

    private Decimal() {}

    /// The nearest float to a number, or NaN for all else.
    static float parse(String text) {
        int length = text.length();
        boolean negative = length > 0 && text.charAt(0) == '-';
        int digits = 0;
        int point = -1;
        long value = 0;
        for (int i = negative ? 1 : 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9' && digits < MOST_DIGITS) {
                value = value * 10 + (c - '0');
                digits++;
            } else if (c == '.' && point < 0) {
                point = digits;
            } else {
                return any(text); // with an exponent, spaces, many digits, or no number
            }
        }
        // The quotient of two exact numbers is rounded once. Rounded again it is as if rounded once, unless it is about
        // in the middle between two floats.
        double number = point < 0 ? value : value / POWERS[digits - point];
        long beyond = Double.doubleToRawLongBits(number) & HALF * 2 - 1;
        if (digits == 0 || Math.abs(beyond - HALF) <= 1) {
            return any(text);
        }
        return (float) (negative ? -number : number);
    }

    /// Java also takes `0x1p3`, `2f` and `Infinity`.
    private static float any(String field) {
        String text = field.strip();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                return Float.NaN;
            }
        }
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException _) {
            return Float.NaN;
        }
    }
}
