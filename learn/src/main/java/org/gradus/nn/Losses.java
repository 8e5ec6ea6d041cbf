package org.gradus.nn;

import org.gradus.graph.Tensor;
import org.gradus.ops.CrossEntropy;

/// The usual losses, as [Loss] functions.
public final class Losses {
    private Losses() {}

    /// The mean over the batch of -log softmax(logits)[label], without overflow. Its gradient by the logits is
    /// (ŷ - y) / batch.
    ///
    /// @param logits `[batch, classes]`, not probabilities
    /// @param labels class numbers, `int64[batch]`
    public static Tensor crossEntropy(Tensor logits, Tensor labels) {
        return CrossEntropy.crossEntropy(logits, labels);
    }

    /// The mean over all elements of (output - labels)², the L2 loss.
    ///
    /// @param labels of the output's shape and type
    public static Tensor meanSquaredError(Tensor output, Tensor labels) {
        return output.minus(labels).squared().mean();
    }
}
