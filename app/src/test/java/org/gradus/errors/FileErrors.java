package org.gradus.errors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.formats.Json;
import org.gradus.formats.Npy;
import org.gradus.formats.Safetensors;

/// The errors of files.
final class FileErrors {
    private static final String HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";

    private FileErrors() {}

    static Stream<ErrorEntry> all() {
        return Stream.of(files(), arrays(), safetensors()).flatMap(entries -> entries);
    }

    private static Stream<ErrorEntry> files() {
        return Stream.of(
                entry(
                        "file-missing",
                        "A file that should be read is not there.",
                        "Look at the path, and at the folder that the program was started in.",
                        () -> inFolder(folder -> Npy.read(folder.resolve("weight.npy")))),
                entry(
                        "file-read",
                        "A file is there, but cannot be read.",
                        "Look whether it is a file and not a folder, and who may read it.",
                        () -> inFolder(folder -> Npy.read(Files.createDirectory(folder.resolve("weight.npy"))))),
                entry(
                        "file-write",
                        "A file cannot be written.",
                        "Look whether its folder exists, who may write there, and whether there is room. The old"
                                + " file, if there was one, is as it was.",
                        () -> inFolder(folder -> Npy.write(
                                folder.resolve("run").resolve("weight.npy"), Array.of(Shape.of(2), 1f, 2f)))));
    }

    private static Stream<ErrorEntry> arrays() {
        return Stream.of(
                entry(
                        "npy-magic",
                        "A file that is called `.npy` is something else.",
                        "Unpack `.npz` archives, and save the array with `numpy.save`.",
                        () -> read("1.0,2.0,3.0\n".getBytes(StandardCharsets.US_ASCII))),
                entry(
                        "npy-version",
                        "A `.npy` file is of a version that is not known.",
                        "Save it again with `numpy.save`.",
                        () -> read(npy(4, HEADER, 48))),
                entry(
                        "npy-header",
                        "A `.npy` file does not say in the right form what is in it.",
                        "Save it again with `numpy.save`.",
                        () -> read(npy(1, "{'descr': '<f8'}", 48))),
                entry(
                        "npy-type",
                        "The elements of a `.npy` file are of a type that no array has.",
                        "Convert them before saving, such as with `a.astype('f8')`.",
                        () -> read(npy(1, HEADER.replace("<f8", "<u8"), 48))),
                entry(
                        "npy-size",
                        "The array in a `.npy` file has more than 2^31 - 1 elements.",
                        "Save it in parts.",
                        () -> read(npy(1, HEADER.replace("(2, 3)", "(70000, 70000)"), 0))),
                entry(
                        "npy-length",
                        "A `.npy` file is shorter or longer than it says.",
                        "Copy it anew; look whether something else writes it.",
                        () -> read(npy(1, HEADER, 40))));
    }

    private static Stream<ErrorEntry> safetensors() {
        String type = "\"dtype\": \"F32\", \"shape\": [2], ";
        return Stream.of(
                entry(
                        "safetensors-length",
                        "A `.safetensors` file is shorter or longer than it says, or something else.",
                        "Copy it anew; look whether something else writes it.",
                        () -> readTensors("{\"weight\": {" + type + "\"data_offsets\": [0, 8]}}", 7)),
                entry(
                        "safetensors-header",
                        "A `.safetensors` file does not say in the right form what is in it.",
                        "Save it again.",
                        () -> readTensors("{\"weight\": {" + type + "\"data_offsets\": 0}}", 8)),
                entry(
                        "safetensors-type",
                        "The elements of a `.safetensors` file are of a type that no array has.",
                        "Convert them before saving, such as with `tensor.to(torch.float32)`.",
                        () -> readTensors(
                                "{\"weight\": {" + type.replace("F32", "F8_E4M3") + "\"data_offsets\": [0, 2]}}", 2)),
                entry(
                        "safetensors-offsets",
                        "The arrays of a `.safetensors` file overlap, leave gaps, or have too many or too few bytes.",
                        "Save it again.",
                        () -> readTensors("{\"weight\": {" + type + "\"data_offsets\": [0, 6]}}", 6)),
                entry(
                        "safetensors-size",
                        "An array in a `.safetensors` file has more than 2^31 - 1 elements.",
                        "Save it in parts.",
                        () -> readTensors(
                                "{\"weight\": {" + type.replace("[2]", "[3000000000]") + "\"data_offsets\": [0, 8]}}",
                                8)),
                entry(
                        "safetensors-name",
                        "An array that should be written has the name that the format keeps for itself.",
                        "Call it something else.",
                        () -> Safetensors.of(Map.of("__metadata__", Array.of(Shape.of(1), 1f)))),
                entry(
                        "json",
                        "A JSON file is damaged, or says something else than it should.",
                        "Look at the line; write it anew with the program that made it.",
                        () -> inFolder(folder ->
                                Json.read(Files.writeString(folder.resolve("run.json"), "{\"steps\": 1"), Map.class))));
    }

    private static void readTensors(String header, int zeros) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        byte[] file = ByteBuffer.allocate(8 + text.length + zeros)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
        inFolder(folder -> Safetensors.read(Files.write(folder.resolve("model.safetensors"), file)));
    }

    /// A `.npy` file with this header, and zeros.
    private static byte[] npy(int version, String header, int zeros) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0, (byte) text.length, 0};
        byte[] file = new byte[start.length + text.length + zeros];
        System.arraycopy(start, 0, file, 0, start.length);
        System.arraycopy(text, 0, file, start.length, text.length);
        return file;
    }

    private static void read(byte[] file) throws IOException {
        inFolder(folder -> Npy.read(Files.write(folder.resolve("weight.npy"), file)));
    }

    /// What is done in a folder.
    @FunctionalInterface
    interface Use {
        void of(Path folder) throws IOException;
    }

    /// Does it in an empty folder, which goes away afterwards.
    static void inFolder(Use use) throws IOException {
        Path folder = Files.createTempDirectory("gradus-errors");
        try {
            use.of(folder);
        } finally {
            try (Stream<Path> inside = Files.walk(folder)) {
                for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static ErrorEntry entry(String kind, String when, String remedy, ThrowingCallable cause) {
        return new ErrorEntry(kind, when, remedy, cause);
    }
}
