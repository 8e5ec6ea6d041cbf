package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Initial;
import org.gradus.graph.Tensor;

/// Gradients divided by the root of the sum of all their squares: `s ← s + g²`, `d ← η/(1 + t·decay)·g / (√s + ε)`.
/// J. Duchi et al., *Adaptive Subgradient Methods*, 2011. State: `sum`.
///
/// @param decay of the learning rate, where t counts steps from 0; [Schedules#inverse] can do that as well
/// @param start of s; PyTorch's default is 0, Keras' 0.1
/// @param eps ε
public record Adagrad(double decay, double start, double eps) implements Rule {
    /// @throws org.gradus.base.GradusException when a number is negative
    public Adagrad {
        Numbers.notNegative("The decay", decay);
        Numbers.notNegative("The start", start);
        Numbers.notNegative("ε", eps);
    }

    /// Without decay, from 0, with ε = 10⁻¹⁰.
    public static Adagrad of() {
        return new Adagrad(0, 0, 1e-10);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> old = update.buffers("sum", Initial.constant(start));
        List<Tensor> sums = Update.each(old, directions, (s, d) -> s.plus(d.squared()));
        update.assign(old, sums);
        return update.scaled(Update.each(
                directions,
                sums,
                (d, s) -> d.times(update.number(0)).div(s.sqrt().plus(eps))));
    }

    @Override
    public List<Schedule> numbers() {
        return List.of(progress -> 1 / (1 + progress.step() * decay));
    }
}
