package org.gradus.nn;

import org.gradus.graph.Tensor;

/// The sum over all elements of a loss, which PyTorch calls the reductions `sum` and `batchmean`.
///
/// @param loss what is summed
/// @param perExample whether the sum is divided by the size of the first axis
public record SummedLoss(PointwiseLoss loss, boolean perExample) implements Loss {
    @Override
    public Tensor of(Tensor output, Tensor labels) {
        return reduced(loss.each(output, labels));
    }

    @Override
    public Tensor of(Tensor output, Tensor labels, Tensor weights) {
        return reduced(loss.weighted(output, labels, weights));
    }

    private Tensor reduced(Tensor losses) {
        return perExample ? losses.sum().div(losses.shape().size(0)) : losses.sum();
    }
}
