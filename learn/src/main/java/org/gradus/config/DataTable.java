package org.gradus.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.data.DataFiles;
import org.gradus.data.Dataset;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Form;
import org.gradus.data.Reading;
import org.gradus.data.Sampled;
import org.gradus.data.Scaling;
import org.gradus.data.augment.Augmentation;
import org.gradus.data.augment.Augmented;
import org.gradus.nn.PairLoss;

/// The table `[data]`.
final class DataTable {
    static final String DIGITS = "digits";
    private static final double INK = 16; // the largest value of a pixel of the digits

    private DataTable() {}

    /// How files of data are to be read.
    ///
    /// @throws GradusException naming the line that is wrong
    static Reading reading(Table data, Table loss) {
        List<String> kinds = List.of("automatic", "classes", "numbers");
        String kind = data.choice("target", "automatic", kinds);
        boolean numbers = kind.equals("automatic") && Training.isOfNumbers(loss);
        Reading reading = Reading.DEFAULT
                .withTarget(numbers ? Reading.Target.NUMBERS : Reading.Target.valueOf(kind.toUpperCase(Locale.ROOT)))
                .withColumns(data.texts("columns"))
                .withWindow(data.whole("window", 0, 0))
                .withAhead(data.whole("ahead", 1, 1))
                .withStream(data.flag("stream", false))
                .withWeights(data.text("weights", ""));
        String[] labels =
                data.texts("label").stream().filter(label -> !label.isEmpty()).toArray(String[]::new);
        if (labels.length > 1 && kind.equals("classes")) {
            throw data.refused("target", "`numbers` where `label` names several columns", data.value("target"));
        }
        if (Arrays.stream(labels).distinct().count() < labels.length) {
            throw data.refused("label", "columns, each of them once", data.value("label"));
        }
        int channels = data.whole("channels", 0, 0);
        int height = data.whole("height", 0, 0);
        int width = data.whole("width", 0, 0);
        return data.making(
                () -> reading.withLabel(labels).withChannels(channels).withSize(height, width));
    }

    /// Whether a path stands for the digits that come with the library.
    static boolean isBundled(String path) {
        return path.equals(DIGITS) && !Files.exists(Path.of(path));
    }

    /// What is read.
    static DataFiles files(String path, Reading reading) {
        if (!isBundled(path)) {
            return DataFiles.read(Path.of(path), reading);
        }
        Examples digits = Datasets.digits();
        double[] pixels = digits.features().toDoubles();
        float[] shades = new float[pixels.length];
        for (int i = 0; i < shades.length; i++) {
            shades[i] = (float) (pixels[i] / INK);
        }
        Array images = Array.of(Shape.of(digits.size(), 1, 8, 8), shades);
        return new DataFiles(new Form.Image(1, 8, 8), digits.withFeatures(images), null, List.of());
    }

    /// Checks that there are weights where they are wanted, and that they can be made use of.
    static void demandWeighable(Table data, Examples examples, Objective objective) {
        if (data.says("sampling", "weighted") && data.text("weights", "").isEmpty()) {
            throw data.refused(
                    "sampling",
                    "`shuffled` or `balanced` where no column of `weights` is named",
                    data.value("sampling"));
        }
        if (!data.text("weights", "").isEmpty() && examples.weights().length == 0) {
            throw data.refused("weights", "a column of a table, and these data are none", data.value("weights"));
        }
        if (!data.text("weights", "").isEmpty() && objective.loss() instanceof PairLoss) {
            throw data.refused(
                    "weights", "no column where the loss is one over pairs of examples", data.value("weights"));
        }
    }

    /// What training sees of its examples.
    ///
    /// @param raw as they are in the files
    /// @param scaled in the units of the model
    /// @param sampling `shuffled`, `balanced` or `weighted`
    record Seen(Examples raw, Examples scaled, Task task, String sampling) {
        /// With such augmentations: images are augmented before they are scaled, and rows after it.
        Dataset with(List<Augmentation> augmentations) {
            Scaling scaling = task.form() instanceof Form.Image && !augmentations.isEmpty() ? task.scaling() : null;
            Examples base = scaling == null ? scaled : raw;
            double[] weights = base.weights();
            Dataset drawn = sampling.equals("balanced")
                    ? Sampled.balanced(base)
                    : sampling.equals("weighted") ? Sampled.weighted(base.unweighted(), weights, base.size()) : base;
            if (augmentations.isEmpty()) {
                return drawn;
            }
            Augmented augmented = Augmented.of(drawn, task.classes().size(), augmentations);
            return scaling == null ? augmented : augmented.scaled(scaling);
        }
    }
}
