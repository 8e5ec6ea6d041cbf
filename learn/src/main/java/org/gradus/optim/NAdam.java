package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import org.gradus.graph.Tensor;

/// [Adam] with Nesterov's look ahead: `d ← η·((1 - μₜ)/(1 - Πμ)·g + μₜ₊₁/(1 - Πμ·μₜ₊₁)·m) / (√v̂ + ε)`, where
/// μₜ = β₁·(1 - 0.96^(t·ψ)/2) grows towards β₁, and Πμ is the product of all of them so far.
///
/// T. Dozat, *Incorporating Nesterov Momentum into Adam*, 2016. State: `exp_avg`, `exp_avg_sq`.
///
/// @param beta1 β₁
/// @param beta2 β₂
/// @param eps ε
/// @param momentumDecay ψ
public record NAdam(double beta1, double beta2, double eps, double momentumDecay) implements Rule {
    private static final double NEGLIGIBLE = 0x1p-60; // of a product that is taken from 1

    /// @throws org.gradus.base.GradusException when a β is not from 0 to below 1, or another number is negative
    public NAdam {
        Numbers.share("β₁", beta1);
        Numbers.share("β₂", beta2);
        Numbers.notNegative("ε", eps);
        Numbers.notNegative("ψ", momentumDecay);
    }

    /// With β = (0.9, 0.999), ε = 10⁻⁸ and ψ = 0.004.
    public static NAdam of() {
        return new NAdam(0.9, 0.999, 1e-8, 4e-3);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> means = update.averages("exp_avg", directions, beta1);
        List<Tensor> squares = update.averages(
                "exp_avg_sq", directions.stream().map(Tensor::squared).toList(), beta2);
        List<Tensor> steps = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            Tensor ahead =
                    directions.get(i).times(update.number(0)).plus(means.get(i).times(update.number(1)));
            steps.add(ahead.div(squares.get(i).sqrt().times(update.number(2)).plus(eps)));
        }
        return update.scaled(steps);
    }

    @Override
    public List<Schedule> numbers() {
        return List.of(
                progress -> (1 - momentum(progress.step() + 1)) / (1 - product(progress.step() + 1)),
                progress -> momentum(progress.step() + 2) / (1 - product(progress.step() + 2)),
                progress -> 1 / Math.sqrt(Adam.correction(beta2, progress)));
    }

    private double momentum(long t) {
        return beta1 * (1 - 0.5 * Math.pow(0.96, t * momentumDecay));
    }

    private double product(long last) {
        double product = 1;
        for (long t = 1; t <= last && product > NEGLIGIBLE; t++) {
            product *= momentum(t);
        }
        return product;
    }
}
