package org.gradus.nn;

import org.gradus.graph.Tensor;

/// A loss that is made of one number for each element or example. As a [Loss] it is their mean; [#summed] and
/// [#perExample] make other losses of it, and [#each] gives the numbers themselves, so that they can be weighted with
/// [Losses#weightedMean].
public interface PointwiseLoss extends Loss {
    /// The numbers that are averaged.
    ///
    /// @param output the model's, `[batch, …]`
    /// @param labels what it should be
    Tensor each(Tensor output, Tensor labels);

    /// @return the mean of [#each]
    @Override
    default Tensor of(Tensor output, Tensor labels) {
        return each(output, labels).mean();
    }

    /// @return the mean of [#each] times the weights
    @Override
    default Tensor of(Tensor output, Tensor labels, Tensor weights) {
        return weighted(output, labels, weights).mean();
    }

    /// [#each], multiplied by weights.
    ///
    /// @param weights of the examples, `[batch]`
    default Tensor weighted(Tensor output, Tensor labels, Tensor weights) {
        Tensor losses = each(output, labels);
        return losses.times(Losses.spread(weights, losses));
    }

    /// The loss that is the sum of [#each].
    default Loss summed() {
        return new SummedLoss(this, false);
    }

    /// The loss that is the sum of [#each], divided by the number of examples.
    default Loss perExample() {
        return new SummedLoss(this, true);
    }
}
