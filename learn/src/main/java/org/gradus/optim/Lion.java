package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Initial;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;

/// The sign of a mixture of momentum and gradient: `d ← η·sign(β₁·m + (1 - β₁)·g)`, then `m ← β₂·m + (1 - β₂)·g`. Its
/// learning rate is a third to a tenth of [Adam]'s. X. Chen et al., *Symbolic Discovery of Optimization Algorithms*,
/// 2023. State: `exp_avg`.
///
/// @param beta1 β₁
/// @param beta2 β₂
public record Lion(double beta1, double beta2) implements Rule {
    /// @throws org.gradus.base.GradusException when a β is not from 0 to below 1
    public Lion {
        Numbers.share("β₁", beta1);
        Numbers.share("β₂", beta2);
    }

    /// With β = (0.9, 0.99).
    public static Lion of() {
        return new Lion(0.9, 0.99);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> before = update.buffers("exp_avg", Initial.constant(0));
        List<Tensor> signs = Update.each(
                before, directions, (m, d) -> Elementwise.sign(m.times(beta1).plus(d.times(1 - beta1))));
        update.averages("exp_avg", directions, beta2);
        return update.scaled(signs);
    }
}
