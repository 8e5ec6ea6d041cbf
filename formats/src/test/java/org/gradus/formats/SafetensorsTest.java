package org.gradus.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    /// Written by Python's `safetensors.numpy.save`: `w` `f4[3, 2]`, `n` `i8[]`, `d` `f8[1]`, `h` `f2[2]`, `m` `b1[3]`,
    /// `i` `i4[2]`, `e` `f4[0, 3]`, and the metadata `format: pt`.
    private static final String FROM_PYTHON =
            "qAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJuIjp7ImR0eXBlIjoiSTY0Iiwic2hhcGUiOltd"
                    + "LCJkYXRhX29mZnNldHMiOlswLDhdfSwiZCI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6"
                    + "WzgsMTZdfSwiZSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMCwzXSwiZGF0YV9vZmZzZXRzIjpbMTYsMTZdfSwidyI6"
                    + "eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMywyXSwiZGF0YV9vZmZzZXRzIjpbMTYsNDBdfSwiaSI6eyJkdHlwZSI6Ikkz"
                    + "MiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzQwLDQ4XX0sImgiOnsiZHR5cGUiOiJGMTYiLCJzaGFwZSI6WzJd"
                    + "LCJkYXRhX29mZnNldHMiOls0OCw1Ml19LCJtIjp7ImR0eXBlIjoiQk9PTCIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0"
                    + "cyI6WzUyLDU1XX19ICAgICAgBwAAAAAAAACcdQCIPOQ3fgAAwD8AAADAAADAfwAAgH8AAAAAAABAQP////////9/ADgA"
                    + "wAEAAQ==";

    @TempDir
    private Path folder;

    @Test
    void readsWhatPythonWrote() throws IOException {
        Safetensors file = read(Base64.getDecoder().decode(FROM_PYTHON));

        assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
        assertThat(file.arrays()).containsOnlyKeys("w", "n", "d", "h", "m", "i", "e");
        Array w = file.arrays().get("w");
        assertThat(w.type()).isEqualTo(TensorType.of(Type.FLOAT32, 3, 2));
        assertThat(w.toDoubles()).containsExactly(1.5, -2, Double.NaN, Double.POSITIVE_INFINITY, 0, 3);
        assertThat(file.arrays().get("n").type()).isEqualTo(TensorType.of(Type.INT64));
        assertThat(file.arrays().get("n").getLong(0)).isEqualTo(7);
        assertThat(file.arrays().get("d").toDoubles()).containsExactly(1e300);
        assertThat(file.arrays().get("h").type()).isEqualTo(TensorType.of(Type.FLOAT32, 2));
        assertThat(file.arrays().get("h").toDoubles()).containsExactly(0.5, -2);
        assertThat(file.arrays().get("m").type()).isEqualTo(TensorType.of(Type.BOOL, 3));
        assertThat(file.arrays().get("m").toLongs()).containsExactly(1, 0, 1);
        assertThat(file.arrays().get("i").toLongs()).containsExactly(-1, Integer.MAX_VALUE);
        assertThat(file.arrays().get("e").type()).isEqualTo(TensorType.of(Type.FLOAT32, 0, 3));
    }

    @Test
    void writesWhatPythonWrites() throws IOException {
        byte[] python = Base64.getDecoder().decode(FROM_PYTHON);
        Safetensors file = read(python);
        Map<String, Array> same = new LinkedHashMap<>(file.arrays());
        same.remove("h"); // comes back as float32
        Path ours = folder.resolve("ours.safetensors");
        new Safetensors(same, file.metadata()).write(ours);

        Safetensors again = Safetensors.read(ours);
        assertThat(again.metadata()).isEqualTo(file.metadata());
        assertThat(again.arrays().keySet()).containsExactly("d", "n", "e", "i", "w", "m");
        again.arrays().forEach((name, array) -> {
            assertThat(array.type()).isEqualTo(same.get(name).type());
            assertThat(array.storage()).as(name).isEqualTo(same.get(name).storage());
        });
        byte[] bytes = Files.readAllBytes(ours);
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(header % 8).as("the data are aligned").isZero();
        assertThat(new String(bytes, 8, (int) header, StandardCharsets.UTF_8))
                .startsWith("{\"__metadata__\":{\"format\":\"pt\"},\"d\":{\"dtype\":\"F64\",\"shape\":[1],"
                        + "\"data_offsets\":[0,8]},\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[8,16]},");
        assertThat(WholeFolder.list(folder)).as("nothing temporary stays").hasSize(2);
    }

    @Test
    void manyNumbersUnderAnyNameComeBack() {
        double[] doubles = new double[70_000]; // more than one chunk
        Arrays.setAll(doubles, i -> Math.sqrt(i) - 100);
        Map<String, Array> arrays = Map.of("größe \"1\"\n", Array.of(Shape.of(7, 10_000), doubles));
        Path file = folder.resolve("a.safetensors");
        Safetensors.of(arrays).write(file);

        Array again = Safetensors.read(file).arrays().get("größe \"1\"\n");
        assertThat(again.type()).isEqualTo(TensorType.of(Type.FLOAT64, 7, 10_000));
        assertThat(again.storage()).isEqualTo(doubles);
    }

    @Test
    void anEmptyFileHasNoArrays() throws IOException {
        assertThat(read(file("{}", 0)).arrays()).isEmpty();
        Path file = folder.resolve("none.safetensors");
        Safetensors.of(Map.of()).write(file);
        assertThat(Safetensors.read(file)).isEqualTo(Safetensors.of(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "BF16, float32, 80 3F 20 C1, 1 -10",
        "F16,  float32, 00 3C 00 FC, 1 -Infinity",
        "I8,   int32,   FF 7F,       -1 127",
        "U8,   int32,   FF 7F,       255 127",
        "I16,  int32,   FE FF 00 01, -2 256",
        "U16,  int32,   FE FF 00 01, 65534 256",
        "U32,  int64,   FF FF FF FF 01 00 00 00, 4294967295 1",
        "BOOL, bool,    01 00,       1 0"
    })
    void readsEveryElementType(String word, String type, String hex, String values) throws IOException {
        byte[] data = new byte[hex.split(" ", -1).length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) Integer.parseInt(hex.split(" ", -1)[i], 16);
        }
        byte[] file = file(entry("a", word, "[2]", 0, data.length), data.length);
        System.arraycopy(data, 0, file, file.length - data.length, data.length);

        Array array = read(file).arrays().get("a");
        assertThat(array.type()).isEqualTo(TensorType.of(Type.parse(type), 2));
        assertThat(array.toDoubles())
                .containsExactly(Stream.of(values.split(" ", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "safetensors-length  # empty     # it has 0 bytes, and its header takes at least 8",
                "safetensors-length  # short     # it has 7 bytes",
                "safetensors-length  # cut-head  # it has 20 bytes, and its header takes",
                "safetensors-length  # negative  # ends within its header",
                "safetensors-length  # npy       # Is it a .safetensors file",
                "safetensors-length  # cut       # has 23 bytes behind its header, but `b` ends at byte 24",
                "safetensors-length  # longer    # has 25 bytes behind its header, but `b` ends at byte 24",
                "json                # garbage   # is no JSON",
                "json                # list      # does not say what it should",
                "json                # behind    # line 1",
                "json                # twice     # Duplicate",
                "json                # utf-8     # is no JSON",
                "safetensors-header  # number    # says of `a` 3, but should say it like",
                "safetensors-header  # no-type   # says of `a` {shape=[2], data_offsets=[0, 8]}",
                "safetensors-header  # more      # says of `a`",
                "safetensors-header  # below     # says of `a` {dtype=F32, shape=[-2], data_offsets=[0, 8]}",
                "safetensors-header  # fraction  # shape=[2.5]",
                "safetensors-header  # three     # data_offsets=[0, 8, 9]",
                "safetensors-header  # metadata  # has the `__metadata__` {a=1}, but that is an object of texts",
                "safetensors-type    # type      # The array `a` in",
                "safetensors-offsets # bytes     # has the bytes 0 to 8, but F32[3] takes 12",
                "safetensors-offsets # backwards # has the bytes 8 to 0, but F32[0] takes 0",
                "safetensors-offsets # overlap   # `b` in ~FILE~ begins at byte 4, but `a` ends at byte 8",
                "safetensors-offsets # gap       # `b` in ~FILE~ begins at byte 12, but `a` ends at byte 8",
                "safetensors-offsets # late      # `a` in ~FILE~ begins at byte 8, but the header ends at byte 0",
                "safetensors-size    # product   # has the shape [65536, 65536], and an array holds at most 2147483647",
                "safetensors-size    # size      # has the shape [4294967296], and an array holds at most 2147483647",
                "safetensors-header  # huge      # has a header of 100000001 bytes, but the format allows at most"
            })
    void saysWhatIsWrongWithAFile(String kind, String damage, String fact) throws IOException {
        Path file = Files.write(folder.resolve(damage + ".safetensors"), damaged(damage));
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(fact.replace("~FILE~", "`" + file + "`"));
    }

    @Test
    void everyCutOffFileAndEveryFlippedBitIsAnErrorOrArrays() throws IOException {
        byte[] whole = file(entry("a", "F32", "[2]", 0, 8) + "," + entry("b", "I64", "[1, 2]", 8, 24), 24);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(GradusException.class);
        }
        int errors = 0;
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(read(flipped).arrays()).hasSizeLessThanOrEqualTo(2);
            } catch (GradusException e) {
                errors++;
                assertThat(e).hasMessageContaining("read.safetensors");
            }
        }
        assertThat(errors).isGreaterThan(8 * 8);
    }

    @Test
    void theKeyOfTheMetadataIsNoName() {
        assertThatThrownBy(() -> Safetensors.of(Map.of("__metadata__", Array.of(Shape.of(1), 1f))))
                .hasMessageContaining("is called `__metadata__`");
    }

    @Test
    void missingFilesAreTold() {
        assertThatThrownBy(() -> Safetensors.read(folder.resolve("none.safetensors")))
                .hasMessageContaining("There is no file");
    }

    private static byte[] damaged(String damage) {
        String a = entry("a", "F32", "[2]", 0, 8);
        byte[] whole = file(a + "," + entry("b", "I64", "[2]", 8, 24), 24);
        return switch (damage) {
            case "empty" -> new byte[0];
            case "short" -> Arrays.copyOf(whole, 7);
            case "cut-head" -> Arrays.copyOf(whole, 20);
            case "negative" -> {
                whole[7] = (byte) 0x80;
                yield whole;
            }
            case "npy" -> "\u0093NUMPY\1\0v\0{'descr': '<f8'".getBytes(StandardCharsets.ISO_8859_1);
            case "cut" -> Arrays.copyOf(whole, whole.length - 1);
            case "longer" -> Arrays.copyOf(whole, whole.length + 1);
            case "garbage" -> file("nothing of sense", 8);
            case "list" -> file("[1, 2]", 0);
            case "behind" -> file("{" + a + "} 1", 8);
            case "twice" -> file(a + "," + a, 8);
            case "utf-8" -> {
                whole[10] = (byte) 0xFF;
                yield whole;
            }
            case "number" -> file("\"a\": 3", 8);
            case "no-type" -> file("\"a\": {\"shape\": [2], \"data_offsets\": [0, 8]}", 8);
            case "more" -> file(a.replace("}", ", \"more\": 1}"), 8);
            case "below" -> file(entry("a", "F32", "[-2]", 0, 8), 8);
            case "fraction" -> file(entry("a", "F32", "[2.5]", 0, 8), 8);
            case "three" -> file(a.replace("8]", "8, 9]"), 8);
            case "metadata" -> file("\"__metadata__\": {\"a\": 1}," + a, 8);
            case "type" -> file(entry("a", "F8_E4M3", "[8]", 0, 8), 8);
            case "bytes" -> file(entry("a", "F32", "[3]", 0, 8), 8);
            case "backwards" -> file(entry("a", "F32", "[0]", 8, 0), 8);
            case "overlap" -> file(a + "," + entry("b", "F32", "[2]", 4, 12), 12);
            case "gap" -> file(a + "," + entry("b", "F32", "[2]", 12, 20), 20);
            case "late" -> file(entry("a", "F32", "[2]", 8, 16), 16);
            case "product" -> file(entry("a", "F32", "[65536, 65536]", 0, 8), 8);
            case "size" -> file(entry("a", "F32", "[4294967296]", 0, 8), 8);
            case "huge" -> file(" ".repeat(99_999_999), 8);
            default -> throw new AssertionError(damage);
        };
    }

    private Safetensors read(byte[] bytes) throws IOException {
        return Safetensors.read(Files.write(folder.resolve("read.safetensors"), bytes));
    }

    private static String entry(String name, String word, String shape, long from, long to) {
        return "\"%s\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
                .formatted(name, word, shape, from, to);
    }

    /// A file with this header (in braces, if it has none) and zeros.
    private static byte[] file(String header, int zeros) {
        String text = header.startsWith("\"") || header.startsWith(" ") ? "{" + header + "}" : header;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length + zeros)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .put(bytes)
                .array();
    }
}
