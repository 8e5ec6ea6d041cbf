package org.gradus.nn;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.gradus.ops.CrossEntropy;
import org.gradus.ops.Elementwise;

/// The two usual losses, as [Loss] functions, and the weighted mean. Losses with numbers of their own are records:
/// [CrossEntropyLoss], [HuberLoss] and so on.
public final class Losses {
    private Losses() {}

    /// The mean over the batch of `-log softmax(logits)[label]`, without overflow. Its gradient by the logits is
    /// (ŷ - y) / batch.
    ///
    /// @param logits `[batch, classes]`, not probabilities
    /// @param labels class numbers `int64[batch]`, or probabilities of the logits' shape, as mixed examples have
    public static Tensor crossEntropy(Tensor logits, Tensor labels) {
        return areProbabilities(logits, labels)
                ? CrossEntropyLoss.of().of(logits, labels)
                : CrossEntropy.crossEntropy(logits, labels);
    }

    /// Whether labels are a probability for each class and no class numbers.
    static boolean areProbabilities(Tensor output, Tensor labels) {
        return !labels.type().type().isInteger() && labels.shape().equals(output.shape());
    }

    /// The mean over all elements of (output - labels)², the L2 loss.
    ///
    /// @param labels of the output's shape and type
    public static Tensor meanSquaredError(Tensor output, Tensor labels) {
        return new MseLoss().of(output, labels);
    }

    /// Σ w·l / Σ w: the mean of losses that count differently, such as rare examples more. NaN when the weights add up
    /// to 0.
    ///
    /// @param losses what [PointwiseLoss#each] gave, `[batch, …]`
    /// @param weights of the examples `[batch]`, or of the losses' shape
    public static Tensor weightedMean(Tensor losses, Tensor weights) {
        Tensor spread = spread(weights, losses);
        return losses.times(spread).sum().div(spread.sum());
    }

    /// A weight for each number of a loss: those of its example.
    static Tensor spread(Tensor weights, Tensor losses) {
        int[] sizes = new int[losses.shape().rank()];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = axis < weights.shape().rank() ? weights.shape().size(axis) : 1;
        }
        return weights.reshape(sizes).broadcastTo(losses.shape());
    }

    /// max(x, 0), with PyTorch's derivative of 1 at the kink.
    static Tensor hinge(Tensor x) {
        return Elementwise.clamp(x, 0, Double.POSITIVE_INFINITY);
    }

    /// Numbers of a loss as a vector of the output's type.
    static Tensor constant(Tensor output, List<Double> numbers) {
        double[] values = numbers.stream().mapToDouble(Double::doubleValue).toArray();
        return output.tracer()
                .constant(Array.of(Shape.of(values.length), values)
                        .to(output.type().type()));
    }

    /// @throws GradusException unless the number of a loss is in its range
    static void demand(boolean holds, String range, double given) {
        if (!holds) {
            throw new GradusException("loss-number", range + ", but was given " + given + ".");
        }
    }
}
