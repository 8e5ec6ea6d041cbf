package org.gradus.eager;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Contract;
import org.gradus.graph.Geometry;

/// Matrix products, and convolutions as matrix products.
///
/// Under a convolution, one image becomes the matrix `[channels · taps, windows]` of what each tap sees in each
/// window. The convolution is `weight · columns`, its weight gradient `dy · columnsᵀ`, and its input gradient puts
/// `weightᵀ · dy` back where the columns came from.
final class Contractions {
    private Contractions() {}

    static Array run(Contract op, Array left, Array right, TensorType type) {
        double[] a = Numbers.doubles(left);
        double[] b = Numbers.doubles(right);
        double[] y = new double[type.shape().count()];
        switch (op) {
            case Contract.MatMul matmul -> multiply(matmul, left.shape(), a, right.shape(), b, y);
            case Contract.Convolution(Geometry geometry, int groups) -> {
                Layout layout = new Layout(geometry, groups, left.shape(), type.shape());
                layout.each((image, group) ->
                        layout.results(y, image, group).add(layout.weight(b, group), layout.columns(a, image, group)));
            }
            case Contract.ConvolutionInput(Geometry geometry, int groups, Shape _) -> {
                Layout layout = new Layout(geometry, groups, type.shape(), left.shape());
                layout.each((image, group) -> {
                    Matrix columns = Matrix.zeros(layout.in * layout.places.length, layout.windows);
                    columns.add(layout.weight(b, group).transposed(), layout.results(a, image, group));
                    layout.scatter(columns, y, image, group);
                });
            }
            case Contract.ConvolutionWeight(Geometry geometry, int groups) -> {
                Layout layout = new Layout(geometry, groups, left.shape(), right.shape());
                layout.each((image, group) -> layout.weight(y, group)
                        .add(
                                layout.results(b, image, group),
                                layout.columns(a, image, group).transposed()));
            }
        }
        return Numbers.array(type, y);
    }

    private static void multiply(Contract.MatMul op, Shape left, double[] a, Shape right, double[] b, double[] y) {
        int batch = left.part(0, left.rank() - 2).count();
        for (int i = 0; i < batch; i++) {
            Matrix l = matrix(a, left, i, op.transposeLeft());
            Matrix r = matrix(b, right, i, op.transposeRight());
            new Matrix(y, i * l.rows * r.columns, l.rows, r.columns).add(l, r);
        }
    }

    private static Matrix matrix(double[] values, Shape shape, int index, boolean transposed) {
        int rows = shape.size(-2);
        int columns = shape.size(-1);
        Matrix matrix = new Matrix(values, index * rows * columns, rows, columns);
        return transposed ? matrix.transposed() : matrix;
    }

    /// What a convolution does with one image and one group of channels.
    private interface Work {
        void with(int image, int group);
    }

    /// The sizes of a convolution.
    private static final class Layout {
        final int images;
        final int groups;
        final int in; // channels of the input in a group
        final int out; // channels of the result in a group
        final int pixels; // spatial elements of the input
        final int windows; // spatial elements of the result
        final int[][] places; // [tap][window]: the pixel seen, -1 in the padding

        /// The layout of a convolution from `x [images, in, spatial…]` to `y [images, out, windows…]`.
        Layout(Geometry geometry, int groups, Shape x, Shape y) {
            this.images = x.size(0);
            this.groups = groups;
            this.in = x.size(1) / groups;
            this.out = y.size(1) / groups;
            this.pixels = x.without(List.of(0, 1)).count();
            this.windows = y.without(List.of(0, 1)).count();
            this.places = Windows.places(geometry, x, y);
        }

        void each(Work work) {
            for (int image = 0; image < images; image++) {
                for (int group = 0; group < groups; group++) {
                    work.with(image, group);
                }
            }
        }

        /// `[out, in · taps]`
        Matrix weight(double[] w, int group) {
            int row = in * places.length;
            return new Matrix(w, group * out * row, out, row);
        }

        /// `[out, windows]`
        Matrix results(double[] y, int image, int group) {
            return new Matrix(y, (image * groups + group) * out * windows, out, windows);
        }

        /// `[in · taps, windows]`, 0 in the padding
        Matrix columns(double[] x, int image, int group) {
            Matrix columns = Matrix.zeros(in * places.length, windows);
            int start = (image * groups + group) * in * pixels;
            for (int row = 0; row < columns.rows; row++) {
                int channel = start + row / places.length * pixels;
                int[] seen = places[row % places.length];
                for (int window = 0; window < windows; window++) {
                    columns.values[row * windows + window] = seen[window] < 0 ? 0 : x[channel + seen[window]];
                }
            }
            return columns;
        }

        /// Adds columns where they came from.
        void scatter(Matrix columns, double[] x, int image, int group) {
            int start = (image * groups + group) * in * pixels;
            for (int row = 0; row < columns.rows; row++) {
                int channel = start + row / places.length * pixels;
                int[] seen = places[row % places.length];
                for (int window = 0; window < windows; window++) {
                    if (seen[window] >= 0) {
                        x[channel + seen[window]] += columns.values[row * windows + window];
                    }
                }
            }
        }
    }
}
