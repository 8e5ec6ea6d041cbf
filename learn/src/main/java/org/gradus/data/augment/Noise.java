package org.gradus.data.augment;

/// Adds Gaussian noise, to images and to rows of numbers.
///
/// @param sigma its standard deviation, in the units of the values: from 0 to 1 for images, that of each column for
/// rows
///     that a configuration standardises
public record Noise(double sigma) implements Distortion {
    /// @throws org.gradus.base.GradusException when that is negative or no number
    public Noise {
        Augmentation.demand(
                sigma >= 0 && sigma <= Float.MAX_VALUE, "Noise takes a standard deviation from 0 up", sigma);
    }

    @Override
    public boolean takesRows() {
        return true;
    }

    @Override
    public Image apply(Image image, Draws random) {
        for (int i = 0; i < image.values().length; i++) {
            image.values()[i] += (float) (sigma * random.normal());
        }
        return image;
    }
}
