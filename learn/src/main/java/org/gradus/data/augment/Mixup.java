package org.gradus.data.augment;

/// The weighted mean of two examples (H. Zhang et al.: *mixup: Beyond empirical risk minimization*, 2018). The weight
/// of
/// the first is Beta(alpha, alpha) distributed: uniform for 1, mostly near 0 or 1 for less.
///
/// @param alpha greater than 0; PyTorch's default is 1
public record Mixup(double alpha) implements Mixing {
    /// @throws org.gradus.base.GradusException when it is not positive
    public Mixup {
        Augmentation.demand(alpha > 0 && alpha <= 1e6, "Mixup takes an alpha above 0, up to a million", alpha);
    }

    @Override
    public boolean takesRows() {
        return true;
    }

    @Override
    public double mix(Image image, Image other, Draws random) {
        double share = random.beta(alpha);
        for (int i = 0; i < image.values().length; i++) {
            float theirs = other.values()[i];
            image.values()[i] = (float) (theirs + share * (image.values()[i] - theirs));
        }
        return share;
    }
}
