package org.gradus.data;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.jspecify.annotations.Nullable;

/// Pairs of IDX files, one of gray images and one of labels, as MNIST has them: `train-images-idx3-ubyte` and
/// `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and so on, each packed with gzip or not. A file begins with the
/// bytes 0 0 8 (for unsigned bytes), the number of its axes and their sizes, four bytes each, the highest first.
///
/// LeCun, Cortes, Burges: *The MNIST database of handwritten digits*, 1998; <https://yann.lecun.org/exdb/mnist>
final class IdxFiles {
    private static final Pattern NAME = Pattern.compile("(.*)(images|labels)[-.]idx[13]-ubyte(\\.gz)?");
    private static final int HEADER = 16; // of images
    private static final List<String> TEST = List.of("t10k-", "test-");

    private IdxFiles() {}

    /// Whether this has the name of such a file, or is a folder with images to train on.
    static boolean isOne(Path path) {
        return Files.isDirectory(path)
                ? find(path, "train-", "images").isPresent()
                : NAME.matcher(path.getFileName().toString()).matches();
    }

    static DataFiles read(Path path, Reading reading) {
        if (!Files.isDirectory(path)) {
            return data(pair(images(path), reading), null, reading);
        }
        Pair training = pair(find(path, "train-", "images").orElseThrow(), reading);
        Optional<Path> test = TEST.stream()
                .flatMap(start -> find(path, start, "images").stream())
                .findFirst();
        return data(training, test.isPresent() ? pair(test.get(), reading) : null, reading);
    }

    /// Images and labels that belong together.
    private record Pair(Path images, Path labels, Features pixels, Array numbers) {
        Shape shape() {
            return pixels.one();
        }
    }

    private static DataFiles data(Pair training, @Nullable Pair test, Reading reading) {
        List<String> classes = reading.classes().isEmpty()
                ? classes(test == null ? List.of(training) : List.of(training, test))
                : reading.classes();
        Form.Image form =
                new Form.Image(1, training.shape().size(1), training.shape().size(2));
        DataFiles data = new DataFiles(form, examples(training, classes), null);
        if (test == null) {
            return data;
        }
        if (!test.shape().equals(training.shape())) {
            throw new GradusException(
                    "data-form",
                    "`" + test.images() + "` has images of " + test.shape().size(2) + "x"
                            + test.shape().size(1) + " pixels, but `" + training.images() + "` such of " + form.width()
                            + "x" + form.height() + ". Give files that belong together.");
        }
        return data.withTest(examples(test, classes));
    }

    private static Examples examples(Pair pair, List<String> classes) {
        for (int i = 0; i < pair.numbers().count(); i++) {
            if (pair.numbers().getLong(i) >= classes.size()) {
                throw outOfRange(pair, i, "there are " + classes.size() + " classes, numbered from 0: " + classes);
            }
        }
        return new Examples(pair.pixels(), pair.numbers(), classes);
    }

    /// The numbers from 0 to the largest label. A damaged byte would make up to 256 classes of ten, so more than ten are
    /// believed only when each of them but 0 has an example; some data sets count from 1.
    private static List<String> classes(List<Pair> pairs) {
        BitSet seen = new BitSet();
        pairs.forEach(pair -> LongStream.of(pair.numbers().toLongs()).forEach(label -> seen.set((int) label)));
        int most = seen.length() - 1;
        int gap = seen.nextClearBit(1);
        for (Pair pair : pairs) {
            for (int i = 0; i < pair.numbers().count() && most > 9; i++) {
                if (pair.numbers().getLong(i) > gap) {
                    throw outOfRange(pair, i, "no image has the label " + gap);
                }
            }
        }
        return IntStream.rangeClosed(0, most).mapToObj(String::valueOf).toList();
    }

    private static GradusException outOfRange(Pair pair, int record, String but) {
        return new GradusException(
                "label-range",
                "`" + pair.labels() + "`, record " + record + ", has the label "
                        + pair.numbers().getLong(record) + ", but " + but
                        + ". Is the file damaged? If not, give the names of all classes.");
    }

    /// The images with the labels that lie beside them.
    private static Pair pair(Path images, Reading reading) {
        Matcher name = NAME.matcher(images.getFileName().toString());
        Path labels = name.matches()
                ? find(images.resolveSibling(""), name.group(1), "labels").orElse(null)
                : null;
        if (labels == null) {
            throw new GradusException(
                    "idx-pair",
                    "`" + images + "` has images, but no file of labels lies beside it: "
                            + labelsName(images)
                            + ", with or without `.gz`. Put it there.");
        }
        Features pixels = reading.stream()
                ? stored(images)
                : InputFile.read(images, in -> {
                    int[] sizes = header(images, in, 3, false);
                    byte[] bytes = contents(images, in, sizes[0], sizes[1], sizes[2]);
                    return Features.Pixels.of(Shape.of(sizes).inserted(1, 1), bytes);
                });
        byte[] numbers = InputFile.read(labels, in -> contents(labels, in, header(labels, in, 1, false)[0]));
        if (numbers.length != pixels.size()) {
            throw new GradusException(
                    "idx-pair",
                    "`" + images + "` has " + pixels.size() + " images, but `" + labels + "` has " + numbers.length
                            + " labels. Give files that belong together.");
        }
        long[] classes = new long[numbers.length];
        Arrays.setAll(classes, i -> numbers[i] & 0xff);
        return new Pair(images, labels, pixels, Array.of(Shape.of(numbers.length), classes));
    }

    /// Images that stay in their file.
    private static Features stored(Path images) {
        Path plain = PixelSource.unpacked(images);
        int[] sizes = InputFile.read(plain, in -> header(images, in, 3, true));
        MemorySegment file = PixelSource.mapped(plain);
        Shape one = Shape.of(1, sizes[1], sizes[2]);
        long bytes = HEADER + (long) sizes[0] * one.count();
        if (file.byteSize() != bytes) {
            throw length(
                    images, "should have " + bytes + " bytes for " + promised(sizes) + ", but has " + file.byteSize());
        }
        return Features.Pixels.of(new PixelSource.Mapped(List.of(file), HEADER, one.count(), 0), one);
    }

    private static String labelsName(Path images) {
        String name = images.getFileName().toString().replace(".gz", "");
        return "`" + name.replace("images", "labels").replace("idx3", "idx1") + "`";
    }

    /// The file of images that a user means who names that, or its labels.
    private static Path images(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() && name.group(2).equals("labels")
                ? find(file.resolveSibling(""), name.group(1), "images").orElse(file)
                : file;
    }

    private static Optional<Path> find(Path folder, String start, String what) {
        return PictureFolder.entries(folder)
                .filter(file -> {
                    Matcher name = NAME.matcher(file.getFileName().toString());
                    return name.matches()
                            && name.group(1).equals(start)
                            && name.group(2).equals(what);
                })
                .findFirst();
    }

    private static int[] header(Path file, InputStream in, int axes, boolean anySize) throws IOException {
        byte[] magic = in.readNBytes(4);
        if (magic.length < 4 || magic[0] != 0 || magic[1] != 0 || magic[2] != 8 || magic[3] != axes) {
            throw new GradusException(
                    "idx-magic",
                    "`" + file + "` is no IDX file of " + (axes == 3 ? "images" : "labels")
                            + ": it begins with the bytes "
                            + HexFormat.ofDelimiter(" ").formatHex(magic)
                            + " instead of 00 00 08 0" + axes + ". Is it another file, or damaged? Get it again.");
        }
        byte[] numbers = in.readNBytes(4 * axes);
        if (numbers.length < 4 * axes) {
            throw length(file, "breaks off within its header");
        }
        long[] sizes = new long[axes];
        double count = 1;
        for (int axis = 0; axis < axes; axis++) {
            sizes[axis] = Integer.toUnsignedLong(ByteBuffer.wrap(numbers).getInt(4 * axis));
            count *= sizes[axis];
        }
        if (count > InputFile.MOST_BYTES && !anySize) {
            throw new GradusException(
                    "data-size",
                    "`" + file + "` says that it holds " + text(sizes) + " bytes, but " + InputFile.MOST_BYTES
                            + " fit. Is it damaged? If not, leave it on the disk with `stream = true`.");
        }
        if (count == 0) {
            throw new GradusException(
                    "examples-none",
                    "`" + file + "` holds no examples: its sizes are " + text(sizes) + ". Is it the right file?");
        }
        int[] shape = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            shape[axis] = (int) sizes[axis];
        }
        return shape;
    }

    /// The bytes that a header promises. They are read as far as there are any, before there is room for all: what a
    /// header says may be wrong.
    private static byte[] contents(Path file, InputStream in, int... sizes) throws IOException {
        int count = Shape.of(sizes).count();
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw length(file, "should hold " + promised(sizes) + ", but ends after " + bytes.length + " of them");
        }
        if (in.read() >= 0) {
            throw length(file, "should hold " + promised(sizes) + ", but goes on behind them");
        }
        return bytes;
    }

    private static String promised(int[] sizes) {
        return Arrays.stream(sizes).asLongStream().reduce(1, (a, b) -> a * b) + " bytes " + Arrays.toString(sizes);
    }

    private static String text(long[] sizes) {
        return IntStream.range(0, sizes.length)
                .mapToObj(axis -> String.valueOf(sizes[axis]))
                .collect(Collectors.joining(" x "));
    }

    private static GradusException length(Path file, String what) {
        return new GradusException(
                "idx-length", "`" + file + "` " + what + ". Was it copied or downloaded to its end? Get it again.");
    }
}
