package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Tensor;

/// [Adam] that trusts its mean square only once it rests on enough gradients: before, `d ← η·m̂`; then
/// `d ← η·r·m̂·√(1 - β₂ᵗ) / (√v + ε)`, where r grows to 1. As in PyTorch, ε is added to the uncorrected root.
///
/// L. Liu et al., *On the Variance of the Adaptive Learning Rate and Beyond*, 2020. State: `exp_avg`, `exp_avg_sq`.
///
/// @param beta1 β₁
/// @param beta2 β₂
/// @param eps ε
public record RAdam(double beta1, double beta2, double eps) implements Rule {
    private static final double ENOUGH = 5; // of the length of the approximated simple moving average

    /// @throws org.gradus.base.GradusException when a β is not from 0 to below 1, or ε is negative
    public RAdam {
        Numbers.share("β₁", beta1);
        Numbers.share("β₂", beta2);
        Numbers.notNegative("ε", eps);
    }

    /// With β = (0.9, 0.999) and ε = 10⁻⁸.
    public static RAdam of() {
        return new RAdam(0.9, 0.999, 1e-8);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> means = update.averages("exp_avg", directions, beta1);
        List<Tensor> squares = update.averages(
                "exp_avg_sq", directions.stream().map(Tensor::squared).toList(), beta2);
        Tensor plain = update.number(0);
        Tensor rectified = update.number(1);
        return update.scaled(Update.each(
                means,
                squares,
                (m, v) -> m.times(rectified.div(v.sqrt().plus(eps)).plus(plain))));
    }

    /// What m is multiplied by before there are enough gradients, and after; one of them is 0.
    @Override
    public List<Schedule> numbers() {
        return List.of(
                progress -> rectification(progress) > 0 ? 0 : 1 / Adam.correction(beta1, progress),
                progress -> rectification(progress)
                        * Math.sqrt(Adam.correction(beta2, progress))
                        / Adam.correction(beta1, progress));
    }

    /// r, or 0 while there are too few gradients.
    private double rectification(Progress progress) {
        double t = progress.step() + 1;
        double most = 2 / (1 - beta2) - 1;
        double length = most - 2 * t * Math.pow(beta2, t) / Adam.correction(beta2, progress);
        return length > ENOUGH ? Math.sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)) : 0;
    }
}
