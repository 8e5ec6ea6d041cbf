package org.gradus.data;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// The binary version of CIFAR-10: `data_batch_1.bin` and so on, `test_batch.bin` and the names of the classes in
/// `batches.meta.txt`, each packed with gzip or not. A record is a byte of label and 3,072 bytes of an image, 32x32 red
/// values, then the green and the blue ones.
///
/// Krizhevsky: *Learning multiple layers of features from tiny images*, 2009;
/// <https://www.cs.toronto.edu/~kriz/cifar.html>
final class CifarFiles {
    private static final Form.Image FORM = new Form.Image(3, 32, 32);
    private static final int PIXELS = FORM.shape().count();
    private static final String TRAINING = "data_batch_\\d+\\.bin(\\.gz)?";
    private static final String TEST = "test_batch\\.bin(\\.gz)?";
    private static final List<String> NAMES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    private CifarFiles() {}

    /// Whether this is one of the files, or a folder with one to train on.
    static boolean isOne(Path path) {
        return Files.isDirectory(path)
                ? !named(path, TRAINING).isEmpty()
                : path.getFileName().toString().matches(TRAINING + "|" + TEST);
    }

    static DataFiles read(Path path, Reading reading) {
        boolean folder = Files.isDirectory(path);
        List<String> classes = classes(folder ? path : path.resolveSibling(""), reading);
        DataFiles data =
                new DataFiles(FORM, examples(folder ? named(path, TRAINING) : List.of(path), classes, reading), null);
        List<Path> test = folder ? named(path, TEST) : List.of();
        return test.isEmpty() ? data : data.withTest(examples(test, classes, reading));
    }

    /// The files of such a name in the order of their numbers; of a packed and an unpacked one the latter.
    private static List<Path> named(Path folder, String name) {
        Map<String, Path> files = new TreeMap<>(
                Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder())); // 2 before 10
        PictureFolder.entries(folder)
                .filter(file -> file.getFileName().toString().matches(name))
                .forEach(file -> files.putIfAbsent(file.getFileName().toString().replace(".gz", ""), file));
        return List.copyOf(files.values());
    }

    private static List<String> classes(Path folder, Reading reading) {
        Path names = folder.resolve("batches.meta.txt");
        if (!reading.classes().isEmpty()) {
            return reading.classes();
        }
        if (!Files.isRegularFile(names)) {
            return NAMES;
        }
        String text = new String(InputFile.read(names, InputStream::readAllBytes), StandardCharsets.UTF_8);
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static Examples examples(List<Path> files, List<String> classes, Reading reading) {
        List<MemorySegment> contents = new ArrayList<>();
        long count = 0;
        for (Path file : files) {
            MemorySegment content = reading.stream()
                    ? PixelSource.mapped(PixelSource.unpacked(file))
                    : MemorySegment.ofArray(InputFile.read(file, InputStream::readAllBytes));
            if (content.byteSize() == 0 || content.byteSize() % (PIXELS + 1) != 0) {
                throw new GradusException(
                        "cifar-length",
                        "`" + file + "` has " + content.byteSize() + " bytes, but CIFAR-10 has records of "
                                + (PIXELS + 1) + " bytes, and "
                                + content.byteSize() % (PIXELS + 1)
                                + " are left over. Was it copied or downloaded to its end, and is it the binary"
                                + " version? Get it again.");
            }
            contents.add(content);
            count += content.byteSize() / (PIXELS + 1);
        }
        if (count * PIXELS > InputFile.MOST_BYTES && !reading.stream()) {
            throw new GradusException(
                    "data-size",
                    "`" + files.get(0).resolveSibling("") + "` has " + count + " images, which take " + count * PIXELS
                            + " bytes; " + InputFile.MOST_BYTES
                            + " fit. Remove some of the files, or leave them on the disk with `stream = true`.");
        }
        PixelSource records = new PixelSource.Mapped(contents, 0, PIXELS + 1, 1);
        long[] labels = new long[Math.toIntExact(count)];
        int to = 0;
        for (int i = 0; i < contents.size(); i++) {
            MemorySegment content = contents.get(i);
            for (long from = 0; from < content.byteSize(); from += PIXELS + 1, to++) {
                labels[to] = content.get(ValueLayout.JAVA_BYTE, from) & 0xff;
                if (labels[to] >= classes.size()) {
                    throw new GradusException(
                            "label-range",
                            "`" + files.get(i) + "`, record " + from / (PIXELS + 1) + ", has the label " + labels[to]
                                    + ", but there are " + classes.size() + " classes, numbered from 0: " + classes
                                    + ". Is the file damaged, or no CIFAR-10? Get it again.");
                }
            }
        }
        PixelSource source = reading.stream() ? records : PixelSource.inMemory(records, PIXELS);
        return new Examples(
                Features.Pixels.of(source, FORM.shape()), Array.of(Shape.of(labels.length), labels), classes);
    }
}
