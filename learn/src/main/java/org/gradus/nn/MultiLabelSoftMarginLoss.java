package org.gradus.nn;

import java.util.List;
import org.gradus.graph.Tensor;

/// Binary cross-entropy of logits, averaged over the classes: one number for each example that may be of several
/// classes.
///
/// @param classWeights how much each class counts; empty for 1
public record MultiLabelSoftMarginLoss(List<Double> classWeights) implements PointwiseLoss {
    /// Freezes the list.
    public MultiLabelSoftMarginLoss {
        classWeights = List.copyOf(classWeights);
    }

    /// Where all classes count alike.
    public static MultiLabelSoftMarginLoss of() {
        return new MultiLabelSoftMarginLoss(List.of());
    }

    /// @param output logits, `[batch, classes]`
    /// @param labels 0 or 1, of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        Tensor losses = BceWithLogitsLoss.of().each(output, labels);
        return (classWeights.isEmpty() ? losses : losses.times(Losses.constant(output, classWeights))).mean(-1);
    }
}
