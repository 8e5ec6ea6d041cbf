package org.gradus.nn;

import java.util.List;
import org.gradus.graph.Tensor;

/// Minus the log-probability of the right class, one number for each example: the loss of a model whose outputs are
/// logarithms of probabilities. For logits there is [CrossEntropyLoss].
///
/// The mean is weighted: `Σ w[y]·l / Σ w[y]` over the examples that are not ignored, as in PyTorch; NaN when all are.
///
/// @param classWeights w, how much an example of each class counts; empty for 1
/// @param ignored the label of examples that do not count; PyTorch's default is -100
public record NllLoss(List<Double> classWeights, long ignored) implements PointwiseLoss {
    /// Freezes the list.
    public NllLoss {
        classWeights = List.copyOf(classWeights);
    }

    /// Where all classes count alike.
    public static NllLoss of() {
        return new NllLoss(List.of(), CrossEntropyLoss.IGNORED);
    }

    /// @param output log-probabilities, `[batch, classes, more…]`
    /// @param labels class numbers, `int64[batch, more…]`
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        return ClassLabels.of(output, labels, classWeights, ignored).losses(output, 0);
    }

    @Override
    public Tensor of(Tensor output, Tensor labels) {
        return ClassLabels.of(output, labels, classWeights, ignored).mean(output, 0, null);
    }

    @Override
    public Tensor of(Tensor output, Tensor labels, Tensor weights) {
        return ClassLabels.of(output, labels, classWeights, ignored).mean(output, 0, weights);
    }
}
