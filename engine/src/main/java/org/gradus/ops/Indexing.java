package org.gradus.ops;

import static org.gradus.ops.Constants.iota;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Index;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.graph.Tracer;

/// Reading and writing at places that are themselves numbers. Places count from 0; one outside of its axis is an error
/// when it is computed.
public final class Indexing {
    private Indexing() {}

    /// `y[i, j, k] = x[i, places[i, j, k], k]` for axis 1, and so on. `x` may be larger than `places` on other axes.
    public static Tensor gather(Tensor x, int axis, Tensor places) {
        return Tracer.of(List.of(x, places)).applyOne(new Index.Gather(x.shape().axis(axis)), x, places);
    }

    /// `x`, to which `y[i, places[i, j, k], k] += values[i, j, k]` is added for axis 1, and so on.
    ///
    /// @param values of the shape of `places`
    public static Tensor scatterAdd(Tensor x, int axis, Tensor places, Tensor values) {
        Index.ScatterAdd scatter = new Index.ScatterAdd(x.shape().axis(axis), x.shape());
        return x.plus(Tracer.of(List.of(values, places)).applyOne(scatter, values, places));
    }

    /// The positions `index` of one axis, in that order; one may stand several times.
    ///
    /// @param index `[n]`
    public static Tensor indexSelect(Tensor x, int axis, Tensor index) {
        if (index.shape().rank() != 1) {
            throw new GradusException(
                    "index-rank",
                    "index-select: the positions must be one axis of numbers, but are " + index.described()
                            + ". Flatten them, or use `gather` for other positions in each row.");
        }
        int[] sizes = new int[x.shape().rank()];
        Arrays.fill(sizes, 1);
        int at = x.shape().axis(axis);
        sizes[at] = index.shape().size(0);
        Shape chosen = x.shape().with(at, sizes[at]);
        return gather(x, at, index.reshape(sizes).broadcastTo(chosen));
    }

    /// The rows `index` of a table: `table [rows, more…]` and an `index` of any shape give `[index…, more…]`. An
    /// embedding is such a table.
    public static Tensor take(Tensor table, Tensor index) {
        Tensor flat = index.reshape(Shape.of(index.shape().count()));
        Shape row = table.shape().without(List.of(table.shape().axis(0)));
        return indexSelect(table, 0, flat).reshape(index.shape().joined(row));
    }

    /// Whether a position along a new axis is the one that `index` says, `bool`: the rows of an identity matrix. An
    /// index outside gives `false` everywhere.
    ///
    /// @param classes the size of the new axis
    /// @param axis where the new axis goes
    public static Tensor oneHot(Tensor index, int classes, int axis) {
        Shape shape = index.shape();
        int at = shape.inserted(0, 1).axis(axis);
        Tensor positions = iota(index.tracer(), index.type().with(shape.inserted(at, classes)), at);
        return Logic.equal(Views.unsqueeze(index, at), positions);
    }

    /// `x`, and a number where the mask is true.
    public static Tensor maskedFill(Tensor x, Tensor mask, double value) {
        return Logic.where(mask, value, x);
    }

    /// The elements at which the mask is true, in row-major order: `[count]`. `x` and the mask broadcast.
    ///
    /// How many there are depends on the mask's numbers, so they must be known.
    ///
    /// @throws GradusException while a graph is traced, when the mask belongs to it
    public static Tensor maskedSelect(Tensor x, Tensor mask) {
        if (mask.tracer() instanceof Trace) {
            throw new GradusException(
                    "masked-select-tracing",
                    "masked-select: how many elements the mask, " + mask.described()
                            + ", selects is not known while a graph is traced, and a graph has fixed shapes. Keep the"
                            + " shape with `where` or `maskedFill`, or run eagerly.");
        }
        Shape joint = x.shape().broadcast("masked-select", mask.shape());
        Array chosen = mask.broadcastTo(joint).array();
        long[] places = IntStream.range(0, chosen.count())
                .filter(i -> chosen.get(i) != 0)
                .mapToLong(i -> i)
                .toArray();
        Tensor flat = Views.flatten(x.broadcastTo(joint));
        return gather(flat, 0, x.tracer().constant(Array.of(Shape.of(places.length), places)));
    }
}
