package org.gradus.nn;

import java.util.List;
import org.gradus.graph.Tensor;
import org.gradus.ops.Views;

/// Minus the log-likelihood of labels under normal distributions, of which a model gives the means and, after them, the
/// logarithms of the variances: `[batch, 2 · numbers]`. One number for each label; see [PairedLosses#gaussianNll]. So a model
/// learns how far off it is, and by how much for each input. D. Nix, A. Weigend, *Estimating the mean and variance of the
/// target probability distribution*, 1994.
///
/// @param full whether log(2π) / 2 is added
/// @param eps the least variance; PyTorch's default is 10⁻⁶
public record GaussianNllLoss(boolean full, double eps) implements PointwiseLoss {
    /// @throws org.gradus.base.GradusException when the least variance is not above 0
    public GaussianNllLoss {
        Losses.demand(eps > 0, "A gaussian loss has a least variance above 0", eps);
    }

    /// With PyTorch's defaults: without log(2π) / 2.
    public static GaussianNllLoss of() {
        return new GaussianNllLoss(false, 1e-6);
    }

    /// @param labels `[batch, numbers]`
    /// @throws org.gradus.base.GradusException when there are not two outputs for each
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        int numbers = labels.shape().size(-1);
        List<Tensor> halves = Views.split(output, -1, numbers, numbers);
        return PairedLosses.gaussianNll(halves.get(0), labels, halves.get(1).exp(), full, eps);
    }
}
