package org.gradus.nn;

import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Tensor;

/// Squared error near the label and absolute error further away: with d = output - label it is d²/2 where |d| ≤ δ, and
/// δ·(|d| - δ/2) elsewhere. P. J. Huber, *Robust Estimation of a Location Parameter*, 1964.
///
/// @param delta δ, positive; PyTorch's default is 1
public record HuberLoss(double delta) implements PointwiseLoss {
    /// @throws org.gradus.base.GradusException when δ is not positive
    public HuberLoss {
        Losses.demand(delta > 0, "A Huber loss changes its form at a positive distance", delta);
    }

    /// @param labels of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        return Tensor.map(Formula.binary("huber", (x, y) -> huber(x.minus(y), delta)), output, labels);
    }

    static Term huber(Term d, double delta) {
        Term far = d.abs().minus(delta / 2).times(delta);
        return d.abs().lessEqual(delta).select(d.squared().times(0.5), far);
    }
}
