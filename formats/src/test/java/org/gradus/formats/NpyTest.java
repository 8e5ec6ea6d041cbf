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
import java.util.List;
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
import org.junit.jupiter.params.provider.MethodSource;

class NpyTest {
    /// Written by NumPy: `numpy.array([[1.5, -2], [nan, inf], [0, 1e300]])`.
    private static final String FLOATS =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDIpLCB9ICAgICAg"
                    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAD4PwAAAAAAAADAAAAAAAAA"
                    + "+H8AAAAAAADwfwAAAAAAAAAAnHUAiDzkN34=";

    /// Written by NumPy: `numpy.arange(24).reshape(2, 3, 4)` as `>i4` in Fortran order, version 2.
    private static final String COLUMNS =
            "k05VTVBZAgB0AAAAeydkZXNjcic6ICc+aTQnLCAnZm9ydHJhbl9vcmRlcic6IFRydWUsICdzaGFwZSc6ICgyLCAzLCA0KSwgfSAg"
                    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAADAAAAAQAAAAQAAAACAAA"
                    + "ABQAAAABAAAADQAAAAUAAAARAAAACQAAABUAAAACAAAADgAAAAYAAAASAAAACgAAABYAAAADAAAADwAAAAcAAAATAAAACwAAABc=";

    /// Written by NumPy: `numpy.array(7, 'f2')`.
    private static final String HALF =
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAg"
                    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoARw==";

    @TempDir
    private Path folder;

    @Test
    void readsWhatNumpyWrote() {
        Array floats = Npy.parse("floats", Base64.getDecoder().decode(FLOATS));
        assertThat(floats.type()).isEqualTo(TensorType.of(Type.FLOAT64, 3, 2));
        assertThat(floats.toDoubles()).containsExactly(1.5, -2, Double.NaN, Double.POSITIVE_INFINITY, 0, 1e300);

        Array columns = Npy.parse("columns", Base64.getDecoder().decode(COLUMNS));
        assertThat(columns.type()).isEqualTo(TensorType.of(Type.INT32, 2, 3, 4));
        for (int i = 0; i < 24; i++) {
            assertThat(columns.getLong(i)).isEqualTo(i);
        }

        Array half = Npy.parse("half", Base64.getDecoder().decode(HALF));
        assertThat(half.type()).isEqualTo(TensorType.of(Type.FLOAT32));
        assertThat(half.get(0)).isEqualTo(7);
    }

    static Stream<Array> arrays() {
        int many = 70_000; // more than one chunk
        double[] doubles = new double[many];
        long[] longs = new long[many];
        Arrays.setAll(doubles, i -> Math.sqrt(i) - 100);
        Arrays.setAll(longs, i -> (1L << 60) + i);
        return Stream.of(
                Array.of(Shape.of(2, 2), -0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY),
                Array.of(Shape.of(many), doubles),
                Array.of(Shape.of(7, many / 7), longs),
                Array.of(Shape.of(1, 1, 3), Integer.MIN_VALUE, 0, Integer.MAX_VALUE),
                Array.of(Shape.of(5), true, false, false, true, true),
                Array.of(Shape.SCALAR, 42.0),
                Array.zeros(TensorType.of(Type.INT64, 3, 0, 2)));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void writesWhatItReads(Array array) throws IOException {
        Path file = folder.resolve("a.npy");
        Npy.write(file, Array.zeros(TensorType.of(Type.BOOL, 1)));
        Npy.write(file, array);
        Array again = Npy.read(file);
        assertThat(again.type()).isEqualTo(array.type());
        assertThat(again.storage()).isEqualTo(array.storage());
        assertThat(Files.size(file) - array.count() * (long) array.type().type().bytes())
                .as("the first element is aligned")
                .matches(header -> header % 64 == 0);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("nothing temporary stays").containsExactly(file);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "|i1, int32, -1 127", "|u1, int32, 255 127", "<i2, int32, -2 256", ">i2, int32, -257 1",
                "<u2, int32, 65534 256",
        "|b1, bool, 1 1", ">u4, int64, 4278190335 1", "<i4, int32, -1 1", ">i8, int64, -1 1", "<f2, float32, NaN 1",
        ">f2, float32, -2 1", "<f4, float32, 1 -0.5", ">f8, float64, 1 -0.5"
    })
    void readsEveryElementType(String description, String type, String values) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        switch (description) {
            case "|i1", "|u1", "|b1" -> bytes.put((byte) -1).put((byte) 127);
            case "<i2", "<u2" -> little(bytes).putShort((short) -2).putShort((short) 256);
            case ">i2" -> bytes.putShort((short) -257).putShort((short) 1);
            case ">u4" -> bytes.putInt(0xFF0000FF).putInt(1);
            case "<i4" -> little(bytes).putInt(-1).putInt(1);
            case ">i8" -> bytes.putLong(-1).putLong(1);
            case "<f2" -> little(bytes).putShort((short) 0x7E00).putShort((short) 0x3C00);
            case ">f2" -> bytes.putShort((short) 0xC000).putShort((short) 0x3C00);
            case "<f4" -> little(bytes).putFloat(1).putFloat(-0.5f);
            case ">f8" -> bytes.putDouble(1).putDouble(-0.5);
            default -> throw new AssertionError(description);
        }
        byte[] data = Arrays.copyOf(bytes.array(), bytes.position());
        Array array = Npy.parse("a", npy(1, header(description, "False", "(2L,)"), data));
        assertThat(array.type()).isEqualTo(TensorType.of(Type.parse(type), 2));
        assertThat(array.toDoubles())
                .containsExactly(Stream.of(values.split(" ", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray());
    }

    @Test
    void readsVersion3AndKeysInAnyOrder() {
        String header = "{\"shape\": ( 1 , 2 ), 'descr': '|u1', 'fortran_order': True}\n";
        assertThat(Npy.parse("a", npy(3, header, (byte) 1, (byte) 2)).toLongs()).containsExactly(1, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "npy-magic         # empty     # does not begin with",
                "npy-magic         # zip       # does not begin with",
                "npy-version       # version   # is of version 9",
                "npy-length        # cut-head  # ends within its header",
                "npy-length        # cut-start # ends within its header",
                "npy-length        # huge-head # ends within its header",
                "npy-length        # cut       # has 15 bytes behind its header, but [2] elements of 8 bytes take 16",
                "npy-length        # longer    # has 17 bytes behind its header",
                "npy-length        # promised  # but [2000000000] elements of 8 bytes take 16000000000",
                "npy-type          # c16       # has elements of type '<c16'",
                "npy-type          # order     # has elements of type '|f8'",
                "npy-type          # record    # has elements of type [('x', '<f4'), ('y', '<f4')]",
                "npy-header        # garbage   # header that cannot be read",
                "npy-header        # key       # header that cannot be read",
                "npy-header        # more      # header that cannot be read",
                "npy-header        # order-no  # header that cannot be read",
                "npy-header        # negative  # header that cannot be read",
                "npy-header        # behind    # header that cannot be read",
                "npy-size          # product   # at most 2147483647 elements",
                "npy-size          # size      # at most 2147483647 elements",
            })
    void saysWhatIsWrongWithAFile(String kind, String damage, String fact) throws IOException {
        Path file = Files.write(folder.resolve(damage + ".npy"), damaged(damage));
        assertThatThrownBy(() -> Npy.read(file))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(fact);
    }

    @Test
    void everyCutOffFileAndEveryFlippedBitIsAnErrorOrAnArray() {
        byte[] whole = npy(1, header("<f8", "False", "(2,)"), new byte[16]);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Npy.parse("cut", cut)).isInstanceOf(GradusException.class);
        }
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(Npy.parse("flipped", flipped).count()).isBetween(0, 16);
            } catch (GradusException e) {
                assertThat(e).hasMessageContaining("`flipped`");
            }
        }
    }

    @Test
    void saysWhenThereIsNoFileAndWhenItCannotBeWritten() {
        Path missing = folder.resolve("missing.npy");
        assertThatThrownBy(() -> Npy.read(missing))
                .hasMessageContaining("There is no file")
                .hasMessageContaining("missing.npy");
        assertThatThrownBy(() -> Npy.read(folder)).hasMessageContaining("could not be read");
        Path nowhere = folder.resolve("none").resolve("a.npy");
        Array array = Array.of(Shape.of(1), 1.0);
        assertThatThrownBy(() -> Npy.write(nowhere, array)).hasMessageContaining("could not be written");
    }

    @Test
    void anInterruptedWriteKeepsTheOldFile() throws IOException {
        Path file = folder.resolve("a.npy");
        Npy.write(file, Array.of(Shape.of(1), 1.0));
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    out.write(1);
                    throw new IOException("no room");
                }))
                .hasMessageContaining("no room");
        assertThat(Npy.read(file).get(0)).isEqualTo(1);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEqualTo(List.of(file));
        }
    }

    private static byte[] damaged(String damage) {
        byte[] two = new byte[16];
        String good = header("<f8", "False", "(2,)");
        byte[] whole = npy(1, good, two);
        return switch (damage) {
            case "empty" -> new byte[0];
            case "zip" -> "PK\3\4 and more".getBytes(StandardCharsets.ISO_8859_1);
            case "version" -> npy(9, good, two);
            case "cut-head" -> Arrays.copyOf(whole, 60);
            case "cut-start" -> Arrays.copyOf(whole, 9);
            case "huge-head" -> {
                byte[] huge = npy(2, good, two);
                huge[11] = (byte) 0xFF;
                yield huge;
            }
            case "cut" -> Arrays.copyOf(whole, whole.length - 1);
            case "longer" -> Arrays.copyOf(whole, whole.length + 1);
            case "promised" -> npy(1, header("<f8", "False", "(2000000000,)"), two);
            case "c16" -> npy(1, header("<c16", "False", "(1,)"), two);
            case "order" -> npy(1, header("|f8", "False", "(2,)"), two);
            case "record" ->
                npy(1, "{'descr': [('x', '<f4'), ('y', '<f4')], 'fortran_order': False, 'shape': (2,), }\n", two);
            case "garbage" -> npy(1, "\0\1\2\3 nothing of sense", two);
            case "key" -> npy(1, "{'descr': '<f8', 'shape': (2,), }\n", two);
            case "more" -> npy(1, good.replace("}", "'more': 1}"), two);
            case "order-no" -> npy(1, header("<f8", "Perhaps", "(2,)"), two);
            case "negative" -> npy(1, header("<f8", "False", "(-2,)"), two);
            case "behind" -> npy(1, good.strip() + " 1\n", two);
            case "product" -> npy(1, header("<f8", "False", "(65536, 65536)"), two);
            case "size" -> npy(1, header("<f8", "False", "(99999999999999999999,)"), two);
            default -> throw new AssertionError(damage);
        };
    }

    private static String header(String description, String fortran, String shape) {
        return "{'descr': '" + description + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
    }

    private static byte[] npy(int version, String header, byte... data) {
        ByteBuffer bytes = little(ByteBuffer.allocate(12 + header.length() + data.length));
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            bytes.putShort((short) header.length());
        } else {
            bytes.putInt(header.length());
        }
        bytes.put(header.getBytes(StandardCharsets.ISO_8859_1)).put(data);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static ByteBuffer little(ByteBuffer bytes) {
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }
}
