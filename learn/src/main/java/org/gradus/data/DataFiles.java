package org.gradus.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.jspecify.annotations.Nullable;

/// What files of data hold: examples to learn from and to test with, and the form of their inputs.
///
/// These are known, by their names:
///
/// | path                                                               | features                       | classes            |
/// |--------------------------------------------------------------------|--------------------------------|--------------------|
/// | MNIST's files: a folder with `train-images-idx3-ubyte` and so on, or one file of images with that of its labels beside | `[size, 1, height, width]` | `0`, `1` … |
/// | CIFAR-10's binary files: a folder with `data_batch_1.bin` and so on, or one of the files | `[size, 3, 32, 32]`            | of `batches.meta.txt` |
/// | `*.csv` or `*.tsv`, with the names of the columns in the first line | `[size, columns]`              | sorted             |
/// | the same with a [window][Reading#window], a time series            | `[size, window, columns]`      | sorted             |
/// | `*.txt`, a text in UTF-8                                           | characters `int64[size, window]` | sorted characters  |
/// | a folder with a sub-folder of PNG or JPEG files for each class, or with `train` and `test` that have such | `[size, channels, height, width]` | the sub-folders, sorted |
///
/// All other features are `float32`; pixels have values from 0 to 1. All files but pictures may be packed with gzip. Names of
/// classes are sorted as text; when all are whole numbers, as numbers. A CSV file is separated by commas, semicolons or
/// tabs, whatever is most frequent in its first line; its labels are class numbers `int64[size]`, or numbers to predict
/// `float32[size, label columns]`, see [Reading.Target]. Labels of a text are the characters that come next, `int64[size, window]`.
/// All of it is read into memory, or stays in the files with [Reading#stream].
///
/// @param form of the inputs, one example of them
/// @param training all examples, or those to learn from where `test` has others
/// @param test where the files have a test part of their own, else null
/// @param labels the columns of the labels; none where there are no columns
public record DataFiles(
        Form form, Examples training, @Nullable Examples test, List<String> labels) {
    private static final double TEST = 0.2;
    private static final double VALIDATION = 0.2;

    /// Without columns.
    DataFiles(Form form, Examples training, @Nullable Examples test) {
        this(form, training, test, List.of());
    }

    /// What this file or folder holds.
    ///
    /// @throws GradusException naming the file, and the line, record or column, of what is wrong
    public static DataFiles read(Path path, Reading reading) {
        if (!Files.exists(path)) {
            throw InputFile.missing(path);
        }
        if (CsvFile.isOne(path)) {
            demandForm(path, reading, reading.channels() == 0 && reading.height() == 0, "a table");
            return CsvFile.read(path, reading);
        }
        if (IdxFiles.isOne(path)) {
            return demandImages(path, reading, IdxFiles.read(path, reading));
        }
        if (CifarFiles.isOne(path)) {
            return demandImages(path, reading, CifarFiles.read(path, reading));
        }
        if (TextFile.isOne(path)) {
            boolean open = reading.channels() == 0
                    && reading.height() == 0
                    && reading.columns().isEmpty();
            demandForm(path, reading, open, "a text");
            return TextFile.read(path, reading);
        }
        if (PictureFolder.isOne(path)) {
            demandForm(path, reading, reading.columns().isEmpty(), "pictures");
            return PictureFolder.read(path, reading);
        }
        throw none(path);
    }

    /// How many files in a folder of pictures are none, and are not looked at.
    public static int skipped(Path path) {
        return PictureFolder.skipped(path);
    }

    /// The names of the classes, in the order of their numbers; empty when the labels are numbers to predict.
    public List<String> classes() {
        return training.classes();
    }

    /// Cut in three with [Split#of]: 60 % for training, 20 % for validation, 20 % to test. Where the files have a test
    /// part of their own, the others are cut in 80 % and 20 %. What has an order is
    /// cut into its beginning, middle and end.
    public Split split(long seed) {
        return split(seed, VALIDATION);
    }

    /// The same with another share for validation, at the cost of training: 0 for none.
    ///
    /// @throws GradusException when a class has too few examples, or nothing would be left to train on
    public Split split(long seed, double validation) {
        if (form.inOrder()) {
            return Split.inOrder(training, 1 - TEST - validation, validation);
        }
        if (test == null) {
            return Split.of(training, seed, 1 - TEST - validation, validation);
        }
        Split split = Split.of(training, seed, 1 - validation, validation);
        return new Split(split.training(), split.validation(), test);
    }

    /// The same with these examples to test with.
    DataFiles withTest(Examples examples) {
        return new DataFiles(form, training, examples, labels);
    }

    /// That nothing was found which is known.
    static GradusException none(Path path) {
        String entries = PictureFolder.entries(path)
                .limit(8)
                .map(entry -> entry.getFileName().toString())
                .collect(Collectors.joining(", "));
        String found = !Files.isDirectory(path)
                ? "is a file of another kind"
                : entries.isEmpty() ? "is an empty folder" : "is a folder with " + entries;
        return new GradusException(
                "data-unknown",
                "`" + path + "` " + found + ", and no data are recognised in it. Looked for: MNIST's files"
                        + " (train-images-idx3-ubyte, also with .gz), CIFAR-10's (data_batch_1.bin), a file *.csv,"
                        + " *.tsv or *.txt, a folder with a sub-folder of PNG or JPEG pictures for each class. Give the path of"
                        + " one of these.");
    }

    private static DataFiles demandImages(Path path, Reading reading, DataFiles data) {
        Shape shape = data.form().shape();
        boolean same = (reading.channels() == 0 || reading.channels() == shape.size(0))
                && (reading.height() == 0 || reading.height() == shape.size(1))
                && (reading.width() == 0 || reading.width() == shape.size(2));
        demandForm(path, reading, same && reading.columns().isEmpty(), "images of " + data.form());
        return data;
    }

    private static void demandForm(Path path, Reading reading, boolean same, String found) {
        if (!same) {
            String wanted = reading.columns().isEmpty()
                    ? "images of " + reading.channels() + " channels, height " + reading.height() + " and width "
                            + reading.width() + " (0: any)"
                    : "the columns " + reading.columns();
            throw new GradusException(
                    "data-form",
                    "`" + path + "` has " + found + ", but " + wanted
                            + " are asked for. Only pictures in folders are resized and recoloured; give data of the"
                            + " form that is needed.");
        }
    }
}
