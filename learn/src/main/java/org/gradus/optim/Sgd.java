package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import org.gradus.graph.Tensor;

/// Stochastic gradient descent as PyTorch has it: [DecayWeights], then [Momentum], then [ScaleByLearningRate].
///
/// @param momentum 0 for none
/// @param dampening of the momentum
/// @param nesterov whether the momentum looks ahead
/// @param weightDecay the L2 penalty on every parameter, 0 for none
public record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay) implements Rule {
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

    /// The rules that it consists of.
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

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        return chain().apply(update, directions);
    }

    @Override
    public List<Schedule> numbers() {
        return chain().numbers();
    }
}
