package org.gradus.graph;

import java.util.List;
import java.util.Locale;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// A fold over whole axes, which stay with size 1. NaN wins every maximum and minimum; of equal elements an
/// arg-reduction gives the first.
///
/// @param axes ascending, at least one
public record Reduce(Kind kind, List<Integer> axes) implements Op {
    /// What is folded.
    public enum Kind {
        SUM,
        PROD,
        MAX,
        MIN,
        /// The position of the maximum along one axis, `int64`.
        ARGMAX,
        /// The position of the minimum along one axis, `int64`.
        ARGMIN;

        /// Whether the result is a position.
        public boolean isPosition() {
            return this == ARGMAX || this == ARGMIN;
        }
    }

    @Override
    public String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        Check.count(this, inputs, 1);
        TensorType x = inputs.get(0);
        Check.number(this, x);
        Shape shape = x.shape();
        if (kind.isPosition() && axes.size() != 1) {
            throw new GradusException(
                    "arg-axes",
                    name() + ": gives the position along one axis, but was given the axes " + axes
                            + ". Flatten them into one first.");
        }
        for (int axis : axes) {
            Check.axis(this, shape, axis);
            if (x.shape().size(axis) == 0 && kind != Kind.SUM && kind != Kind.PROD) {
                throw new GradusException(
                        "reduce-empty",
                        name() + ": axis " + axis + " of " + x.shape() + " is empty, and nothing has no " + name()
                                + ". Check the size first, or pad with a number that never wins.");
            }
            shape = shape.with(axis, 1);
        }
        return List.of(new TensorType(kind.isPosition() ? Type.INT64 : x.type(), shape));
    }
}
