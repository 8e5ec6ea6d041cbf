package org.gradus.nn;

import java.util.Arrays;
import java.util.List;
import org.gradus.graph.Tensor;
import org.gradus.ops.LogSoftmax;

/// Cross-entropy of logits, one number for each example, without overflow: `-Σ q[k]·log softmax(x)[k]`. Labels are class
/// numbers, or probabilities of the output's shape.
///
/// For a class number y, q is `w[y]` at y; with smoothing s it is `(1 - s)·w[y]` there, and `s·w[k]/K` more everywhere (C.
/// Szegedy et al., *Rethinking the Inception Architecture*, 2016). Probabilities are smoothed and weighted alike.
///
/// The mean of class numbers is weighted, `Σ l / Σ w[y]` over the examples that are not ignored, as in PyTorch; when all
/// are, it is NaN and its gradient 0. Where none of this is wanted, [Losses#crossEntropy] is the same as one op.
///
/// @param classWeights w, how much each class counts; empty for 1
/// @param ignored the label of examples that do not count; PyTorch's default is -100
/// @param smoothing s, from 0 to 1
public record CrossEntropyLoss(List<Double> classWeights, long ignored, double smoothing) implements PointwiseLoss {
    static final long IGNORED = -100;

    /// @throws org.gradus.base.GradusException when the smoothing is not from 0 to 1
    public CrossEntropyLoss {
        Losses.demand(smoothing >= 0 && smoothing <= 1, "Labels are smoothed by 0 to 1", smoothing);
        classWeights = List.copyOf(classWeights);
    }

    /// Without weights and smoothing.
    public static CrossEntropyLoss of() {
        return new CrossEntropyLoss(List.of(), IGNORED, 0);
    }

    /// This, with a weight for each class.
    public CrossEntropyLoss weighted(double... weights) {
        return new CrossEntropyLoss(Arrays.stream(weights).boxed().toList(), ignored, smoothing);
    }

    /// This, with some of each label spread over all classes.
    public CrossEntropyLoss smoothed(double share) {
        return new CrossEntropyLoss(classWeights, ignored, share);
    }

    /// This, with another label for examples that do not count.
    public CrossEntropyLoss ignoring(long label) {
        return new CrossEntropyLoss(classWeights, label, smoothing);
    }

    /// @param output logits, `[batch, classes, more…]`
    /// @param labels class numbers `int64[batch, more…]`, or probabilities of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        Tensor logs = logs(output);
        if (labels.type().type().isInteger()) {
            return ClassLabels.of(output, labels, classWeights, ignored).losses(logs, smoothing);
        }
        int axis = ClassLabels.axis(output);
        Tensor smooth = smoothing == 0
                ? labels
                : labels.times(1 - smoothing).plus(smoothing / output.shape().size(axis));
        return smooth.times(ClassLabels.perClass(output, classWeights))
                .times(logs)
                .sum(axis)
                .negated();
    }

    @Override
    public Tensor of(Tensor output, Tensor labels) {
        return labels.type().type().isInteger()
                ? ClassLabels.of(output, labels, classWeights, ignored).mean(logs(output), smoothing, null)
                : each(output, labels).mean();
    }

    @Override
    public Tensor of(Tensor output, Tensor labels, Tensor weights) {
        return labels.type().type().isInteger()
                ? ClassLabels.of(output, labels, classWeights, ignored).mean(logs(output), smoothing, weights)
                : weighted(output, labels, weights).mean();
    }

    private static Tensor logs(Tensor output) {
        return LogSoftmax.logSoftmax(output, ClassLabels.axis(output));
    }
}
