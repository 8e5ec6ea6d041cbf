package org.gradus.data;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// A [Dataset] of features, labels and the names of the classes, in memory or in files that are read batch by batch
/// ([Reading#stream]). Images that were read from files lie in memory with a byte for each value, and become floats batch by
/// batch; windows of a text or a series lie there once, however many they are in.
public final class Examples implements Dataset {
    private final Features features;
    private final Features labels;
    private final List<String> classes;
    private final double[] weights; // of the examples; none where all count alike
    private final double meanWeight;

    /// @param features what a model sees, `[size, …]`
    /// @param labels what it should say: class numbers `int64[size]`, or numbers to predict `[size, …]`
    /// @param classes the names of the classes, in the order of their numbers; empty when the labels are no classes
    /// @throws GradusException when features and labels differ in number, or a class number has no name
    public Examples(Array features, Array labels, List<String> classes) {
        this(new Features.Numbers(new Batch(features, labels).features()), labels, classes);
    }

    Examples(Features features, Array labels, List<String> classes) {
        this(features, new Features.Numbers(labels), classes);
        demandNamed(labels, classes);
    }

    /// @throws GradusException when a class number has no name, unless none has
    static void demandNamed(Array labels, List<String> classes) {
        int each = Math.max(1, labels.count() / Math.max(1, labels.shape().size(0)));
        for (int i = 0; i < labels.count() && !classes.isEmpty(); i++) {
            long label = labels.getLong(i);
            if (label < 0 || label >= classes.size()) {
                throw new GradusException(
                        "label-range",
                        "Example " + i / each + " has the label " + label + ", but there are " + classes.size()
                                + " classes, numbered from 0: " + classes
                                + ". Renumber the labels, or name all classes.");
            }
        }
    }

    /// @param labels whose class numbers have names
    Examples(Features features, Features labels, List<String> classes) {
        this(features, labels, classes, new double[0]);
    }

    private Examples(Features features, Features labels, List<String> classes, double[] weights) {
        this.features = features;
        this.labels = labels;
        this.classes = List.copyOf(classes);
        this.weights = weights;
        this.meanWeight = Arrays.stream(weights).average().orElse(1);
    }

    /// The same, where examples count differently in a loss. Only the proportions of weights matter: batches have them
    /// divided by their mean.
    ///
    /// @param each a weight for each example, 0 or more, and some of them more than 0
    /// @throws GradusException when these are none, or not as many
    public Examples weighted(double... each) {
        double mean = Arrays.stream(each).average().orElse(0);
        boolean fine = each.length == size()
                && Arrays.stream(each).allMatch(weight -> weight >= 0)
                && mean > 0
                && Double.isFinite(mean);
        if (!fine && size() > 0) {
            throw new GradusException(
                    "example-weights",
                    "Each of " + size() + " examples has a weight of 0 or more, and some more than 0, but "
                            + each.length + " weights with the mean " + mean
                            + " were given. Give one for each, or leave out examples that do not count.");
        }
        return new Examples(features, labels, classes, each.clone());
    }

    /// The same, where all count alike.
    public Examples unweighted() {
        return new Examples(features, labels, classes);
    }

    /// How much each example counts, as it was given; none where all count alike.
    public double[] weights() {
        return weights.clone();
    }

    /// What a model sees, `[size, …]`. Of images, windows, and what stays in files, this is a new array at each call,
    /// larger than what lies in memory.
    public Array features() {
        return features.whole();
    }

    /// What a model should say: class numbers `int64[size]`, or numbers to predict `[size, …]`. Of windows this is a new
    /// array at each call.
    public Array labels() {
        return labels.whole();
    }

    /// The type of labels: that of those of no examples.
    TensorType labelType() {
        return labels.rows().type();
    }

    /// The labels of the examples at these positions.
    Array labels(int... positions) {
        return labels.rows(positions);
    }

    /// The names of the classes, in the order of their numbers; empty when the labels are no classes.
    public List<String> classes() {
        return classes;
    }

    @Override
    public int size() {
        return features.size();
    }

    /// The shape of one example's features.
    public Shape one() {
        return features.one();
    }

    /// `[size, …]`, the shape of [#features].
    public Shape shape() {
        return features.shape();
    }

    @Override
    public Batch batch(int... positions) {
        Array counted = null;
        if (weights.length > 0) {
            counted = Array.zeros(TensorType.of(Type.FLOAT32, positions.length));
            for (int i = 0; i < positions.length; i++) {
                counted.set(i, weights[positions[i]] / meanWeight);
            }
        }
        return new Batch(features.rows(positions), labels.rows(positions), counted);
    }

    /// The examples at these positions as a data set of their own; where they lie in memory, their numbers are copied.
    public Examples part(int... positions) {
        Examples part = new Examples(features.part(positions), labels.part(positions), classes);
        return weights.length == 0
                ? part
                : part.weighted(Arrays.stream(positions)
                        .mapToDouble(position -> weights[position])
                        .toArray());
    }

    /// The same labels with other features, one row for each example.
    public Examples withFeatures(Array changed) {
        return new Examples(new Features.Numbers(new Batch(changed, labels()).features()), labels, classes, weights);
    }

    /// The same features with other labels, one for each example.
    public Examples withLabels(Array changed) {
        demandNamed(changed, classes);
        return new Examples(features, new Features.Numbers(changed), classes, weights);
    }

    /// The features in the units of a scaling.
    Examples scaled(Scaling scaling) {
        return new Examples(features.scaled(scaling), labels, classes, weights);
    }

    /// The number of examples and the shape of one, such as `60000 examples [1, 28, 28]`.
    @Override
    public String toString() {
        return size() + " examples " + one();
    }
}
