package org.gradus.graph;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// The demands that several families make of their inputs.
final class Check {
    private Check() {}

    static void count(Op op, List<TensorType> inputs, int count) {
        if (inputs.size() != count) {
            throw new GradusException(
                    "input-count", op.name() + ": takes " + count + " inputs, but was given " + inputs.size() + ".");
        }
    }

    /// All inputs have one floating-point type.
    static Type floating(Op op, List<TensorType> inputs) {
        Type type = same(op, inputs);
        if (!type.isFloating()) {
            throw new GradusException(
                    "floating-needed",
                    op.name() + ": works on float32 and float64, but the input is " + type
                            + ". Cast it with `x.to(Type.FLOAT32)`.");
        }
        return type;
    }

    /// All inputs have one type.
    static Type same(Op op, List<TensorType> inputs) {
        Type type = inputs.get(0).type();
        for (TensorType input : inputs) {
            if (input.type() != type) {
                throw mixed(op.name(), type, input.type());
            }
        }
        return type;
    }

    static GradusException mixed(String name, Type one, Type other) {
        return new GradusException(
                "mixed-types",
                name + ": the inputs are " + one + " and " + other + ", and Gradus never converts silently. Cast one"
                        + " of them, such as `x.to(Type." + other.name() + ")`.");
    }

    static void number(Op op, TensorType input) {
        if (input.type() == Type.BOOL) {
            throw new GradusException(
                    "number-needed",
                    op.name() + ": works on numbers, but the input is bool. Cast it, such as `x.to(Type.INT64)`.");
        }
    }

    static void integer(Op op, String what, TensorType input) {
        if (!input.type().isInteger()) {
            throw new GradusException(
                    "integer-needed",
                    op.name() + ": " + what + " must be int32 or int64, but is " + input.type()
                            + ". Cast with `x.to(Type.INT64)`.");
        }
    }

    static void rank(Op op, String what, Shape shape, int least) {
        if (shape.rank() < least) {
            throw new GradusException(
                    "rank",
                    op.name() + ": " + what + " needs at least " + least + " axes, but " + shape + " has "
                            + shape.rank() + ". Add axes of size 1 with `Views.unsqueeze`.");
        }
    }

    static void axis(Op op, Shape shape, int axis) {
        if (axis < 0 || axis >= shape.rank()) {
            throw new GradusException(
                    "axis-range",
                    op.name() + ": the shape " + shape + " has no axis " + axis + ", but " + shape.rank()
                            + " axes, counted from 0.");
        }
    }
}
