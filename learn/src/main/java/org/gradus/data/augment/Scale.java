package org.gradus.data.augment;

/// Makes what is in an image larger or smaller, by a factor that is uniform between two; the image keeps its size.
///
/// @param low the smallest factor
/// @param high the largest
public record Scale(double low, double high, Border border) implements Geometric {
    /// @throws org.gradus.base.GradusException when a factor is not positive, or the first is larger
    public Scale {
        Augmentation.demand(
                low > 0 && high >= low && high <= 1e3,
                "Scaling takes two factors, 0 < low <= high <= 1000",
                low + " and " + high);
    }

    /// With black beyond the border.
    public static Scale by(double low, double high) {
        return new Scale(low, high, Border.ZEROS);
    }

    @Override
    public Affine map(Image image, Draws random) {
        double factor = random.uniform(low, high);
        return Affine.linear(factor, 0, 0, factor);
    }
}
