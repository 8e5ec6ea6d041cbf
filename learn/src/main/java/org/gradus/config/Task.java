package org.gradus.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
/// @param classes by number; none when the model predicts numbers
/// @param scaling of the inputs, fitted to the training part; null when they are left as they are
/// @param units of the numbers to predict: for each the one for which the model says 0, and the change for which its output
///     changes by 1
/// @param labels the columns of the labels in a table; none for the usual one
public record Task(
        Form form, List<String> classes, @Nullable Scaling scaling, Scaling units, List<String> labels) {
    /// Freezes the lists.
    public Task {
        classes = List.copyOf(classes);
        labels = List.copyOf(labels);
    }

    /// With labels in the usual column, in their own units.
    public Task(Form form, List<String> classes, @Nullable Scaling scaling) {
        this(form, classes, scaling, Scaling.by(Shape.of(1), 1), List.of());
    }

    /// Fitted to the training part of such data.
    ///
    /// @param inputs whether these are brought to mean 0 and deviation 1
    /// @param labels whether numbers to predict are
    static Task fitted(DataFiles data, Examples training, boolean inputs, boolean labels) {
        Form form = data.form();
        Scaling scaling = inputs && form.type() != Type.INT64 ? Scaling.standardizing(training) : null;
        int numbers = training.classes().isEmpty() ? training.labels().shape().size(1) : 0;
        Scaling units = labels && numbers > 0
                ? Scaling.standardizing(new Examples(training.labels(), training.labels(), List.of()))
                : Scaling.by(Shape.of(Math.max(1, numbers)), 1);
        return new Task(form, training.classes(), scaling, units, data.labels());
    }

    /// Whether a model says something at each position of an input, and not once.
    public boolean perPosition() {
        return form instanceof Form.Text;
    }

    /// How many classes there are, or numbers to predict.
    public int outputs() {
        return classes.isEmpty() ? units.center().count() : classes.size();
    }

    /// Examples in the units of the model.
    public Examples scaled(Examples examples) {
        Examples inputs = scaling == null ? examples : scaling.apply(examples);
        return classes.isEmpty() ? inputs.withLabels(units.apply(examples.labels())) : inputs;
    }

    /// Labels in their own units again.
    Array unscaled(Array labels) {
        Array own = Array.zeros(labels.type().with(Type.FLOAT64));
        for (int i = 0; i < own.count(); i++) {
            int number = i % outputs();
            own.set(
                    i,
                    labels.get(i) * units.spread().get(number) + units.center().get(number));
        }
        return own;
    }

    /// Inputs `[size, …]` in the units of the model.
    Array scaled(Array features) {
        return scaling == null ? features : scaling.apply(features);
    }

    /// How to read files of such inputs.
    Reading reading(Reading asked) {
        int given = asked.labels().size();
        if (classes.isEmpty() && given > 0 && given != outputs()) {
            throw new GradusException(
                    "reading-labels",
                    "The model predicts " + outputs() + " numbers " + labels + ", but " + given
                            + " columns of labels were" + " named: " + asked.labels()
                            + ". Name one for each, in this order.");
        }
        return Reading.like(form, classes)
                .withLabel((asked.labels().isEmpty() ? labels : asked.labels()).toArray(String[]::new))
                .withStream(asked.stream())
                .withWeights(asked.weights());
    }

    /// Examples of a file or folder, those of its test part if it has one, in the units of the model.
    ///
    /// @param asked the columns of the labels, none for those that the model learnt from, and whether the examples stay in
    ///     their files; the rest follows from the model
    public Examples read(Path path, Reading asked) {
        DataFiles data = DataFiles.read(path, reading(asked));
        return scaled(data.test() == null ? data.training() : data.test());
    }

    /// So many examples of zeros, where only shapes matter.
    public Examples blank(int size) {
        Array features = Array.zeros(new TensorType(form.type(), Shape.of(size).joined(form.shape())));
        Array labels = classes.isEmpty()
                ? Array.zeros(new TensorType(Type.FLOAT32, Shape.of(size, outputs())))
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
        notes.put(
                "label",
                Stream.of(units.centers(), units.spreads())
                        .flatMap(numbers -> numbers(numbers).stream())
                        .toList());
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
        double[] units = numbers(label); // centers, then spreads
        int outputs = units.length / 2;
        return new Task(
                known,
                classes.stream().map(String::valueOf).toList(),
                scaling,
                new Scaling(
                        Array.of(Shape.of(outputs), Arrays.copyOf(units, outputs)),
                        Array.of(Shape.of(outputs), Arrays.copyOfRange(units, outputs, 2 * outputs))),
                Experiment.labels(notes));
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
