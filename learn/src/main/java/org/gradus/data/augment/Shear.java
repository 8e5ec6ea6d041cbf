package org.gradus.data.augment;

/// Slants an image: rows shift against each other, columns shift against each other, by angles that are uniform between
/// minus and plus so many degrees.
///
/// @param x the largest angle by which upright lines are slanted
/// @param y the largest angle by which level lines are slanted
public record Shear(double x, double y, Border border) implements Geometric {
    /// @throws org.gradus.base.GradusException when an angle is not from 0 to 60
    public Shear {
        Augmentation.demand(
                x >= 0 && x <= 60 && y >= 0 && y <= 60, "A shear takes angles from 0 to 60 degrees", x + " and " + y);
    }

    /// With black beyond the border.
    public static Shear by(double x, double y) {
        return new Shear(x, y, Border.ZEROS);
    }

    @Override
    public Affine map(Image image, Draws random) {
        double across = StrictMath.tan(StrictMath.toRadians(random.uniform(-x, x)));
        double down = StrictMath.tan(StrictMath.toRadians(random.uniform(-y, y)));
        return Affine.linear(1, across, 0, 1).then(Affine.linear(1, 0, down, 1));
    }
}
