package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Initial;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;

/// Steps of about the learning rate's length: `d ← η·m̂ / (√v̂ + ε)`, where m and v are running averages of the gradient
/// and of its square, and m̂ = m/(1 - β₁ᵗ) and v̂ = v/(1 - β₂ᵗ) make up for their start at 0. As in PyTorch, ε is added to
/// the corrected root; Keras adds it to √v.
///
/// D. Kingma, J. Ba, *Adam*, 2015; S. Reddi et al., *On the Convergence of Adam and Beyond*, 2018. State: `exp_avg`,
/// `exp_avg_sq`, `max_exp_avg_sq`.
///
/// @param beta1 β₁
/// @param beta2 β₂
/// @param eps ε
/// @param amsgrad whether v never gets smaller
public record Adam(double beta1, double beta2, double eps, boolean amsgrad) implements Rule {
    /// @throws org.gradus.base.GradusException when a β is not from 0 to below 1, or ε is negative
    public Adam {
        Numbers.share("β₁", beta1);
        Numbers.share("β₂", beta2);
        Numbers.notNegative("ε", eps);
    }

    /// With β = (0.9, 0.999) and ε = 10⁻⁸.
    public static Adam of() {
        return new Adam(0.9, 0.999, 1e-8, false);
    }

    /// Adam, then a decoupled decay that leaves biases and norms alone: I. Loshchilov, F. Hutter, *Decoupled Weight Decay
    /// Regularization*, 2019. PyTorch's `AdamW` decays all parameters:
    /// `Adam.of().then(DecayWeights.decoupled(0.01).everywhere())`.
    ///
    /// @param decay PyTorch's default is 0.01
    public static Rule withDecay(double decay) {
        return of().then(DecayWeights.decoupled(decay));
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> means = update.averages("exp_avg", directions, beta1);
        List<Tensor> squares = update.averages(
                "exp_avg_sq", directions.stream().map(Tensor::squared).toList(), beta2);
        if (amsgrad) {
            List<Tensor> largest = update.buffers("max_exp_avg_sq", Initial.constant(0));
            squares = Update.each(largest, squares, Elementwise::maximum);
            update.assign(largest, squares);
        }
        return update.scaled(Update.each(
                means,
                squares,
                (m, v) -> m.times(update.number(0))
                        .div(v.sqrt().times(update.number(1)).plus(eps))));
    }

    @Override
    public List<Schedule> numbers() {
        return List.of(
                progress -> 1 / correction(beta1, progress), progress -> 1 / Math.sqrt(correction(beta2, progress)));
    }

    /// 1 - βᵗ, where t counts steps from 1.
    static double correction(double beta, Progress progress) {
        return 1 - Math.pow(beta, (double) progress.step() + 1);
    }
}
