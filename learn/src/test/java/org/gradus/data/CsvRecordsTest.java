package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvRecordsTest {
    /// With beginnings of fields, quotes, line ends and characters at all places of what is read at a time.
    @Test
    void recordsBeginAnywhere() throws IOException {
        String row = "1,\"\u00e4\"\"\r\n\",x\r\n";
        int length = row.getBytes(StandardCharsets.UTF_8).length;
        for (int before = 0; before < length; before++) {
            CsvRecords records = records("x".repeat(before + 1) + "\r" + row.repeat(10_000));
            assertThat(records.next()).isNotNull();
            for (int i = 0; i < 10_000; i++) {
                CsvRecord record = Objects.requireNonNull(records.next());
                assertThat(record.getFields()).containsExactly("1", "\u00e4\"\r\n", "x");
                assertThat(record.getStartingLineNumber()).isEqualTo(2 + 2 * i);
                assertThat(records.place(record)).isEqualTo(before + 2 + (long) i * length);
            }
            assertThat(records.next()).isNull();
            assertThat(records.end()).isEqualTo(before + 2 + 10_000L * length);
        }
    }

    /// What is read from its place to the place of the next one is the record, whatever line ends and quotes there are.
    @Test
    void placesAreThoseOfRecords() throws IOException {
        List<String> fields = List.of("", "\"\r\n\n\r\"", "\"\"\"\"", "a", "\u20ac", "b\"\"");
        Random random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(i % 2 == 0 ? "\uFEFF" : "");
            for (int k = random.nextInt(1, 30); k > 0; k--) {
                text.append(fields.get(random.nextInt(fields.size())));
                text.append(List.of("\r", "\n", "\r\n", ",").get(random.nextInt(4)));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            CsvRecords records = records(text.toString());
            List<List<String>> all = new ArrayList<>();
            List<Long> places = new ArrayList<>();
            for (CsvRecord record = records.next(); record != null; record = records.next()) {
                all.add(record.getFields());
                places.add(records.place(record));
            }
            for (int k = 0; k < all.size() - 1; k++) {
                int from = places.get(k).intValue();
                String piece = new String(bytes, from, places.get(k + 1).intValue() - from, StandardCharsets.UTF_8);
                List<List<String>> alone = new ArrayList<>();
                CsvRecords.of(piece, records.separator()).forEachRemaining(record -> alone.add(record.getFields()));
                assertThat(alone).as(text.toString()).containsExactly(all.get(k));
            }
        }
    }

    @Test
    void fieldsAndEmptyLines() throws IOException {
        CsvRecords records = records("\uFEFFa;b\r\n\n\n\r\n;\n\"\"\n\"x\";\"\"\"\"\n a\"b ; \"c\"\r");
        List<List<String>> all = new ArrayList<>();
        for (CsvRecord record = records.next(); record != null; record = records.next()) {
            all.add(record.getFields());
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
