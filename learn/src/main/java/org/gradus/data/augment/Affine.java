package org.gradus.data.augment;

/// A linear map of the plane: (x, y) goes to (xx·x + xy·y + x0, yx·x + yy·y + y0). The middle of an image is the
/// origin, x
/// goes right and y down, in pixels.
public record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {
    /// A shift.
    public static Affine shift(double x, double y) {
        return new Affine(1, 0, x, 0, 1, y);
    }

    /// One that leaves the middle where it is.
    public static Affine linear(double xx, double xy, double yx, double yy) {
        return new Affine(xx, xy, 0, yx, yy, 0);
    }

    /// This one first, then another.
    public Affine then(Affine next) {
        return new Affine(
                next.xx * xx + next.xy * yx,
                next.xx * xy + next.xy * yy,
                next.xx * x0 + next.xy * y0 + next.x0,
                next.yx * xx + next.yy * yx,
                next.yx * xy + next.yy * yy,
                next.yx * x0 + next.yy * y0 + next.y0);
    }

    /// The map back.
    public Affine inverse() {
        double determinant = xx * yy - xy * yx;
        double a = yy / determinant;
        double b = -xy / determinant;
        double c = -yx / determinant;
        double d = xx / determinant;
        return new Affine(a, b, -(a * x0 + b * y0), c, d, -(c * x0 + d * y0));
    }

    /// The image after its pixels have moved so, by bilinear interpolation.
    public Image resampled(Image image, Border border) {
        Affine back = inverse();
        double middleX = (image.width() - 1) / 2.0;
        double middleY = (image.height() - 1) / 2.0;
        return new Resampler(image, border).resampled((y, x, from) -> {
            double toX = x - middleX;
            double toY = y - middleY;
            from[0] = back.yx * toX + back.yy * toY + back.y0 + middleY;
            from[1] = back.xx * toX + back.xy * toY + back.x0 + middleX;
        });
    }
}
