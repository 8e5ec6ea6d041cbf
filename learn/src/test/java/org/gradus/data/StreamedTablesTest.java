package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables and texts that stay in their files are the same as those in memory.
@Timeout(120)
class StreamedTablesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void aTableWithClasses(String lineEnd) throws IOException {
        same(write("t.csv", table(500, lineEnd, 3)), Reading.DEFAULT);
        same(write("t.csv", table(3, lineEnd, 3).strip()), Reading.DEFAULT.withColumns(List.of("b,c", "a")));
    }

    @Test
    void aTableWithNumbers() throws IOException {
        Path file = write("t.csv", table(700, "\n", 100));
        same(file, Reading.DEFAULT.withLabel("label"));
        same(file, Reading.DEFAULT.withLabel("d", "label"));
    }

    /// Fields with separators, quotes and line ends inside, empty lines, and rows longer than what is read at a time.
    @Test
    void quotesAndLongRows() throws IOException {
        String note = "\"said \"\"no,\r\nno\"\",\n" + "\u00e4\u20ac\uD83D\uDE00".repeat(40_000) + "\"";
        StringBuilder rows = new StringBuilder("\uFEFFa,note,label\r\n");
        for (int i = 0; i < 90; i++) {
            rows.append(i)
                    .append(i % 30 == 7 ? "," + note + "," : ",\"x\",")
                    .append(i % 3)
                    .append("\n\r\n");
        }
        same(write("t.csv", rows.toString()), Reading.DEFAULT.withColumns(List.of("a")));
    }

    @Test
    void aSeries() throws IOException {
        Path file = write("t.csv", table(400, "\n", 100));
        same(file, Reading.DEFAULT.withWindow(7).withAhead(2));
        same(file, Reading.DEFAULT.withWindow(300).withTarget(Reading.Target.CLASSES));
    }

    @Test
    void aTextOfAllKindsOfCharacters() throws IOException {
        StringBuilder text = new StringBuilder();
        Random random = new Random(3);
        for (int i = 0; i < 12_000; i++) {
            text.appendCodePoint("a\n\u00e4\u20ac\uD83D\uDE00\uFEFF"
                    .codePointAt(List.of(0, 1, 2, 3, 4, 6).get(random.nextInt(6))));
        }
        for (int window : new int[] {3, 64, 5000}) {
            same(write("t.txt", text.toString()), Reading.DEFAULT.withWindow(window));
        }
        assertThat(read(folder.resolve("t.txt"), Reading.DEFAULT).classes()).hasSize(6);
    }

    @Test
    void packedFiles() throws IOException {
        for (String name : List.of("t.csv.gz", "t.txt.gz")) {
            byte[] bytes = table(3000, "\n", 3).getBytes(StandardCharsets.UTF_8);
            same(Files.write(folder.resolve(name), ImageFiles.gzip(bytes)), Reading.DEFAULT);
        }
        byte[] packed = ImageFiles.gzip(table(3000, "\n", 3).getBytes(StandardCharsets.UTF_8));
        Path half = Files.write(folder.resolve("half.csv.gz"), Arrays.copyOf(packed, packed.length / 2));
        assertThatThrownBy(() -> read(half, Reading.DEFAULT)).hasMessageContaining("break off before their end");
    }

    /// The first reading checks every row.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "a,b,label~1,2,x~3,NaN,y",
                "a,b,label~1,\"2\n\",x~3,,y",
                "a,b,label~1,2,x~4,5",
                "a,label~1,2.5~1,nan",
                "a,label~1,2.5~1,many",
                "a,a,label~1,2,x",
                "1,2,x~3,4,y",
                "a,b,label",
                "~~|",
                "a,label~\"1,x~2,y",
                "a,label~\"1\"1,x~2,y",
            })
    void badTablesAreToldAsWithout(String text) throws IOException {
        Path file = write("t.csv", text.replace('~', '\n'));
        GradusException memory = refused(file, Reading.DEFAULT);
        GradusException stream = refused(file, Reading.DEFAULT.withStream(true));

        assertThat(stream.kind()).isEqualTo(memory.kind());
        assertThat(stream).hasMessage(memory.getMessage());
    }

    @Test
    void aTableIsUtf8() throws IOException {
        Path file =
                Files.write(folder.resolve("t.csv"), "a,label\n1,x\n2,\u00fc\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refused(file, Reading.DEFAULT.withStream(true)))
                .hasMessage(refused(file, Reading.DEFAULT).getMessage())
                .hasMessageContaining("in line 3 it is no UTF-8 text");
    }

    @Test
    void badTextsAreToldAsWithout() throws IOException {
        Reading known = Reading.DEFAULT.withClasses(List.of("a", "\n")).withWindow(1);
        for (Path file : List.of(
                write("t.txt", "a\n".repeat(5000) + "b"),
                write("u.txt", "a"),
                write("v.txt", ""),
                Files.write(folder.resolve("w.txt"), new byte[] {'a', (byte) 0xe4, 'a', 'a'}),
                Files.write(folder.resolve("x.txt"), new byte[] {'a', (byte) 0xe2, (byte) 0x82}))) {
            assertThat(refused(file, known.withStream(true)))
                    .hasMessage(refused(file, known).getMessage());
        }
    }

    @Test
    void aFileThatChangesIsTold() throws IOException {
        for (String name : List.of("t.csv", "t.txt")) {
            Path file = write(name, table(2000, "\n", 3));
            String whole = Files.readString(file);
            FileTime written = Files.getLastModifiedTime(file);
            Examples examples = read(file, Reading.DEFAULT.withStream(true)).training();
            Array before = examples.batch(9).features();

            Files.writeString(file, whole.substring(0, whole.length() / 2));
            assertThatThrownBy(() -> examples.batch(9))
                    .isInstanceOfSatisfying(
                            GradusException.class, e -> assertThat(e.kind()).isEqualTo("file-changed"))
                    .hasMessageContaining("has changed since its first reading, when it had " + whole.length());

            // Of the same size and time, but no longer what it was: what cannot be is told.
            Files.writeString(file, "\"\u00e4".repeat(whole.length() / 3 + 1).substring(0, whole.length() / 3 * 2));
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.setLength(whole.length());
            }
            Files.setLastModifiedTime(file, written);
            assertThatThrownBy(() -> examples.batch(9)).hasMessageContaining("has changed since");

            Files.writeString(file, whole);
            Files.setLastModifiedTime(file, written);
            assertThat(examples.batch(9).features().toDoubles()).isEqualTo(before.toDoubles());
            Files.delete(file);
            assertThatThrownBy(() -> examples.batch(9)).hasMessageContaining(name + "` could not be read");
        }
    }

    /// Behind a hole of more than 2 GiB, of which nobody reads anything.
    @Test
    void placesBeyondTwoGigabytes() throws IOException {
        long hole = (1L << 31) + 12_345;
        Path file = write("t.bin", "");
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(hole);
            bytes.write("1,2\n\u20ac".getBytes(StandardCharsets.UTF_8));
        }
        FileIndex rows = new FileIndex();
        rows.add(0, 0);
        rows.add(7, hole);
        rows.end(8, hole + 4);
        FileIndex characters = new FileIndex();
        characters.add(0, 0);
        characters.add(hole, hole);
        characters.end(hole + 5, hole + 7);
        int[] places = new int[0x20ad];
        places['2'] = 5;
        places[0x20ac] = 8;
        StoredFile stored = new StoredFile(file);

        assertThat(new StoredRows(stored, rows, ',', List.of(1), 2)
                        .windows(new long[] {7, 7}, 1)
                        .toDoubles())
                .containsExactly(2, 2);
        Series text = new StoredText(stored, characters, places);
        assertThat(text.size()).isEqualTo(hole + 5);
        assertThat(text.windows(new long[] {hole + 2, hole}, 3).toLongs()).containsExactly(5, 0, 8, 0, 0, 5);
    }

    private static void same(Path file, Reading reading) {
        DataFiles memory = read(file, reading);
        DataFiles stream = read(file, reading.withStream(true));

        assertThat(stream.form()).isEqualTo(memory.form());
        assertThat(stream.labels()).isEqualTo(memory.labels());
        assertThat(stream.classes()).isEqualTo(memory.classes());
        assertThat(stream.training()).hasToString(memory.training().toString());
        same(stream.training(), memory.training());
        if (memory.training().size() < 20) {
            return;
        }
        Split some = stream.split(1);
        Split expected = memory.split(1);
        if (stream.form() instanceof Form.Text) {
            assertThat(ClassCounts.of(some.training())).isEqualTo(ClassCounts.of(expected.training()));
            same(some.test(), expected.test());
            return;
        }
        Scaling scaling = Scaling.standardizing(some.training());
        assertThat(scaling.centers())
                .isEqualTo(Scaling.standardizing(expected.training()).centers());
        assertThat(scaling.spreads())
                .isEqualTo(Scaling.standardizing(expected.training()).spreads());
        same(some.with(scaling).training(), expected.with(scaling).training());
        same(some.with(scaling).validation(), expected.with(scaling).validation());
        same(
                some.with(scaling).training().part(3, 1),
                expected.with(scaling).training().part(3, 1));
    }

    private static void same(Examples one, Examples other) {
        int[] shuffled = Order.shuffled(one.size(), 5, 0);
        shuffled[0] = shuffled[shuffled.length - 1]; // one of them twice
        List<int[]> batches = Order.batches(shuffled, 7);
        for (int threads : new int[] {1, 3}) {
            try (Prefetch ahead = new Prefetch(one, batches, 3, threads)) {
                for (int[] positions : batches) {
                    Batch batch = ahead.next();
                    Batch expected = other.batch(positions);
                    assertThat(batch.features().type())
                            .isEqualTo(expected.features().type());
                    assertThat(batch.features().storage())
                            .isEqualTo(expected.features().storage());
                    assertThat(batch.labels().type())
                            .isEqualTo(expected.labels().type());
                    assertThat(batch.labels().storage())
                            .isEqualTo(expected.labels().storage());
                }
            }
        }
        assertThat(one.features().storage()).isEqualTo(other.features().storage());
        assertThat(one.labels().storage()).isEqualTo(other.labels().storage());
        assertThatThrownBy(() -> one.batch(one.size())).hasMessageContaining("Example " + one.size() + " was asked");
    }

    private static GradusException refused(Path file, Reading reading) {
        try {
            read(file, reading);
        } catch (GradusException e) {
            return e;
        }
        throw new AssertionError(file + " was read.");
    }

    /// Rows of numbers in all their forms; labels from 0 to so many.
    private static String table(int rows, String lineEnd, int labels) {
        StringBuilder text = new StringBuilder("a,\"b,c\",label,d").append(lineEnd);
        Random random = new Random(7);
        for (int i = 0; i < rows; i++) {
            text.append(random.nextInt(1000)).append(',');
            text.append(i % 3 == 0 ? " " + random.nextFloat() + " " : "\"" + random.nextGaussian() + "\"");
            text.append(',').append(i % labels).append(',');
            text.append(-random.nextInt(100)).append('.').append(random.nextInt(100));
            text.append(i % 5 == 0 ? "e-3" : "").append(lineEnd);
        }
        return text.toString();
    }

    private static DataFiles read(Path file, Reading reading) {
        return DataFiles.read(file, reading);
    }

    private Path write(String name, String text) throws IOException {
        return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }
}
