package org.gradus.nn;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Views;
import org.jspecify.annotations.Nullable;

/// Class numbers of examples, some of which do not count.
///
/// @param classes class numbers, 0 for examples that do not count: `[batch, more…]`
/// @param counts which examples count
/// @param weights how much they do; 0 for those that do not
/// @param perClass the weight of each class, broadcast over the log-probabilities
record ClassLabels(Tensor classes, Tensor counts, Tensor weights, Tensor perClass) {
    /// @param logs log-probabilities `[batch, classes, more…]`, or `[classes]`
    static ClassLabels of(Tensor logs, Tensor labels, List<Double> classWeights, long ignored) {
        int axis = axis(logs);
        if (!labels.type().type().isInteger()
                || !labels.shape().equals(logs.shape().without(List.of(axis)))) {
            throw new GradusException(
                    "class-labels",
                    "Outputs " + logs.shape() + " need class numbers as labels, integers "
                            + logs.shape().without(List.of(axis)) + ", but were given " + labels.described()
                            + ". Give one class number for each example.");
        }
        Tensor perClass = perClass(logs, classWeights);
        Tensor numbers = labels.to(Type.INT64);
        Tensor counts = Logic.notEqual(numbers, (double) ignored);
        Tensor classes = Logic.where(counts, numbers, 0);
        Tensor weights = classWeights.isEmpty()
                ? counts.to(logs.type().type())
                : Logic.where(counts, Indexing.take(Views.flatten(perClass), classes), 0);
        return new ClassLabels(classes, counts, weights, perClass);
    }

    /// The weight of each class, along the class axis of these outputs.
    static Tensor perClass(Tensor logs, List<Double> classWeights) {
        int axis = axis(logs);
        int count = logs.shape().size(axis);
        if (!classWeights.isEmpty() && classWeights.size() != count) {
            throw new GradusException(
                    "class-weights",
                    "There are weights for " + classWeights.size() + " classes, but the outputs " + logs.described()
                            + ", tell " + count + " classes apart. Give one weight for each class.");
        }
        int[] sizes = new int[logs.shape().rank()];
        Arrays.fill(sizes, 1);
        sizes[axis] = classWeights.isEmpty() ? 1 : count;
        return Losses.constant(logs, classWeights.isEmpty() ? List.of(1.0) : classWeights)
                .reshape(sizes);
    }

    /// Minus the weighted log-probabilities of the classes, some of the weight spread over all classes.
    Tensor losses(Tensor logs, double smoothing) {
        int axis = axis(logs);
        Tensor right = Views.squeeze(Indexing.gather(logs, axis, Views.unsqueeze(classes, axis)), axis);
        Tensor losses = right.times(weights).negated();
        if (smoothing != 0) {
            Tensor spread = logs.times(perClass).mean(axis).times(-smoothing);
            losses = losses.times(1 - smoothing).plus(spread);
        }
        return Logic.where(counts, losses, 0);
    }

    /// The sum of the losses divided by that of the weights. When nothing counts it is NaN with a derivative of 0, so
    /// the division is by another number then.
    ///
    /// @param examples how much each example counts besides, if not alike
    Tensor mean(Tensor logs, double smoothing, @Nullable Tensor examples) {
        Tensor total = weights.sum();
        Tensor none = Logic.equal(total, 0);
        Tensor losses = losses(logs, smoothing);
        Tensor counted = examples == null ? losses : losses.times(Losses.spread(examples, losses));
        Tensor mean = counted.sum().div(Logic.where(none, 1, total));
        return Logic.where(none, Constants.fullLike(mean, Double.NaN), mean);
    }

    static int axis(Tensor logs) {
        return logs.shape().axis(logs.shape().rank() > 1 ? 1 : 0);
    }
}
