package org.gradus.data.augment;

/// Turns an image around its middle, by an angle that is uniform between minus and plus so many degrees; positive
/// angles
/// turn counter-clockwise.
///
/// @param degrees the largest angle
public record Rotation(double degrees, Border border) implements Geometric {
    /// @throws org.gradus.base.GradusException when the angle is not from 0 to 180
    public Rotation {
        Augmentation.demand(degrees >= 0 && degrees <= 180, "A rotation takes an angle from 0 to 180 degrees", degrees);
    }

    /// With black beyond the border.
    public static Rotation by(double degrees) {
        return new Rotation(degrees, Border.ZEROS);
    }

    @Override
    public Affine map(Image image, Draws random) {
        return turn(random.uniform(-degrees, degrees));
    }

    /// Counter-clockwise by an angle in degrees.
    static Affine turn(double angle) {
        double radians = StrictMath.toRadians(angle);
        double cos = StrictMath.cos(radians);
        double sin = StrictMath.sin(radians);
        return Affine.linear(cos, sin, -sin, cos);
    }
}
