package org.gradus.nn;

import java.util.List;
import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Views;

/// The hinge loss of a classifier, one number for each example: the mean over all classes i but the right one y of
/// `max(0, margin - x[y] + x[i])^p`, where the right one counts as 0.
///
/// @param order p, 1 or 2
/// @param margin how far the right class should lead; PyTorch's default is 1
/// @param classWeights how much an example of each class counts; empty for 1
public record MultiMarginLoss(int order, double margin, List<Double> classWeights) implements PointwiseLoss {
    /// @throws org.gradus.base.GradusException when the order is neither 1 nor 2
    public MultiMarginLoss {
        Losses.demand(order == 1 || order == 2, "A multi-margin loss has the order 1 or 2", order);
        classWeights = List.copyOf(classWeights);
    }

    /// With order and margin 1.
    public static MultiMarginLoss of() {
        return new MultiMarginLoss(1, 1, List.of());
    }

    /// @param output `[batch, classes]`
    /// @param labels class numbers, `int64[batch]`
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        Tensor classes = labels.to(Type.INT64);
        Tensor right = Indexing.gather(output, -1, Views.unsqueeze(classes, -1));
        Tensor missing = Losses.hinge(output.minus(right).plus(margin));
        Tensor powers = order == 1 ? missing : missing.squared();
        Tensor others = Logic.where(Indexing.oneHot(classes, output.shape().size(-1), -1), 0, powers);
        Tensor means = others.mean(-1);
        return classWeights.isEmpty()
                ? means
                : means.times(Indexing.take(Losses.constant(output, classWeights), classes));
    }
}
