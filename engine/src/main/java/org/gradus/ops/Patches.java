package org.gradus.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Geometry;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;

/// Windows of the spatial axes laid out as columns, and back.
public final class Patches {
    private Patches() {}

    /// The elements under each window: `x [batch, channels, spatial…]` gives `[batch, channels · taps, windows]`, where
    /// padding is 0 (PyTorch's `Unfold`, also called im2col).
    ///
    /// @throws GradusException when the axes do not fit, or a window is larger than the input
    public static Tensor unfold(Tensor x, Geometry geometry) {
        int axes = spatialAxes("unfold", x, geometry, geometry.axes() + 2);
        Shape windows = geometry.windows("unfold", x.shape().part(2, axes + 2));
        Tensor padded = Padding.ZEROS.around(x, geometry.before(), geometry.after());
        int batch = x.shape().size(0);
        int channels = x.shape().size(1);
        List<Tensor> columns = new ArrayList<>();
        for (int tap = 0; tap < geometry.taps(); tap++) {
            Tensor cut = padded;
            for (int i = 0; i < axes; i++) {
                int from = from(geometry, tap, i);
                int stride = geometry.stride().get(i);
                cut = Views.slice(cut, i + 2, from, from + (windows.size(i) - 1) * stride + 1, stride);
            }
            columns.add(cut.reshape(batch, channels, 1, windows.count()));
        }
        return Views.concat(2, columns).reshape(batch, channels * geometry.taps(), windows.count());
    }

    /// The transpose of [#unfold]: columns `[batch, channels · taps, windows]` added up where windows overlap, `[batch,
    /// channels, spatial…]` (PyTorch's `Fold`, also called col2im).
    ///
    /// @param spatial the sizes of the result
    /// @throws GradusException when there are not as many columns and windows
    public static Tensor fold(Tensor columns, Geometry geometry, Shape spatial) {
        int axes = spatialAxes("fold", columns, geometry, 3);
        Shape windows = geometry.windows("fold", spatial);
        int taps = geometry.taps();
        if (columns.shape().size(1) % taps != 0 || columns.shape().size(2) != windows.count()) {
            throw new GradusException(
                    "fold-columns",
                    "fold: takes [batch, channels · " + taps + ", " + windows.count()
                            + "] for the spatial size " + spatial + ", but was given " + columns.described()
                            + ". Use the geometry that unfolded it.");
        }
        int batch = columns.shape().size(0);
        int channels = columns.shape().size(1) / taps;
        Tensor each = columns.reshape(Shape.of(batch, channels, taps).joined(windows));
        Tensor sum = null;
        for (int tap = 0; tap < taps; tap++) {
            Tensor spread = spread(Views.select(each, 2, tap), geometry, spatial, windows, tap);
            sum = sum == null ? spread : sum.plus(spread);
        }
        Tensor y = java.util.Objects.requireNonNull(sum);
        for (int i = 0; i < axes; i++) {
            y = Views.narrow(y, i + 2, geometry.before().get(i), spatial.size(i));
        }
        return y;
    }

    /// What one tap adds to the padded result.
    private static Tensor spread(Tensor values, Geometry geometry, Shape spatial, Shape windows, int tap) {
        List<Integer> before = new ArrayList<>(List.of(0, 0));
        List<Integer> after = new ArrayList<>(List.of(0, 0));
        List<Integer> between = new ArrayList<>(List.of(0, 0));
        for (int i = 0; i < geometry.axes(); i++) {
            int size = spatial.size(i)
                    + geometry.before().get(i)
                    + geometry.after().get(i);
            int stride = geometry.stride().get(i);
            int from = from(geometry, tap, i);
            before.add(from);
            after.add(size - from - (windows.size(i) - 1) * stride - 1);
            between.add(stride - 1);
        }
        return values.tracer().applyOne(new View.Pad(before, after, between, 0), values);
    }

    /// How far a tap stands from its window's start along an axis.
    private static int from(Geometry geometry, int tap, int axis) {
        int inner = IntStream.range(axis + 1, geometry.axes())
                .map(i -> geometry.kernel().get(i))
                .reduce(1, (a, b) -> a * b);
        return tap / inner % geometry.kernel().get(axis) * geometry.dilation().get(axis);
    }

    private static int spatialAxes(String op, Tensor x, Geometry geometry, int rank) {
        if (x.shape().rank() != rank) {
            throw new GradusException(
                    "pool-rank",
                    op + ": takes " + rank + " axes for a window of " + geometry.kernel() + ", but was given "
                            + x.described() + ". A single picture is a batch of size 1.");
        }
        return geometry.axes();
    }
}
