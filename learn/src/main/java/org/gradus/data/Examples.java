package org.gradus.data;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// A [Dataset] that lies in memory: features, labels and the names of the classes. Images that were read from files lie
/// there with a byte for each value, or stay in their files ([Reading#stream]), and become floats batch by batch.
public final class Examples implements Dataset {
    private final Features features;
    private final Array labels;
    private final List<String> classes;

    /// @param features what a model sees, `[size, …]`
    /// @param labels what it should say: class numbers `int64[size]`, or numbers to predict `[size, …]`
    /// @param classes the names of the classes, in the order of their numbers; empty when the labels are no classes
    /// @throws GradusException when features and labels differ in number, or a class number has no name
    public Examples(Array features, Array labels, List<String> classes) {
        this(new Features.Numbers(new Batch(features, labels).features()), labels, classes);
    }

    Examples(Features features, Array labels, List<String> classes) {
        this.features = features;
        this.labels = labels;
        this.classes = List.copyOf(classes);
        for (int i = 0; i < size() && !classes.isEmpty(); i++) {
            long label = labels.getLong(i);
            if (label < 0 || label >= classes.size()) {
                throw new GradusException(
                        "label-range",
                        "Example " + i + " has the label " + label + ", but there are " + classes.size()
                                + " classes, numbered from 0: " + classes
                                + ". Renumber the labels, or name all classes.");
            }
        }
    }

    /// What a model sees, `[size, …]`. Of images that were read from files this is a new array at each call, four times
    /// as large as what lies in memory.
    public Array features() {
        return features.whole();
    }

    /// What a model should say: class numbers `int64[size]`, or numbers to predict `[size, …]`.
    public Array labels() {
        return labels;
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
        return new Batch(features.rows(positions), Features.Numbers.rows(labels, positions));
    }

    /// The examples at these positions as a data set of their own; the numbers are copied.
    public Examples part(int... positions) {
        return new Examples(features.part(positions), Features.Numbers.rows(labels, positions), classes);
    }

    /// The same labels with other features, one row for each example.
    public Examples withFeatures(Array changed) {
        return new Examples(changed, labels, classes);
    }

    /// The same features with other labels, one for each example.
    public Examples withLabels(Array changed) {
        return new Examples(features, changed, classes);
    }

    /// The features in the units of a scaling.
    Examples scaled(Scaling scaling) {
        return new Examples(features.scaled(scaling), labels, classes);
    }

    /// The number of examples and the shape of one, such as `60000 examples [1, 28, 28]`.
    @Override
    public String toString() {
        return size() + " examples " + one();
    }
}
