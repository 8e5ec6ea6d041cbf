package org.gradus.nn;

import org.gradus.graph.Tensor;
import org.gradus.ops.Logic;

/// A loss of distances x, element by element: x where the label is 1 (a pair that belongs together), and
/// max(0, margin - x) where it is -1.
///
/// @param margin how far apart the others should be; PyTorch's default is 1
public record HingeEmbeddingLoss(double margin) implements PointwiseLoss {
    /// @param labels -1 or 1, of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        Tensor apart = Losses.hinge(output.negated().plus(margin));
        return Logic.where(Logic.greater(labels, 0), output, apart);
    }
}
