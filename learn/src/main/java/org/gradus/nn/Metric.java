package org.gradus.nn;

import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;

/// A number that tells people how good a model is; unlike a [Loss] it is not minimised and needs no derivative.
@FunctionalInterface
public interface Metric {
    /// The mean over a batch, a scalar of the output's type.
    ///
    /// @param output the model's, `[batch, …]`
    /// @param labels what it should be
    Tensor of(Tensor output, Tensor labels);

    /// The share of examples whose largest output is that of their class: output `[batch, classes]`, labels
    /// `int64[batch]`, or probabilities of the output's shape, whose largest counts. Of equal outputs the first counts.
    static Tensor accuracy(Tensor output, Tensor labels) {
        Type type = output.type().type();
        Tensor classes =
                Losses.areProbabilities(output, labels) ? Reductions.argmax(labels, -1) : labels.to(Type.INT64);
        return Logic.equal(Reductions.argmax(output, -1), classes).to(type).mean();
    }
}
