package org.gradus.data.augment;

/// Elastic deformation: each pixel is displaced, neighbours alike. Displacements are uniform between -1 and 1, smoothed
/// by
/// a Gaussian, and times alpha, in pixels. (P. Simard, D. Steinkraus, J. Platt: *Best practices for convolutional
/// neural
/// networks applied to visual document analysis*, 2003; they take 34 and 4 for digits.)
///
/// @param alpha how strong it is: the displacements deviate by about 0.16·alpha/sigma pixels
/// @param sigma how far it reaches: the Gaussian's standard deviation in pixels
public record Elastic(double alpha, double sigma, Border border) implements Distortion {
    private static final int REACH = 3; // standard deviations, after which the Gaussian is cut off

    /// @throws org.gradus.base.GradusException when a number is out of its range
    public Elastic {
        Augmentation.demand(
                alpha >= 0 && alpha <= 1e4 && sigma > 0 && sigma <= 1e3,
                "An elastic deformation takes a strength from 0 to 10000, and a reach above 0 and up to 1000",
                alpha + " and " + sigma);
    }

    /// As in the article, with black beyond the border.
    public static Elastic of() {
        return new Elastic(34, 4, Border.ZEROS);
    }

    @Override
    public Image apply(Image image, Draws random) {
        double[] down = field(image, random);
        double[] across = field(image, random);
        return new Resampler(image, border).resampled((y, x, from) -> {
            int at = y * image.width() + x;
            from[0] = y + alpha * down[at];
            from[1] = x + alpha * across[at];
        });
    }

    /// Smoothed displacements for all pixels. Those beyond the border are none.
    private double[] field(Image image, Draws random) {
        double[] field = new double[image.places()];
        for (int i = 0; i < field.length; i++) {
            field[i] = random.uniform(-1, 1);
        }
        double[] weights = weights();
        double[] rows = smoothed(field, weights, image.width(), 1, image.height(), image.width());
        return smoothed(rows, weights, image.height(), image.width(), image.width(), 1);
    }

    /// Smoothed along one axis.
    ///
    /// @param size of the axis, whose neighbours lie `step` apart
    /// @param lines along it, whose beginnings lie `apart` apart
    private static double[] smoothed(double[] field, double[] weights, int size, int step, int lines, int apart) {
        double[] result = new double[field.length];
        int reach = weights.length / 2;
        for (int line = 0; line < lines; line++) {
            for (int i = 0; i < size; i++) {
                double sum = 0;
                for (int k = Math.max(0, i - reach); k <= Math.min(size - 1, i + reach); k++) {
                    sum += weights[k - i + reach] * field[line * apart + k * step];
                }
                result[line * apart + i * step] = sum;
            }
        }
        return result;
    }

    private double[] weights() {
        int reach = (int) Math.ceil(REACH * sigma);
        double[] weights = new double[2 * reach + 1];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double distance = (i - reach) / sigma;
            weights[i] = StrictMath.exp(-distance * distance / 2);
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
