package org.gradus.nn;

import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;

/// Losses of more than one output, such as two embeddings or a mean and a variance. They are functions of their tensors
/// and give one number for each example or element; take `mean()` or `sum()` of it. Defaults named here are PyTorch's.
public final class PairedLosses {
    private PairedLosses() {}

    /// Whether the first of two scores is the larger one, where the label is 1 (or the second, where it is -1):
    /// max(0, margin - y·(a - b)), element by element.
    ///
    /// @param margin by how much it should be; 0
    public static Tensor marginRanking(Tensor a, Tensor b, Tensor labels, double margin) {
        return Losses.hinge(a.minus(b).times(labels).negated().plus(margin));
    }

    /// One minus the cosine of two vectors that belong together (label 1), and max(0, cosine - margin) of others (label
    /// -1): `[batch]`. Squared lengths are 10⁻¹² longer, so that a zero vector has a cosine.
    ///
    /// @param a `[batch, features]`
    /// @param b `[batch, features]`
    /// @param labels `[batch]`
    /// @param margin the cosine that others may have; 0
    public static Tensor cosineEmbedding(Tensor a, Tensor b, Tensor labels, double margin) {
        Tensor lengths = a.squared()
                .sum(-1)
                .plus(1e-12)
                .times(b.squared().sum(-1).plus(1e-12))
                .sqrt();
        Tensor cosine = a.times(b).sum(-1).div(lengths);
        return Logic.where(Logic.greater(labels, 0), cosine.negated().plus(1), Losses.hinge(cosine.minus(margin)));
    }

    /// Whether an anchor is closer to what it belongs with than to something else:
    /// max(0, d(anchor, positive) - d(anchor, negative) + margin), `[batch]`, where d(a, b) = ‖a - b + 10⁻⁶‖. V. Balntas
    /// et al., *Learning shallow convolutional feature descriptors with triplet losses*, 2016.
    ///
    /// @param anchor `[batch, features]`, as are the others
    /// @param margin by how much it should be; 1
    /// @param order of the norm; 2
    /// @param swap whether the negative may be compared with the positive instead, when that is closer; `false`
    public static Tensor tripletMargin(
            Tensor anchor, Tensor positive, Tensor negative, double margin, double order, boolean swap) {
        Tensor apart = distance(anchor, negative, order);
        Tensor nearest = swap ? Elementwise.minimum(apart, distance(positive, negative, order)) : apart;
        return Losses.hinge(distance(anchor, positive, order).minus(nearest).plus(margin));
    }

    /// Minus the log-likelihood of labels under normal distributions, element by element:
    /// (log v + (y - x)² / v) / 2, where v is the variance, at least `eps`. Gradients take no notice of that limit.
    ///
    /// @param mean x
    /// @param variance not negative; it broadcasts
    /// @param full whether log(2π) / 2 is added; `false`
    /// @param eps 10⁻⁶
    public static Tensor gaussianNll(Tensor mean, Tensor labels, Tensor variance, boolean full, double eps) {
        Tensor raised = Elementwise.maximum(variance, eps).minus(variance);
        Tensor v = variance.plus(Elementwise.stopGradient(raised));
        Tensor nll = v.log().plus(labels.minus(mean).squared().div(v)).times(0.5);
        return full ? nll.plus(0.5 * Math.log(2 * Math.PI)) : nll;
    }

    static Tensor distance(Tensor a, Tensor b, double order) {
        return Reductions.norm(a.minus(b).plus(1e-6), order, -1);
    }
}
