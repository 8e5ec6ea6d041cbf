package org.gradus.nn;

import org.gradus.expr.Formula;
import org.gradus.graph.Tensor;

/// The absolute error with its kink rounded off: the [HuberLoss] divided by β. R. Girshick, *Fast R-CNN*, 2015.
///
/// @param beta where the form changes, at least 0; PyTorch's default is 1, and 0 is the [L1Loss]
public record SmoothL1Loss(double beta) implements PointwiseLoss {
    /// @throws org.gradus.base.GradusException when β is negative
    public SmoothL1Loss {
        Losses.demand(beta >= 0, "A smooth L1 loss changes its form at a distance of at least 0", beta);
    }

    /// @param labels of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        return beta == 0
                ? new L1Loss().each(output, labels)
                : Tensor.map(
                        Formula.binary(
                                "smooth-l1",
                                (x, y) -> HuberLoss.huber(x.minus(y), beta).div(beta)),
                        output,
                        labels);
    }
}
