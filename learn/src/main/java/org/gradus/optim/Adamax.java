package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Initial;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;

/// [Adam] with the largest gradient of late in place of the mean square: `u ← max(β₂·u, |g| + ε)`,
/// `d ← η/(1 - β₁ᵗ)·m/u`. D. Kingma, J. Ba, *Adam*, 2015, section 7. State: `exp_avg`, `exp_inf`.
///
/// @param beta1 β₁
/// @param beta2 β₂
/// @param eps ε
public record Adamax(double beta1, double beta2, double eps) implements Rule {
    /// @throws org.gradus.base.GradusException when a β is not from 0 to below 1, or ε is negative
    public Adamax {
        Numbers.share("β₁", beta1);
        Numbers.share("β₂", beta2);
        Numbers.notNegative("ε", eps);
    }

    /// With β = (0.9, 0.999) and ε = 10⁻⁸.
    public static Adamax of() {
        return new Adamax(0.9, 0.999, 1e-8);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> means = update.averages("exp_avg", directions, beta1);
        List<Tensor> old = update.buffers("exp_inf", Initial.constant(0));
        List<Tensor> largest = Update.each(
                old,
                directions,
                (u, d) -> Elementwise.maximum(u.times(beta2), Elementwise.abs(d).plus(eps)));
        update.assign(old, largest);
        return update.scaled(
                Update.each(means, largest, (m, u) -> m.times(update.number(0)).div(u)));
    }

    @Override
    public List<Schedule> numbers() {
        return List.of(progress -> 1 / Adam.correction(beta1, progress));
    }
}
