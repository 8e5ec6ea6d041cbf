package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Initial;
import org.gradus.graph.Tensor;

/// Steps in the units of the parameters: `d ← η·√(a + ε)/√(s + ε)·g`, where s is the running average of g² and a that of
/// the steps' squares. Its learning rate is 1, in Keras 0.001. M. Zeiler, *ADADELTA*, 2012. State: `square_avg`,
/// `acc_delta`.
///
/// @param rho the part of the averages that stays
/// @param eps ε
public record Adadelta(double rho, double eps) implements Rule {
    /// @throws org.gradus.base.GradusException when ρ is not from 0 to below 1, or ε is negative
    public Adadelta {
        Numbers.share("ρ", rho);
        Numbers.notNegative("ε", eps);
    }

    /// With ρ = 0.9 and ε = 10⁻⁶.
    public static Adadelta of() {
        return new Adadelta(0.9, 1e-6);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> squares = update.averages(
                "square_avg", directions.stream().map(Tensor::squared).toList(), rho);
        List<Tensor> before = update.buffers("acc_delta", Initial.constant(0)); // this step is not in it yet
        List<Tensor> ratios = Update.each(
                before, squares, (a, s) -> a.plus(eps).sqrt().div(s.plus(eps).sqrt()));
        List<Tensor> steps = Update.each(directions, ratios, Tensor::times);
        update.averages("acc_delta", steps.stream().map(Tensor::squared).toList(), rho);
        return update.scaled(steps);
    }
}
