package org.gradus.data;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// A text file in UTF-8, of which a model learns what character comes next. Each character is a class.
final class TextFile {
    /// The length of windows where none is said.
    static final int WINDOW = 64;

    private TextFile() {}

    /// Whether this is a file with such a name.
    static boolean isOne(Path path) {
        return Files.isRegularFile(path)
                && path.getFileName().toString().toLowerCase(Locale.ROOT).matches(".+\\.txt(\\.gz)?");
    }

    static DataFiles read(Path file, Reading reading) {
        int[] text = characters(file);
        int window = reading.window() == 0 ? WINDOW : reading.window();
        List<String> classes = reading.classes().isEmpty() ? alphabet(text) : reading.classes();
        Array numbers = numbers(file, text, classes);
        if (text.length <= window) {
            throw new GradusException(
                    "window-size",
                    "`" + file + "` has " + text.length + " characters, but windows of " + window
                            + " and a character after it are cut out. Give a longer text, or a smaller window.");
        }
        return new DataFiles(new Form.Text(classes, window), Windows.ofNext(numbers, window, window, classes), null);
    }

    /// The last characters of a file, at most so many, as numbers `int64[1, length]`.
    static Array end(Path file, List<String> alphabet, int most) {
        int[] text = characters(file);
        Array numbers = numbers(file, text, alphabet);
        int length = Math.min(most, text.length);
        long[] end = Arrays.copyOfRange(numbers.toLongs(), text.length - length, text.length);
        return Array.of(Shape.of(1, length), end);
    }

    private static int[] characters(Path file) {
        return InputFile.read(file, in -> {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(in.readAllBytes()))
                        .codePoints()
                        .toArray();
            } catch (CharacterCodingException e) {
                throw new GradusException(
                        "text-encoding", "`" + file + "` is no text in UTF-8. Save it as plain text in UTF-8.", e);
            }
        });
    }

    /// The different characters, by their numbers in Unicode.
    private static List<String> alphabet(int[] text) {
        return Arrays.stream(text)
                .distinct()
                .sorted()
                .mapToObj(Character::toString)
                .toList();
    }

    private static Array numbers(Path file, int[] text, List<String> alphabet) {
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < alphabet.size(); i++) {
            places.put(alphabet.get(i).codePointAt(0), i);
        }
        long[] numbers = new long[text.length];
        int line = 1;
        for (int i = 0; i < text.length; i++) {
            Integer place = places.get(text[i]);
            if (place == null) {
                throw new GradusException(
                        "text-character",
                        "`" + file + "`, line " + line + ", has the character `" + Character.toString(text[i])
                                + "`, which is none of the " + alphabet.size()
                                + " that the model knows. Replace it.");
            }
            numbers[i] = place;
            line += text[i] == '\n' ? 1 : 0;
        }
        return Array.of(Shape.of(numbers.length), numbers);
    }
}
