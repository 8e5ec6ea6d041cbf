package org.gradus.nn;

import java.util.List;
import org.gradus.expr.Body;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Tensor;

/// Binary cross-entropy of logits, element by element, without overflow and without cancellation:
/// (1 - y)·softplus(x) + w·y·softplus(-x). Its derivative by the logit is σ(x) - y where w is 1.
///
/// PyTorch's `weight` is a factor of [#each].
///
/// @param positiveWeights w: how much the label 1 counts, for each position of the last axis (PyTorch's `pos_weight`);
///     empty for 1
public record BceWithLogitsLoss(List<Double> positiveWeights) implements PointwiseLoss {
    private static final Formula BCE = new Formula(
            "binary-cross-entropy-of-logits",
            Body.of(
                    3,
                    x -> List.of(rest(x.get(1))
                            .times(softplus(x.get(0)))
                            .plus(x.get(2)
                                    .times(x.get(1))
                                    .times(softplus(x.get(0).negated()))))),
            Body.of(
                    4,
                    x -> List.of(
                            rest(x.get(1))
                                    .times(x.get(0).sigmoid())
                                    .minus(x.get(2)
                                            .times(x.get(1))
                                            .times(x.get(0).negated().sigmoid())),
                            x.get(2).times(softplus(x.get(0).negated())).minus(softplus(x.get(0))),
                            x.get(1).times(softplus(x.get(0).negated())))));

    /// Freezes the list.
    public BceWithLogitsLoss {
        positiveWeights = List.copyOf(positiveWeights);
    }

    /// Where 0 and 1 count alike.
    public static BceWithLogitsLoss of() {
        return new BceWithLogitsLoss(List.of());
    }

    /// @param output logits
    /// @param labels probabilities, mostly 0 or 1, of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        List<Double> weights = positiveWeights.isEmpty() ? List.of(1.0) : positiveWeights;
        return Tensor.map(BCE, output, labels, Losses.constant(output, weights));
    }

    private static Term rest(Term y) {
        return y.literal(1).minus(y);
    }

    private static Term softplus(Term x) {
        return x.max(0).plus(x.abs().negated().exp().log1p());
    }
}
