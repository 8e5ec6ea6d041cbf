package org.gradus.data.augment;

/// Exchanges left and right of an image.
///
/// @param p how probable it is that an image is flipped
public record HorizontalFlip(double p) implements Distortion {
    /// @throws org.gradus.base.GradusException when that is no probability
    public HorizontalFlip {
        Augmentation.demand(p >= 0 && p <= 1, "A flip takes a probability from 0 to 1", p);
    }

    @Override
    public Image apply(Image image, Draws random) {
        if (!random.chance(p)) {
            return image;
        }
        return image.rearranged((y, x) -> y * image.width() + image.width() - 1 - x);
    }
}
