package org.gradus.eager;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Geometry;
import org.gradus.graph.Window;

/// Pooling, and what each tap of a window sees.
final class Windows {
    private Windows() {}

    static List<Array> run(Window op, List<Array> inputs, TensorType type) {
        Array x = inputs.get(0);
        return switch (op) {
            case Window.MaxPool(Geometry geometry) -> maxima(x, type, places(geometry, x.shape(), type.shape()));
            case Window.MaxPoolInput(Geometry geometry, Shape _) ->
                List.of(placed(x, inputs.get(1), type, places(geometry, type.shape(), x.shape())));
            case Window.SumPool(Geometry geometry) ->
                List.of(sums(x, type, places(geometry, x.shape(), type.shape()), false));
            case Window.SumPoolInput(Geometry geometry, Shape _) ->
                List.of(sums(x, type, places(geometry, type.shape(), x.shape()), true));
        };
    }

    /// Adds what taps see to their windows, or, to spread, windows to what their taps see.
    private static Array sums(Array x, TensorType type, int[][] places, boolean spread) {
        double[] from = Numbers.doubles(x);
        double[] to = new double[type.shape().count()];
        int planes = x.shape().part(0, 2).count();
        int windows = places[0].length;
        int pixels = (spread ? type.shape() : x.shape()).without(List.of(0, 1)).count();
        for (int plane = 0; plane < planes; plane++) {
            for (int[] seen : places) {
                for (int window = 0; window < windows; window++) {
                    int narrow = plane * windows + window;
                    int wide = plane * pixels + seen[window];
                    if (seen[window] >= 0 && spread) {
                        to[wide] += from[narrow];
                    } else if (seen[window] >= 0) {
                        to[narrow] += from[wide];
                    }
                }
            }
        }
        return Numbers.array(type, to);
    }

    /// Adds windows to those of their taps that have the windows' positions.
    private static Array placed(Array dy, Array positions, TensorType type, int[][] places) {
        double[] to = new double[type.shape().count()];
        int windows = places[0].length;
        int pixels = type.shape().without(List.of(0, 1)).count();
        for (int i = 0; i < dy.count(); i++) {
            for (int[] seen : places) {
                int pixel = seen[i % windows];
                if (pixel >= 0 && pixel == positions.getLong(i)) {
                    to[i / windows * pixels + pixel] += dy.get(i);
                }
            }
        }
        return Numbers.array(type, to);
    }

    private static List<Array> maxima(Array array, TensorType type, int[][] places) {
        double[] x = Numbers.doubles(array);
        int windows = places[0].length;
        int pixels = array.shape().without(List.of(0, 1)).count();
        double[] maxima = new double[type.shape().count()];
        long[] positions = new long[maxima.length];
        for (int i = 0; i < maxima.length; i++) {
            int start = i / windows * pixels;
            int best = -1;
            for (int[] seen : places) {
                int pixel = seen[i % windows];
                if (pixel >= 0 && (best < 0 || Numbers.beats(x[start + pixel], x[start + best]))) {
                    best = pixel;
                }
            }
            maxima[i] = x[start + best];
            positions[i] = best;
        }
        return List.of(
                Numbers.array(type, maxima), Numbers.array(type.with(type.type().integer()), positions));
    }

    /// `[tap][window]`: the row-major position in its plane of what a tap sees in a window, -1 in the padding. Taps
    /// and windows are counted row-major too.
    ///
    /// @param x the shape that taps look at, `[images, channels, spatial…]`
    /// @param y the shape of the windows, `[images, channels, windows…]`
    static int[][] places(Geometry geometry, Shape x, Shape y) {
        int[][] places = {{0}};
        for (int axis = 0; axis < geometry.axes(); axis++) {
            int size = x.size(axis + 2);
            int count = y.size(axis + 2);
            int kernel = geometry.kernel().get(axis);
            int stride = geometry.stride().get(axis);
            int[][] finer = new int[places.length * kernel][places[0].length * count];
            for (int tap = 0; tap < finer.length; tap++) {
                int[] outer = places[tap / kernel];
                int offset = tap % kernel * geometry.dilation().get(axis)
                        - geometry.before().get(axis);
                Arrays.setAll(finer[tap], window -> {
                    int place = window % count * stride + offset;
                    int before = outer[window / count];
                    return before < 0 || place < 0 || place >= size ? -1 : before * size + place;
                });
            }
            places = finer;
        }
        return places;
    }
}
