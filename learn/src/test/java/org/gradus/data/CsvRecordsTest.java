package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvRecordsTest {
    @Test
    void numbersAreTheNearestFloats() throws IOException {
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
        CsvRecords records = records(String.join("\n", texts));
        for (String text : texts) {
            assertThat(records.next()).isTrue();
            assertThat(records.number(0)).as(text).isEqualTo(Float.parseFloat(text));
        }
        assertThat(records.next()).isFalse();
    }

    @Test
    void whatIsNoNumberIsNone() throws IOException {
        for (String text : List.of("x", "-", ".", "-.", "1.2.3", "0x1p3", "2f", "1 2", "--1", "NaN", "\"\"", "1e")) {
            CsvRecords records = records("a\n" + text);
            assertThat(records.next()).isTrue();
            assertThat(records.next()).isTrue();
            assertThat(records.number(0)).as(text).isNaN();
        }
    }

    /// With beginnings of fields, quotes, line ends and characters at all places of what is read at a time.
    @Test
    void recordsBeginAnywhere() throws IOException {
        String row = "1,\"\u00e4\"\"\r\n\",x\r\n";
        int length = row.getBytes(StandardCharsets.UTF_8).length;
        for (int before = 0; before < length; before++) {
            CsvRecords records = records("x".repeat(before + 1) + "\r" + row.repeat(10_000));
            assertThat(records.next()).isTrue();
            for (int i = 0; i < 10_000; i++) {
                assertThat(records.next()).isTrue();
                assertThat(records.fields()).containsExactly("1", "\u00e4\"\r\n", "x");
                assertThat(records.line()).isEqualTo(2 + 2 * i);
                assertThat(records.place()).isEqualTo(before + 2 + (long) i * length);
            }
            assertThat(records.next()).isFalse();
            assertThat(records.after()).isEqualTo(before + 2 + 10_000L * length);
        }
    }

    @Test
    void fieldsAndEmptyLines() throws IOException {
        CsvRecords records = records("\uFEFFa;b\r\n\n\n\r\n;\n\"\"\n\"x\";\"\"\"\"\n a\"b ; \"c\"\r");
        List<List<String>> all = new ArrayList<>();
        while (records.next()) {
            all.add(records.fields());
        }
        assertThat(all)
                .containsExactly(
                        List.of("a", "b"),
                        List.of("", ""),
                        List.of(""),
                        List.of("x", "\""),
                        List.of(" a\"b ", " \"c\""));
    }

    private static CsvRecords records(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new CsvRecords(Path.of("t.csv"), new ByteArrayInputStream(bytes));
    }
}
