package org.gradus.data;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;

/// A [Dataset] that lies in two arrays.
///
/// @param features what a model sees, `[size, …]`
/// @param labels what it should say: class numbers `int64[size]`, or numbers to predict `[size, …]`
/// @param classes the names of the classes, in the order of their numbers; empty when the labels are no classes
public record Examples(Array features, Array labels, List<String> classes) implements Dataset {
    /// @throws GradusException when features and labels differ in number, or a class number has no name
    public Examples {
        classes = List.copyOf(classes);
        int size = new Batch(features, labels).size();
        for (int i = 0; i < size && !classes.isEmpty(); i++) {
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

    @Override
    public int size() {
        return features.shape().size(0);
    }

    @Override
    public Batch batch(int... positions) {
        return new Batch(rows(features, positions), rows(labels, positions));
    }

    /// The examples at these positions as a data set of their own; the numbers are copied.
    public Examples part(int... positions) {
        return new Examples(rows(features, positions), rows(labels, positions), classes);
    }

    /// The same labels with other features, one row for each example.
    public Examples withFeatures(Array changed) {
        return new Examples(changed, labels, classes);
    }

    private static Array rows(Array array, int[] positions) {
        int size = array.shape().size(0);
        int width = size == 0 ? 0 : array.count() / size;
        Array rows = Array.zeros(array.type().with(array.shape().with(0, positions.length)));
        for (int i = 0; i < positions.length; i++) {
            int position = positions[i];
            if (position < 0 || position >= size) {
                throw new GradusException(
                        "example-range",
                        "Example " + position + " was asked of a data set of " + size + ", whose examples are 0 to "
                                + (size - 1) + ".");
            }
            System.arraycopy(array.storage(), position * width, rows.storage(), i * width, width);
        }
        return rows;
    }
}
