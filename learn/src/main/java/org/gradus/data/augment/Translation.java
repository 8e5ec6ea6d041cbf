package org.gradus.data.augment;

/// Shifts an image, right or left and up or down, by distances that are uniform up to a share of its width and height.
///
/// @param x the largest share of the width
/// @param y the largest share of the height
public record Translation(double x, double y, Border border) implements Geometric {
    /// @throws org.gradus.base.GradusException when a share is not from 0 to 1
    public Translation {
        Augmentation.demand(
                x >= 0 && x <= 1 && y >= 0 && y <= 1,
                "A translation takes shares of width and height from 0 to 1",
                x + " and " + y);
    }

    /// With black beyond the border.
    public static Translation by(double x, double y) {
        return new Translation(x, y, Border.ZEROS);
    }

    @Override
    public Affine map(Image image, Draws random) {
        double right = random.uniform(-x, x) * image.width();
        double down = random.uniform(-y, y) * image.height();
        return Affine.shift(right, down);
    }
}
