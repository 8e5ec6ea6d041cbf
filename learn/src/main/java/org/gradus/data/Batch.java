package org.gradus.data;

import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.jspecify.annotations.Nullable;

/// Some examples, as one training step takes them.
///
/// @param features what the model sees, `[size, …]`
/// @param labels what it should say, `[size]` or `[size, …]`
/// @param weights how much each example counts in the loss, `float32[size]`, 1 in the mean over the whole data set; null for
///     alike
public record Batch(Array features, Array labels, @Nullable Array weights) {
    /// Where all count alike.
    ///
    /// @throws GradusException when features and labels differ in number, or one of them is a scalar
    public Batch(Array features, Array labels) {
        this(features, labels, null);
    }

    /// @throws GradusException when features and labels differ in number, or one of them is a scalar
    public Batch {
        if (features.shape().rank() == 0
                || labels.shape().rank() == 0
                || features.shape().size(0) != labels.shape().size(0)) {
            throw new GradusException(
                    "examples-count",
                    "Each example has features and a label, but the features are " + features.type()
                            + " and the labels " + labels.type() + ". The first axis of both counts the examples.");
        }
    }

    /// The number of examples.
    public int size() {
        return features.shape().size(0);
    }
}
