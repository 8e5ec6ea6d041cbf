package org.gradus.optim;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.graph.Initial;
import org.gradus.graph.Tensor;

/// Directions that keep some of their speed: `v ← μ·v + (1 - τ)·d`, then `d ← v`, or `d ← d + μ·v` for Nesterov's form,
/// both as in PyTorch: the very first `v` is `d`, whatever τ.
///
/// I. Sutskever et al., *On the importance of initialization and momentum in deep learning*, 2013. State: `momentum`.
///
/// @param momentum μ, the part of the speed that stays, 0 to 1
/// @param dampening τ
/// @param nesterov whether to look ahead
public record Momentum(double momentum, double dampening, boolean nesterov) implements Rule {
    /// @throws GradusException when μ is not from 0 to 1, or Nesterov's form is dampened or has no momentum
    public Momentum {
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new GradusException("rule-number", "A momentum is from 0 to 1, but was given " + momentum + ".");
        }
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw new GradusException(
                    "rule-number",
                    "Nesterov's form needs a momentum and no dampening, but these are " + momentum + " and " + dampening
                            + ".");
        }
    }

    /// Plain momentum.
    public static Momentum of(double momentum) {
        return new Momentum(momentum, 0, false);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> speeds = update.buffers("momentum", Initial.constant(0));
        List<Tensor> faster = Update.each(
                speeds, directions, (v, d) -> v.times(momentum).plus(dampening == 0 ? d : d.times(update.number(0))));
        update.assign(speeds, faster);
        return nesterov ? Update.each(directions, faster, (d, v) -> d.plus(v.times(momentum))) : faster;
    }

    @Override
    public List<Schedule> numbers() {
        return dampening == 0 ? List.of() : List.of(progress -> progress.step() == 0 ? 1 : 1 - dampening);
    }
}
