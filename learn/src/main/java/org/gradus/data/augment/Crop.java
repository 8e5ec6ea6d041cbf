package org.gradus.data.augment;

/// Surrounds an image with so many pixels and cuts a part of its own size out, anywhere: each shift by up to so many
/// whole pixels is equally likely. What is usual for CIFAR-10, with 4 (He et al., 2016).
///
/// @param padding pixels on each side
public record Crop(int padding, Border border) implements Distortion {
    /// @throws org.gradus.base.GradusException when the padding is negative
    public Crop {
        Augmentation.demand(padding >= 0, "A crop takes a padding of 0 or more pixels", padding);
    }

    /// With black around the image.
    public static Crop padded(int padding) {
        return new Crop(padding, Border.ZEROS);
    }

    @Override
    public Image apply(Image image, Draws random) {
        int down = random.below(2 * padding + 1) - padding;
        int right = random.below(2 * padding + 1) - padding;
        return image.rearranged((y, x) -> {
            int row = border.inside(y + down, image.height());
            int column = border.inside(x + right, image.width());
            return row < 0 || column < 0 ? -1 : row * image.width() + column;
        });
    }
}
