package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;

/// Gradient descent with a falling learning rate, whose result is the average of all positions since step t₀:
/// `d ← ηₜ·(g + λ·w)` with ηₜ = η / (1 + λ·η·t)^α, where t counts steps from 0. B. Polyak, A. Juditsky, *Acceleration of
/// stochastic approximation by averaging*, 1992. State: `ax`, the averages.
///
/// @param lambda λ
/// @param alpha α
/// @param from t₀
public record Asgd(double lambda, double alpha, double from) implements Rule {
    /// @throws org.gradus.base.GradusException when a number is negative
    public Asgd {
        Numbers.notNegative("λ", lambda);
        Numbers.notNegative("α", alpha);
        Numbers.notNegative("t₀", from);
    }

    /// With λ = 10⁻⁴, α = 0.75 and t₀ = 10⁶.
    public static Asgd of() {
        return new Asgd(1e-4, 0.75, 1e6);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> rates = update.learningRates().stream()
                .map(rate ->
                        rate.div(Elementwise.pow(rate.times(update.number(0)).plus(1), alpha)))
                .toList();
        List<Tensor> decayed = Update.each(directions, update.parameters(), (d, w) -> d.plus(w.times(lambda)));
        List<Tensor> steps = Update.each(decayed, rates, Tensor::times);
        AverageWeights.average(update, "ax", steps, update.number(1));
        return steps;
    }

    @Override
    public List<Schedule> numbers() {
        return List.of(progress -> lambda * progress.step(), progress -> 1 / Math.max(1, progress.step() - from));
    }
}
