package org.gradus.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// A text file in UTF-8, of which a model learns what character comes next. Each character is a class.
final class TextFile {
    /// The length of windows where none is said.
    static final int WINDOW = 64;

    private static final int BUFFER = 1 << 16; // bytes
    private static final int PIECE = 1 << 11; // characters

    private TextFile() {}

    /// Whether this is a file with such a name.
    static boolean isOne(Path path) {
        return Files.isRegularFile(path)
                && path.getFileName().toString().toLowerCase(Locale.ROOT).matches(".+\\.txt(\\.gz)?");
    }

    static DataFiles read(Path file, Reading reading) {
        int window = reading.window() == 0 ? WINDOW : reading.window();
        Text text =
                reading.stream() ? stored(new StoredFile(file), reading.classes()) : inMemory(file, reading.classes());
        long size = text.series().size();
        if (size <= window) {
            throw new GradusException(
                    "window-size",
                    "`" + file + "` has " + size + " characters, but windows of " + window
                            + " and a character after it are cut out. Give a longer text, or a smaller window.");
        }
        return new DataFiles(
                new Form.Text(text.alphabet(), window),
                Windows.ofNext(text.series(), window, window, text.alphabet()),
                null);
    }

    /// The last characters of a file, at most so many, as numbers `int64[1, length]`.
    static Array end(Path file, List<String> alphabet, int most) {
        Characters found = new Characters(alphabet);
        int[] last = new int[most];
        InputFile.read(
                file,
                in -> pieces(file, in, (points, count, _) -> {
                    found.add(file, points, count);
                    int kept = Math.min(count, most);
                    System.arraycopy(last, kept, last, 0, most - kept);
                    System.arraycopy(points, count - kept, last, most - kept, kept);
                }));
        int length = (int) Math.min(most, found.count);
        int[] places = places(found.alphabet());
        long[] numbers = new long[length];
        Arrays.setAll(numbers, i -> places[last[most - length + i]]);
        return Array.of(Shape.of(1, length), numbers);
    }

    /// The numbers that the characters of a text have in an alphabet.
    private record Text(Series series, List<String> alphabet) {}

    private static Text inMemory(Path file, List<String> known) {
        Characters found = new Characters(known);
        int[][] all = {new int[PIECE]};
        InputFile.read(
                file,
                in -> pieces(file, in, (points, count, _) -> {
                    int from = (int) found.count;
                    found.add(file, points, count);
                    if (found.count > InputFile.MOST_BYTES) {
                        throw new GradusException(
                                "data-size",
                                "`" + file + "` has more than " + InputFile.MOST_BYTES
                                        + " characters, which is what fits. Leave it on the disk with `stream = true`.");
                    }
                    if (found.count > all[0].length) {
                        all[0] = Arrays.copyOf(all[0], (int) Math.min(InputFile.MOST_BYTES, 2L * all[0].length));
                    }
                    System.arraycopy(points, 0, all[0], from, count);
                }));
        List<String> alphabet = found.alphabet();
        int[] places = places(alphabet);
        long[] numbers = new long[(int) found.count];
        Arrays.setAll(numbers, i -> places[all[0][i]]);
        return new Text(new Series.InMemory(Array.of(Shape.of(numbers.length), numbers)), alphabet);
    }

    private static Text stored(StoredFile file, List<String> known) {
        Characters found = new Characters(known);
        FileIndex index = new FileIndex();
        long end = file.read(in -> pieces(file.path(), in, (points, count, place) -> {
            index.add(found.count, place);
            found.add(file.path(), points, count);
        }));
        index.end(found.count, end);
        List<String> alphabet = found.alphabet();
        return new Text(new StoredText(file, index, places(alphabet)), alphabet);
    }

    /// Takes some characters, the first `count` of an array, and where in the file they begin.
    @FunctionalInterface
    private interface Pieces {
        void take(int[] points, int count, long place);
    }

    /// Hands over all characters, some at a time, and says where the file ends.
    private static long pieces(Path file, InputStream in, Pieces pieces) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
        CharBuffer piece = CharBuffer.allocate(PIECE);
        int[] points = new int[PIECE];
        long read = 0; // up to the end of these bytes
        long place = 0;
        boolean ended = false;
        while (true) {
            CoderResult result = decoder.decode(bytes, piece, ended);
            if (result.isError()) {
                throw new GradusException(
                        "text-encoding", "`" + file + "` is no text in UTF-8. Save it as plain text in UTF-8.");
            }
            if (result.isOverflow() || ended) {
                int count = 0;
                for (int i = 0; i < piece.position(); i += Character.charCount(points[count++])) {
                    points[count] = Character.codePointAt(piece.array(), i, piece.position());
                }
                pieces.take(points, count, place);
                piece.clear();
                place = read - bytes.remaining();
            }
            if (result.isUnderflow()) {
                if (ended) {
                    return read;
                }
                bytes.compact();
                int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
                ended = count < 0;
                read += Math.max(0, count);
                bytes.position(bytes.position() + Math.max(0, count)).flip();
            }
        }
    }

    /// The number of each character, by its number in Unicode; -1 for those that are not in the alphabet.
    private static int[] places(List<String> alphabet) {
        int[] characters = alphabet.stream()
                .mapToInt(character -> character.codePointAt(0))
                .toArray();
        int[] places = new int[Arrays.stream(characters).max().orElse(0) + 1];
        Arrays.fill(places, -1);
        for (int i = 0; i < characters.length; i++) {
            places[characters[i]] = i;
        }
        return places;
    }

    /// What has been met of a text.
    private static final class Characters {
        private final List<String> known; // empty where all are welcome
        private final BitSet met = new BitSet();
        private long count;
        private long lines = 1;

        Characters(List<String> known) {
            this.known = known;
            known.forEach(character -> met.set(character.codePointAt(0)));
        }

        /// Looks at some more.
        void add(Path file, int[] points, int size) {
            for (int i = 0; i < size; i++) {
                int point = points[i];
                if (!met.get(point)) {
                    if (!known.isEmpty()) {
                        throw new GradusException(
                                "text-character",
                                "`" + file + "`, line " + lines + ", has the character `"
                                        + Character.toString(point) + "`, which is none of the " + known.size()
                                        + " that the model knows. Replace it.");
                    }
                    met.set(point);
                }
                lines += point == '\n' ? 1 : 0;
            }
            count += size;
        }

        /// The characters by their numbers: as they are known, or in the order of Unicode.
        List<String> alphabet() {
            return known.isEmpty() ? met.stream().mapToObj(Character::toString).toList() : known;
        }
    }
}
