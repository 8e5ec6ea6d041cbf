package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;

/// Gradients divided by the root of their mean square of late: `d ← η·g / (√s + ε)`. Centred, the square of the mean is
/// taken from s first. As in PyTorch, ε is outside the root; Keras has it inside. With momentum, the quotients go
/// through [Momentum].
///
/// T. Tieleman, G. Hinton, lecture 6.5 of *Neural Networks for Machine Learning*, 2012. State: `square_avg`, `grad_avg`.
///
/// @param alpha the part of s that stays
/// @param eps ε
/// @param centered whether the variance is taken
/// @param momentum μ, 0 for none
public record RmsProp(double alpha, double eps, boolean centered, double momentum) implements ChainedRule {
    /// @throws org.gradus.base.GradusException when α is not from 0 to below 1, or another number is out of range
    public RmsProp {
        new Scaling(alpha, eps, centered);
        new Momentum(momentum, 0, false);
    }

    /// With α = 0.99 and ε = 10⁻⁸.
    public static RmsProp of() {
        return new RmsProp(0.99, 1e-8, false, 0);
    }

    @Override
    public Chain chain() {
        Rule scaling = new Scaling(alpha, eps, centered);
        return momentum == 0
                ? Chain.of(scaling, new ScaleByLearningRate())
                : Chain.of(scaling, Momentum.of(momentum), new ScaleByLearningRate());
    }

    /// The division alone.
    record Scaling(double alpha, double eps, boolean centered) implements Rule {
        Scaling {
            Numbers.share("α", alpha);
            Numbers.notNegative("ε", eps);
        }

        @Override
        public List<Tensor> apply(Update update, List<Tensor> directions) {
            List<Tensor> squares = update.averages(
                    "square_avg", directions.stream().map(Tensor::squared).toList(), alpha);
            if (centered) {
                List<Tensor> means = update.averages("grad_avg", directions, alpha);
                // Rounding must not make it negative.
                squares = Update.each(squares, means, (s, mean) -> Elementwise.maximum(s.minus(mean.squared()), 0));
            }
            return Update.each(directions, squares, (d, s) -> d.div(s.sqrt().plus(eps)));
        }
    }
}
