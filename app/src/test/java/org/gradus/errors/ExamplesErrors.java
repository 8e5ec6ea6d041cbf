package org.gradus.errors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.data.ClassCounts;
import org.gradus.data.DataFiles;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Form;
import org.gradus.data.Order;
import org.gradus.data.Prefetch;
import org.gradus.data.Reading;
import org.gradus.data.Sampled;
import org.gradus.data.Split;
import org.gradus.data.Windows;
import org.gradus.data.augment.Augmented;
import org.gradus.data.augment.ContactSheet;
import org.gradus.data.augment.Image;
import org.gradus.data.augment.Mixup;
import org.gradus.data.augment.Rotation;
import org.gradus.metrics.RegressionReport;

/// The errors of augmentation, sampling, windows, texts and reports.
final class ExamplesErrors {
    private static final Examples IRIS = Datasets.iris();
    private static final Examples NUMBERS = new Examples(IRIS.features(), IRIS.features(), List.of());

    private ExamplesErrors() {}

    static Stream<ErrorEntry> all() {
        return Stream.of(augmentation(), drawing(), sequences()).flatMap(entries -> entries);
    }

    private static Stream<ErrorEntry> augmentation() {
        return Stream.of(
                entry(
                        "augment-range",
                        "A number of an augmentation is out of its range.",
                        "The message says what it takes.",
                        () -> Rotation.by(200)),
                entry(
                        "augment-form",
                        "An augmentation of images meets examples that are none.",
                        "Leave it out; rows take noise and mixup.",
                        () -> Augmented.of(IRIS, Rotation.by(10)).pass(1, 1).batch(0)),
                entry(
                        "augment-image",
                        "An image is made of more or fewer values than it has pixels.",
                        "Give one for each pixel and channel.",
                        () -> new Image(1, 2, 2, 0, 0, 0)),
                entry(
                        "augment-labels",
                        "Class numbers are to be mixed, but the number of classes is not known.",
                        "Give the number of classes with the data set.",
                        () -> Augmented.of(IRIS, 0, List.of(new Mixup(1))).batch(0)),
                entry(
                        "contact-sheet",
                        "A contact sheet is asked of examples that are no images, or of none.",
                        "Give images.",
                        () -> new ContactSheet(IRIS, List.of(), 0)),
                entry(
                        "report-shape",
                        "A report is asked of predictions that do not go with the labels.",
                        "Give as many predictions as labels; of classes a probability for each.",
                        () -> RegressionReport.of(Array.of(Shape.of(1), 0.5), Array.of(Shape.of(2), 0.5, 1.0))));
    }

    private static Stream<ErrorEntry> drawing() {
        return Stream.of(
                entry(
                        "sample-weights",
                        "Examples are to be drawn by weights that are none, or not as many.",
                        "Give a weight of 0 or more for each example, some of them more than 0.",
                        () -> Sampled.weighted(IRIS, new double[] {1, 2}, 10)),
                entry(
                        "example-weights",
                        "Examples are to count by weights that are none, or not as many.",
                        "Give a weight of 0 or more for each example, some of them more than 0; in each part of a split too.",
                        () -> IRIS.weighted(1, 2)),
                entry(
                        "class-counts",
                        "Classes are to be balanced where there are none.",
                        "Balance data whose labels are classes.",
                        () -> ClassCounts.of(NUMBERS)),
                entry(
                        "split-fold",
                        "A fold is asked for that a cross-validation does not have.",
                        "Folds count from 1; there are at least 2.",
                        () -> Split.fold(IRIS, 1, 5, 6, 0.2)),
                entry(
                        "prefetch-size",
                        "No batch is to be made ahead, or by no thread.",
                        "Give 1 or more.",
                        () -> new Prefetch(IRIS, Order.batches(Order.sequential(150), 32), 0, 1)));
    }

    private static Stream<ErrorEntry> sequences() {
        return Stream.of(
                entry(
                        "window-size",
                        "A series or a text is too short for one window.",
                        "Give a longer one, or a smaller window.",
                        () -> Windows.ofNext(Array.of(Shape.of(4), 1L, 2, 3, 4), 4, 1, List.of())),
                entry(
                        "text-encoding",
                        "A text file is not in UTF-8.",
                        "Save it as UTF-8.",
                        () -> inFile("größer".getBytes(StandardCharsets.ISO_8859_1), path -> {
                            DataFiles.read(path, Reading.DEFAULT);
                        })),
                entry(
                        "text-character",
                        "A text has a character that the model has never seen.",
                        "Replace it.",
                        () -> inFile("a\nb".getBytes(StandardCharsets.UTF_8), path -> {
                            new Form.Text(List.of("\n", "a"), 3).read(path);
                        })),
                entry(
                        "file-changed",
                        "A file that stays on the disk while a model trains is no longer what it was.",
                        "Let it be until the training has ended, and start again.",
                        () -> inFile("a\nb".getBytes(StandardCharsets.UTF_8), path -> {
                            Reading stream = Reading.DEFAULT.withStream(true).withWindow(1);
                            Examples examples = DataFiles.read(path, stream).training();
                            Files.writeString(path, "a");
                            examples.batch(0);
                        })));
    }

    /// What is done with a file.
    @FunctionalInterface
    private interface Use {
        void of(Path file) throws IOException;
    }

    private static void inFile(byte[] contents, Use use) throws IOException {
        Path folder = Files.createTempDirectory("gradus-errors");
        Path file = Files.write(folder.resolve("song.txt"), contents);
        try {
            use.of(file);
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }

    private static ErrorEntry entry(String kind, String when, String remedy, ThrowingCallable cause) {
        return new ErrorEntry(kind, when, remedy, cause);
    }
}
