package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;

/// Stochastic gradient descent as PyTorch has it: [DecayWeights], then [Momentum], then [ScaleByLearningRate].
///
/// @param momentum 0 for none
/// @param dampening of the momentum
/// @param nesterov whether the momentum looks ahead
/// @param weightDecay the L2 penalty on every parameter, 0 for none
public record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay) implements ChainedRule {
    /// @throws org.gradus.base.GradusException for numbers that the rules refuse
    public Sgd {
        if (momentum != 0 || nesterov) {
            new Momentum(momentum, dampening, nesterov);
        }
        new DecayWeights(weightDecay);
    }

    /// Plain gradient descent.
    public static Sgd of() {
        return of(0);
    }

    /// With momentum.
    public static Sgd of(double momentum) {
        return new Sgd(momentum, 0, false, 0);
    }

    /// Momentum in the lecture's form, `v ← β·v - η·g`, `w ← w + v`, where the learning rate is in the speed; it differs from
    /// PyTorch's once the learning rate changes. Nesterov's form, "reversing the order", takes the gradient where the
    /// speed leads to; parameters are kept at that place, as in Keras.
    public static Chain ofLecture(double momentum, boolean nesterov) {
        return Chain.of(new ScaleByLearningRate(), new Momentum(momentum, 0, nesterov));
    }

    @Override
    public Chain chain() {
        List<Rule> rules = new ArrayList<>();
        if (weightDecay != 0) {
            rules.add(new DecayWeights(weightDecay));
        }
        if (momentum != 0) {
            rules.add(new Momentum(momentum, dampening, nesterov));
        }
        rules.add(new ScaleByLearningRate());
        return new Chain(rules);
    }
}
