package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;
import org.gradus.base.Type;
import org.gradus.kernel.Padding.Border;
import org.jspecify.annotations.Nullable;

/// Winograd's method for convolutions over images with a window of 3 by 3 that moves by one: results in tiles of 2 by 2
/// or 4 by 4, with 16 multiplications instead of 36, or 36 instead of 144, for each pair of channels.
///
/// What it saves in products it pays for in transforms, and in bits: a tile of 4 is off by up to some hundred ulps of the
/// largest sum, a tile of 2 by hardly more than the direct method. What is not finite spreads over its tile.
enum Winograd {
    /// Tiles of 2 by 2.
    TWO(2, 64, Matrix.PIXELS_2, Matrix.WEIGHT_2, Matrix.RESULT_2, Matrix.GRADIENT_2, Matrix.SUM_2),

    /// Tiles of 4 by 4.
    FOUR(4, 48, Matrix.PIXELS_4, Matrix.WEIGHT_4, Matrix.RESULT_4, Matrix.GRADIENT_4, Matrix.SUM_4);

    /// What lies between two planes of transformed numbers, so that their distance is no power of two: else they would share
    /// a few lines of the first cache.
    static final int GAP = 144;

    /// The batch that the choice is made for: a shorter one must not want other kernels.
    private static final int IMAGES = 32;

    private static final int LEAST_CHANNELS = 16;
    private static final double MARGIN = 1.2; // by which it must be faster
    private static final double TRANSFORM = 16; // multiply-adds that one transformed number is worth

    /// The results along one side of a tile.
    final int step;

    /// The tiles that are transformed together: few enough to stay in a second-level cache, and so many that the weight
    /// is not read too often.
    final int block;

    final Matrix pixels;
    final Matrix weight;
    final Matrix result;
    final Matrix gradient;
    final Matrix sum;

    Winograd(int step, int block, Matrix pixels, Matrix weight, Matrix result, Matrix gradient, Matrix sum) {
        this.step = step;
        this.block = block;
        this.pixels = pixels;
        this.weight = weight;
        this.result = result;
        this.gradient = gradient;
        this.sum = sum;
    }

    /// The method that suits a convolution, the same one for its gradients and on every machine: the table is in numbers of
    /// multiply-adds. None where the direct method is as fast, or the only one.
    static @Nullable Winograd of(Convolution c, Type type) {
        boolean fits = type == Type.FLOAT32
                && !c.precise()
                && c.groups() == 1
                && c.depth().equals(Axis.NONE)
                && fits(c.height())
                && fits(c.width());
        if (!fits || Math.min(c.in(), c.out()) < LEAST_CHANNELS) {
            return null;
        }
        Winograd best = null;
        double least = (double) c.windows() * IMAGES * c.taps() * c.in() * c.out() / MARGIN;
        for (Winograd method : values()) {
            double cost = method.cost(c);
            if (cost < least) {
                best = method;
                least = cost;
            }
        }
        return best;
    }

    private static boolean fits(Axis axis) {
        return axis.kernel() == 3
                && axis.stride() == 1
                && axis.dilation() == 1
                && axis.before() <= 2
                && axis.after() <= 2
                && axis.windows() > 0;
    }

    /// The products' multiply-adds, and as many as the transforms of pixels, results and weight are worth.
    private double cost(Convolution c) {
        double tiles = (double) IMAGES
                * Math.ceilDiv(c.height().windows(), step)
                * Math.ceilDiv(c.width().windows(), step);
        double matrix = (double) c.in() * c.out();
        return products() * (tiles * (matrix + TRANSFORM * (c.in() + c.out())) + TRANSFORM * matrix);
    }

    /// The numbers along one side of a transformed tile.
    int side() {
        return step + 2;
    }

    /// The products of matrices: one for each number of a transformed tile.
    int products() {
        return side() * side();
    }

    /// Images in tiles of this method.
    ///
    /// @param sizes of an image, rows and columns
    /// @param before the padding in front of it
    /// @param results as many as a window has places
    Tiled tiled(int channels, int[] sizes, int[] before, int[] results, Matrix matrix, int lanes) {
        List<Border> axes = new ArrayList<>(List.of(new Border(1, 0, 0)));
        for (int i = 0; i < 2; i++) {
            int whole = Math.ceilDiv(results[i], step) * step + matrix.from() - step;
            axes.add(new Border(sizes[i], before[i], whole - sizes[i] - before[i]));
        }
        TransformForm form = TransformForm.of(matrix, lanes, channels, Epilogue.NONE);
        return new Tiled(
                new Padding(channels, axes),
                Math.ceilDiv(results[0], step),
                Math.ceilDiv(results[1], step),
                step,
                matrix,
                form.kernel());
    }

    /// As in `Winograd F(4x4, 3x3)`.
    @Override
    public String toString() {
        return "Winograd F(" + step + "x" + step + ", 3x3)";
    }
}
