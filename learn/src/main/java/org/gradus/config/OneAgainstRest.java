package org.gradus.config;

import org.gradus.graph.Tensor;
import org.gradus.nn.BceWithLogitsLoss;
import org.gradus.nn.Loss;
import org.gradus.ops.Indexing;
import org.gradus.ops.Views;

/// Binary cross-entropy for labels that are class numbers: each class against all others. Two classes have one logit
/// together, that of the second; more have one each, and their probabilities need not add up to 1.
///
/// @param binary of a logit and 0 or 1
/// @param classes how many there are
record OneAgainstRest(BceWithLogitsLoss binary, int classes) implements Loss {
    /// How many logits a model gives.
    int outputs() {
        return classes == 2 ? 1 : classes;
    }

    /// @param output logits, `[batch, outputs]`
    /// @param labels class numbers, `int64[batch]`
    @Override
    public Tensor of(Tensor output, Tensor labels) {
        Tensor wanted = classes == 2 ? Views.unsqueeze(labels, 1) : Indexing.oneHot(labels, classes, 1);
        return binary.of(output, wanted.to(output.type().type()));
    }

    /// Of logits `[batch, outputs]` the probabilities `[batch, classes]`.
    Tensor probabilities(Tensor output) {
        return classes == 2 ? Views.concat(1, output.negated(), output).sigmoid() : output.sigmoid();
    }
}
