package org.gradus.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.data.DataFiles;
import org.gradus.data.Examples;
import org.gradus.data.Form;
import org.gradus.data.Reading;
import org.gradus.data.Scaling;
import org.jspecify.annotations.Nullable;

/// What a model is for: the form of its inputs, the classes that it tells apart, and the units that its numbers are in.
/// It is kept with the model, so that whoever uses it later sees inputs as training did.
///
/// @param form of an input
/// @param classes by number; none when the model predicts a number
/// @param scaling of the inputs, fitted to the training part; null when they are left as they are
/// @param labelCenter the number to predict for which the model says 0
/// @param labelSpread the change of that number for which the model's output changes by 1
/// @param label the column of the labels in a table; empty for the usual one
public record Task(
        Form form,
        List<String> classes,
        @Nullable Scaling scaling,
        double labelCenter,
        double labelSpread,
        String label) {
    /// Freezes the list.
    public Task {
        classes = List.copyOf(classes);
    }

    /// With labels in the usual column.
    public Task(Form form, List<String> classes, @Nullable Scaling scaling, double labelCenter, double labelSpread) {
        this(form, classes, scaling, labelCenter, labelSpread, "");
    }

    /// Fitted to the training part of such data.
    ///
    /// @param standardize whether inputs, and numbers to predict, are brought to mean 0 and deviation 1
    static Task fitted(DataFiles data, Examples training, boolean standardize) {
        Form form = data.form();
        Scaling inputs = standardize && form.type() != Type.INT64 ? Scaling.standardizing(training) : null;
        if (!standardize || !training.classes().isEmpty()) {
            return new Task(form, training.classes(), inputs, 0, 1, data.label());
        }
        Scaling labels = Scaling.standardizing(new Examples(training.labels(), training.labels(), List.of()));
        return new Task(
                form, List.of(), inputs, labels.center().get(0), labels.spread().get(0), data.label());
    }

    /// Whether a model says something at each position of an input, and not once.
    public boolean perPosition() {
        return form instanceof Form.Text;
    }

    /// How many numbers a model gives for each example, or each position of one.
    public int outputs() {
        return Math.max(1, classes.size());
    }

    /// Examples in the units of the model.
    public Examples scaled(Examples examples) {
        Examples inputs = scaling == null ? examples : scaling.apply(examples);
        if (labelCenter == 0 && labelSpread == 1) {
            return inputs;
        }
        Array labels = Array.zeros(examples.labels().type());
        for (int i = 0; i < labels.count(); i++) {
            labels.set(i, (examples.labels().get(i) - labelCenter) / labelSpread);
        }
        return inputs.withLabels(labels);
    }

    /// Labels in their own units again.
    Array unscaled(Array labels) {
        Array own = Array.zeros(labels.type().with(Type.FLOAT64));
        for (int i = 0; i < own.count(); i++) {
            own.set(i, labels.get(i) * labelSpread + labelCenter);
        }
        return own;
    }

    /// Inputs `[size, …]` in the units of the model.
    Array scaled(Array features) {
        return scaling == null ? features : scaling.apply(features);
    }

    /// How to read files of such inputs.
    Reading reading(Reading asked) {
        return Reading.like(form, classes)
                .withLabel(asked.label().isEmpty() ? label : asked.label())
                .withStream(asked.stream());
    }

    /// Examples of a file or folder, those of its test part if it has one, in the units of the model.
    ///
    /// @param column the column of the labels, empty for the one that the model learnt from
    public Examples read(Path path, String column) {
        DataFiles data = DataFiles.read(path, reading(Reading.DEFAULT.withLabel(column)));
        return scaled(data.test() == null ? data.training() : data.test());
    }

    /// So many examples of zeros, where only shapes matter.
    public Examples blank(int size) {
        Array features = Array.zeros(new TensorType(form.type(), Shape.of(size).joined(form.shape())));
        Array labels = classes.isEmpty()
                ? Array.zeros(new TensorType(Type.FLOAT32, Shape.of(size, 1)))
                : Array.zeros(new TensorType(Type.INT64, perPosition() ? features.shape() : Shape.of(size)));
        return new Examples(features, labels, classes);
    }

    /// As the notes of a checkpoint.
    Map<String, Object> notes() {
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put(
                "form",
                switch (form) {
                    case Form.Image(int channels, int height, int width) ->
                        Map.of("image", List.of(channels, height, width));
                    case Form.Row(List<String> columns) -> Map.of("columns", columns);
                    case Form.Series(List<String> columns, int window, int ahead) ->
                        Map.of("columns", columns, "window", window, "ahead", ahead);
                    case Form.Text text -> Map.of("text", text.length());
                });
        notes.put("classes", classes);
        if (scaling != null) {
            notes.put("scaling", List.of(numbers(scaling.centers()), numbers(scaling.spreads())));
        }
        notes.put("label", List.of(labelCenter, labelSpread));
        return notes;
    }

    private static List<Double> numbers(double[] array) {
        return Arrays.stream(array).boxed().toList();
    }

    /// Of the notes of a checkpoint.
    ///
    /// @throws GradusException when these are none of such notes
    static Task of(Map<String, Object> notes) {
        if (!(notes.get("form") instanceof Map<?, ?> form
                && notes.get("classes") instanceof List<?> classes
                && notes.get("label") instanceof List<?> label)) {
            throw unknown();
        }
        Form known;
        if (form.get("image") instanceof List<?> image) {
            List<Integer> sizes = image.stream().map(Integer.class::cast).toList();
            known = new Form.Image(sizes.get(0), sizes.get(1), sizes.get(2));
        } else if (form.get("columns") instanceof List<?> columns) {
            List<String> named = columns.stream().map(String::valueOf).toList();
            known = form.get("window") instanceof Integer window && form.get("ahead") instanceof Integer ahead
                    ? new Form.Series(named, window, ahead)
                    : new Form.Row(named);
        } else if (form.get("text") instanceof Integer length) {
            known = new Form.Text(classes.stream().map(String::valueOf).toList(), length);
        } else {
            throw unknown();
        }
        Scaling scaling = notes.get("scaling") instanceof List<?> pair
                ? Scaling.of(known, numbers(pair.get(0)), numbers(pair.get(1)))
                : null;
        double[] units = numbers(label);
        return new Task(
                known,
                classes.stream().map(String::valueOf).toList(),
                scaling,
                units[0],
                units[1],
                Experiment.label(notes));
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list)
                .stream().mapToDouble(item -> ((Number) item).doubleValue()).toArray();
    }

    static GradusException unknown() {
        return new GradusException(
                "run-notes",
                "The checkpoint does not say how its model was made: it was not written by `gradus train`, or by another"
                        + " version of it. Restore it in Java, into the model that it is of.");
    }
}
