package org.gradus.optim;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.graph.Tensor;

/// Weight decay: `d ← d + λ·w`, for every parameter. First in the chain it is the gradient of the penalty λ/2·‖w‖²
/// (PyTorch's `weight_decay` of SGD and Adam); after the other rules it is decoupled (AdamW).
///
/// @param rate λ, at least 0
public record DecayWeights(double rate) implements Rule {
    /// @throws GradusException when λ is negative
    public DecayWeights {
        if (!(rate >= 0)) {
            throw new GradusException("rule-number", "A weight decay is at least 0, but was given " + rate + ".");
        }
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        return Update.each(directions, update.parameters(), (d, w) -> d.plus(w.times(rate)));
    }
}
