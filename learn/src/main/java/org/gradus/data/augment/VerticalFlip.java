package org.gradus.data.augment;

/// Exchanges top and bottom of an image.
///
/// @param p how probable it is that an image is flipped
public record VerticalFlip(double p) implements Distortion {
    /// @throws org.gradus.base.GradusException when that is no probability
    public VerticalFlip {
        Augmentation.demand(p >= 0 && p <= 1, "A flip takes a probability from 0 to 1", p);
    }

    @Override
    public Image apply(Image image, Draws random) {
        if (!random.chance(p)) {
            return image;
        }
        return image.rearranged((y, x) -> (image.height() - 1 - y) * image.width() + x);
    }
}
