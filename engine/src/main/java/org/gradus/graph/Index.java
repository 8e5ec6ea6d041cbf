package org.gradus.graph;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;

/// Reading and writing at places that are themselves numbers. Places are `int32` or `int64`, from 0; one outside of
/// the axis is an error that names it.
public sealed interface Index extends Op {
    /// The axis that places count along.
    int axis();

    /// `y[i, j, k] = x[i, places[i, j, k], k]` for axis 1, and so on (PyTorch's `gather`). `x` may be larger than
    /// `places` on other axes.
    record Gather(int axis) implements Index {
        @Override
        public String name() {
            return "gather";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 2);
            Index.places(this, inputs.get(0).shape(), inputs.get(1));
            return List.of(inputs.get(0).with(inputs.get(1).shape()));
        }
    }

    /// Zeros of `shape`, to which `y[i, places[i, j, k], k] += x[i, j, k]` is added for axis 1, and so on, in
    /// row-major order of `x`: inputs are `x` and `places`, of one shape.
    record ScatterAdd(int axis, Shape shape) implements Index {
        @Override
        public String name() {
            return "scatter-add";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 2);
            Check.number(this, inputs.get(0));
            Index.places(this, shape, inputs.get(1));
            if (!inputs.get(0).shape().equals(inputs.get(1).shape())) {
                throw new GradusException(
                        "scatter-shapes",
                        name() + ": values and places must have one shape, but are "
                                + inputs.get(0).shape() + " and "
                                + inputs.get(1).shape() + ". Give one place for each value.");
            }
            return List.of(inputs.get(0).with(shape));
        }
    }

    private static void places(Index op, Shape x, TensorType places) {
        Check.axis(op, x, op.axis());
        Check.integer(op, "places", places);
        Shape p = places.shape();
        boolean fits = p.rank() == x.rank();
        for (int axis = 0; fits && axis < x.rank(); axis++) {
            fits = axis == op.axis() || p.size(axis) <= x.size(axis);
        }
        if (!fits) {
            throw new GradusException(
                    "gather-shapes",
                    op.name() + ": places " + p + " must have as many axes as " + x
                            + " and be no larger on any but axis " + op.axis()
                            + ". To take whole rows by a list of places, use `Indexing.indexSelect`.");
        }
    }
}
