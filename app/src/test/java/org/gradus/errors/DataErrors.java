package org.gradus.errors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.data.DataFiles;
import org.gradus.data.Examples;
import org.gradus.data.Form;
import org.gradus.data.Reading;
import org.gradus.data.Split;

/// The errors of files of data.
final class DataErrors {
    private static final String TABLE = "width,height,label\n1,2,wide\n3,4,tall\n";

    /// A PNG file of one gray pixel.
    private static final byte[] DOT = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    private DataErrors() {}

    static Stream<ErrorEntry> all() {
        return Stream.of(files(), tables(), images(), forms()).flatMap(entries -> entries);
    }

    private static Stream<ErrorEntry> files() {
        return Stream.of(
                entry(
                        "data-unknown",
                        "A file or folder holds no data of a known kind.",
                        "Give the path of one of those that are listed.",
                        () -> inFolder(
                                folder -> Files.writeString(folder.resolve("notes.doc"), "To be"), Reading.DEFAULT)),
                entry(
                        "file-empty",
                        "A file of data is empty.",
                        "Copy or download it again.",
                        () -> table("", Reading.DEFAULT)),
                entry(
                        "gzip-damaged",
                        "A file that is packed with gzip cannot be unpacked.",
                        "Copy or download it again; most often it breaks off.",
                        () -> inFolder(
                                folder -> {
                                    Path file = folder.resolve("table.csv.gz");
                                    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
                                        out.write(TABLE.getBytes(StandardCharsets.UTF_8));
                                    }
                                    byte[] whole = Files.readAllBytes(file);
                                    return Files.write(file, Arrays.copyOf(whole, whole.length / 2));
                                },
                                Reading.DEFAULT)),
                entry(
                        "data-size",
                        "Data take more memory than one array can hold.",
                        "Give fewer examples, or smaller ones; look whether a header is damaged.",
                        () -> idx(new int[] {2_000_000, 64, 64}, 2)),
                entry(
                        "split-class",
                        "A class, or a whole data set, has fewer examples than a split has parts.",
                        "Add examples, leave the class out, or give a part the share 0.",
                        () -> Split.of(
                                new Examples(
                                        Array.of(Shape.of(4, 1), 1f, 2f, 3f, 4f),
                                        Array.of(Shape.of(4), 0L, 0, 0, 1),
                                        List.of("common", "rare")),
                                1)));
    }

    private static Stream<ErrorEntry> tables() {
        return Stream.of(
                entry(
                        "csv-column",
                        "A CSV file lacks a column, or would have one as label and as feature.",
                        "Look for a typing error in the name.",
                        () -> table(TABLE, Reading.DEFAULT.withLabel("lable"))),
                entry(
                        "csv-fields",
                        "A row of a CSV file has more or fewer fields than there are columns.",
                        "Fill in what is missing, and put quotes around fields with separators in them.",
                        () -> table(TABLE + "5,6\n", Reading.DEFAULT)),
                entry(
                        "csv-header",
                        "The first line of a CSV file does not give each column a name of its own.",
                        "Put a line with the names before the rows.",
                        () -> table("1,2,wide\n3,4,tall\n", Reading.DEFAULT)),
                entry(
                        "csv-label",
                        "A row's label is missing, or none of the classes.",
                        "Mend the row or take it out; when classes were given, look whether all were.",
                        () -> table(TABLE + "5,6,\n", Reading.DEFAULT)),
                entry(
                        "csv-number",
                        "A column of numbers has a text, NaN, an infinite number or nothing in it.",
                        "Mend the row or take it out; leave columns of texts out, or name one as label.",
                        () -> table(TABLE + "NaN,6,tall\n", Reading.DEFAULT)),
                entry(
                        "csv-weight",
                        "A column of weights has a number below 0.",
                        "Give 0 to rows that are not to count.",
                        () -> table("a,w,label\n1,2,wide\n3,-4,tall\n", Reading.DEFAULT.withWeights("w"))),
                entry(
                        "csv-syntax",
                        "A file is no CSV in UTF-8.",
                        "Look for a quote that is not closed, and save the file as UTF-8.",
                        () -> table(TABLE + "\"5,6,tall\n", Reading.DEFAULT)));
    }

    private static Stream<ErrorEntry> images() {
        return Stream.of(
                entry(
                        "idx-magic",
                        "A file with the name of an IDX file is something else.",
                        "Give MNIST's files as they were published.",
                        () -> inFolder(
                                folder -> {
                                    Files.write(
                                            folder.resolve("train-images-idx3-ubyte"), new byte[] {60, 104, 116, 109});
                                    Files.write(folder.resolve("train-labels-idx1-ubyte"), new byte[8]);
                                    return folder;
                                },
                                Reading.DEFAULT)),
                entry(
                        "idx-length",
                        "An IDX file is shorter or longer than it says.",
                        "Copy or download it again.",
                        () -> idx(new int[] {2, 28, 28}, 2)),
                entry(
                        "idx-pair",
                        "Images and labels do not belong together, or there are no labels.",
                        "Put the two files of one data set into one folder.",
                        () -> idx(new int[] {2, 1, 1}, 3)),
                entry(
                        "cifar-length",
                        "A CIFAR-10 file does not consist of whole records.",
                        "Get the binary version again.",
                        () -> inFolder(
                                folder -> Files.write(folder.resolve("data_batch_1.bin"), new byte[4000]),
                                Reading.DEFAULT)),
                entry(
                        "picture-unreadable",
                        "A picture is damaged, or of a kind that is not known.",
                        "Save it again as PNG, or as JPEG in gray or RGB.",
                        () -> inFolder(
                                folder -> {
                                    Path sub = Files.createDirectory(folder.resolve("cat"));
                                    Files.writeString(sub.resolve("1.png"), "no picture");
                                    return folder;
                                },
                                Reading.DEFAULT)),
                entry(
                        "picture-size",
                        "Pictures are not of one size, or one is too large.",
                        "Ask for pictures to be resized, with `Reading.withSize` or `readResized`.",
                        () -> inFolder(
                                folder -> {
                                    new Form.Image(1, 28, 28).read(Files.write(folder.resolve("1.png"), DOT));
                                    return folder;
                                },
                                Reading.DEFAULT)),
                entry(
                        "picture-class",
                        "A sub-folder of a folder of pictures is no class.",
                        "Each is named after a class and holds pictures of it; remove others.",
                        () -> inFolder(
                                folder -> {
                                    Path sub = Files.createDirectory(folder.resolve("cat"));
                                    Files.write(sub.resolve("1.png"), DOT);
                                    Files.createDirectory(folder.resolve("dog"));
                                    return folder;
                                },
                                Reading.DEFAULT)));
    }

    private static Stream<ErrorEntry> forms() {
        return Stream.of(
                entry(
                        "form-size",
                        "A form of images or rows has no size, or one that pictures cannot have.",
                        "Images have 1 or more channels, rows and columns; rows have columns with different names.",
                        () -> new Form.Image(1, 0, 28)),
                entry(
                        "reading-labels",
                        "Several columns should be labels, but they are classes, or not as many as the model predicts.",
                        "Give columns of numbers, each once, or one column of classes.",
                        () -> Reading.DEFAULT.withTarget(Reading.Target.CLASSES).withLabel("width", "height")),
                entry(
                        "data-form",
                        "Data are of another form than was asked for.",
                        "Give data of the form that the model learnt from; only pictures in folders are converted.",
                        () -> table(TABLE, Reading.like(new Form.Image(1, 28, 28), List.of("0", "1")))));
    }

    /// Something that is made in a folder.
    @FunctionalInterface
    private interface Made {
        Path in(Path folder) throws IOException;
    }

    /// Reads what is made in a folder of its own, which goes away afterwards.
    private static void inFolder(Made made, Reading reading) throws IOException {
        Path root = Files.createTempDirectory("gradus-errors");
        try {
            DataFiles.read(made.in(Files.createDirectory(root.resolve("mine"))), reading);
        } finally {
            List<Path> all;
            try (Stream<Path> files = Files.walk(root)) {
                all = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : all) {
                Files.delete(path);
            }
        }
    }

    private static void table(String text, Reading reading) throws IOException {
        inFolder(folder -> Files.writeString(folder.resolve("table.csv"), text), reading);
    }

    /// Images of which only two pixels are there, and labels.
    private static void idx(int[] sizes, int labels) throws IOException {
        inFolder(
                folder -> {
                    ByteBuffer images = ByteBuffer.allocate(18).putInt(0x803);
                    for (int size : sizes) {
                        images.putInt(size);
                    }
                    Files.write(folder.resolve("train-images-idx3-ubyte"), images.array());
                    ByteBuffer numbers =
                            ByteBuffer.allocate(8 + labels).putInt(0x801).putInt(labels);
                    Files.write(folder.resolve("train-labels-idx1-ubyte"), numbers.array());
                    return folder;
                },
                Reading.DEFAULT);
    }

    private static ErrorEntry entry(String kind, String when, String remedy, ThrowingCallable cause) {
        return new ErrorEntry(kind, when, remedy, cause);
    }
}
