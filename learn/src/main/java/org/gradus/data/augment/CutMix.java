package org.gradus.data.augment;

/// Covers a box of one image with that of another (S. Yun et al.: *CutMix: Regularization strategy to train strong
/// classifiers with localizable features*, 2019). The box has the image's shape and any pixel as its middle; the share
/// that it leaves is Beta(alpha, alpha) distributed before what lies outside is cut off.
///
/// @param alpha greater than 0; PyTorch's default is 1
public record CutMix(double alpha) implements Mixing {
    /// @throws org.gradus.base.GradusException when it is not positive
    public CutMix {
        Augmentation.demand(alpha > 0 && alpha <= 1e6, "CutMix takes an alpha above 0, up to a million", alpha);
    }

    @Override
    public double mix(Image image, Image other, Draws random) {
        double side = Math.sqrt(1 - random.beta(alpha));
        int height = (int) (side * image.height());
        int width = (int) (side * image.width());
        int top = random.below(image.height()) - height / 2;
        int left = random.below(image.width()) - width / 2;
        Box box = new Box(top, left, height, width).within(image);
        for (int channel = 0; channel < image.channels(); channel++) {
            box.each(image, channel, i -> image.values()[i] = other.values()[i]);
        }
        return 1 - (double) box.places() / image.places();
    }
}
