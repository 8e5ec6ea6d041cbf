package org.gradus.nn;

import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;
import org.gradus.ops.Scans;
import org.gradus.ops.Views;

/// A hinge loss of several right classes, one number for each example: the sum of `max(0, 1 - (x[j] - x[i]))` over all
/// right classes j and wrong ones i, divided by the number of classes.
public record MultiLabelMarginLoss() implements PointwiseLoss {
    /// @param output `[batch, classes]`
    /// @param labels the numbers of the right classes, then -1, then anything: `int64[batch, classes]`
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        Tensor numbers = labels.to(Type.INT64);
        Tensor ended = Scans.cumsum(Logic.less(numbers, 0).to(output.type().type()), -1);
        Tensor listed = Logic.less(ended, 0.5); // [batch, classes]: before the first -1
        Tensor right = Logic.where(listed, numbers, 0);
        Tensor hot = Indexing.oneHot(right, output.shape().size(-1), -1); // [batch, place in the list, class]
        Tensor wrong = Logic.not(Reductions.any(Logic.and(hot, Views.unsqueeze(listed, -1)), -2));
        Tensor lead = Views.unsqueeze(Indexing.gather(output, -1, right), -1).minus(Views.unsqueeze(output, -2));
        Tensor counts = Logic.and(Views.unsqueeze(listed, -1), Views.unsqueeze(wrong, -2));
        Tensor missing = Logic.where(counts, Losses.hinge(lead.negated().plus(1)), 0);
        return missing.sum(-1, -2).div(output.shape().size(-1));
    }
}
