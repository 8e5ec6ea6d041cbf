package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalTest {
    @Test
    void numbersAreTheNearestFloats() {
        List<String> texts = new ArrayList<>(List.of(
                "0",
                "-0",
                ".5",
                "5.",
                "-.25",
                "+3",
                "1e-3",
                " 7 ",
                "16777217",
                "16777219",
                "16777217.0000001",
                "16777216.9999999",
                "8388608.5",
                "8388609.5",
                "0.000000000000001",
                "999999999999999",
                "9999999999999999"));
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            float number = Float.intBitsToFloat(random.nextInt(0x60000000, 0x7f000000) - 0x30000000);
            texts.add(
                    switch (i % 4) {
                        case 0 -> Float.toString(number);
                        case 1 -> String.valueOf(random.nextDouble() * 1000);
                        case 2 ->
                            String.valueOf(random.nextLong() >> random.nextInt(20, 60)) + "." + random.nextInt(1000);
                        default -> // between two floats, and almost so
                            String.valueOf(((long) random.nextInt(1 << 23, 1 << 24) << 1) + 1)
                                    + (i % 8 == 3 ? "" : ".00000" + i % 9);
                    });
        }
        for (String text : texts) {
            assertThat(Decimal.parse(text)).as(text).isEqualTo(Float.parseFloat(text));
        }
    }

    @Test
    void whatIsNoNumberIsNone() {
        for (String text : List.of("x", "-", ".", "-.", "1.2.3", "0x1p3", "2f", "1 2", "--1", "NaN", "", "1e")) {
            assertThat(Decimal.parse(text)).as(text).isNaN();
        }
    }
}
