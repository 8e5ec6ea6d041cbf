package org.gradus.data.augment;

import java.awt.image.BufferedImage;
import java.util.Locale;

/// Capital letters, digits and some signs of 5x7 points, which look the same on every machine, whatever fonts it has.
final class Glyphs {
    static final int WIDTH = 6; // with the gap
    static final int HEIGHT = 7;

    /// Each sign, then its rows from the top, two hexadecimal digits each, whose five lowest bits are points.
    private static final String POINTS = """
            A0E11111F111111 B1E11111E11111E C0E11101010110E D1E11111111111E E1F10101E10101F F1F10101E101010 \
            G0E11101711110F H1111111F111111 I0E04040404040E J0702020202120C K11121418141211 L1010101010101F \
            M111B1515111111 N11191513111111 O0E11111111110E P1E11111E101010 Q0E11111115120D R1E11111E141211 \
            S0F10100E01011E T1F040404040404 U1111111111110E V11111111110A04 W11111115151B11 X11110A040A1111 \
            Y11110A04040404 Z1F01020408101F 00E11131519110E 1040C040404040E 20E11010204081F 31F02040201110E \
            402060A121F0202 51F101E0101110E 60608101E11110E 71F010204080808 80E11110E11110E 90E11110F01020C \
            .00000000000C0C ,000000000C0408 -0000001F000000 +0004041F040400 =00001F001F0000 /00010204081000 \
            (02040808080402 )08040202020408 :000C0C000C0C00 %18190204081303 _0000000000001F""";

    private Glyphs() {}

    /// Writes a line; signs that are not known are left out.
    ///
    /// @param size how many pixels wide a point is
    static void write(BufferedImage image, String text, int left, int top, int size, int colour) {
        String capitals = text.toUpperCase(Locale.ROOT);
        for (int i = 0; i < capitals.length(); i++) {
            int found = (" " + POINTS).indexOf(" " + capitals.charAt(i));
            if (found < 0 || capitals.charAt(i) == ' ') {
                continue;
            }
            for (int row = 0; row < HEIGHT; row++) {
                int bits = Integer.parseInt(POINTS, found + 1 + 2 * row, found + 3 + 2 * row, 16);
                for (int column = 0; column < WIDTH - 1; column++) {
                    if ((bits >> (WIDTH - 2 - column) & 1) == 1) {
                        int x = left + (i * WIDTH + column) * size;
                        fill(image, x, top + row * size, size, size, colour);
                    }
                }
            }
        }
    }

    /// Fills a rectangle as far as it lies inside.
    static void fill(BufferedImage image, int left, int top, int width, int height, int colour) {
        for (int y = Math.max(0, top); y < Math.min(image.getHeight(), top + height); y++) {
            for (int x = Math.max(0, left); x < Math.min(image.getWidth(), left + width); x++) {
                image.setRGB(x, y, colour);
            }
        }
    }
}
