package org.gradus.plan;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.graph.Contract;
import org.gradus.graph.Op;
import org.gradus.graph.Reduce;
import org.gradus.graph.View;
import org.gradus.graph.Window;

/// What one kernel computes, in full: two equal works may share compiled code. Shapes are those that lie in memory,
/// with the axes in the order that the plan has chosen.
public sealed interface Computation {
    /// Whether it may refuse what it reads: integers may be divided by zero, places may be outside of an axis, matrices
    /// may be singular.
    default boolean mayFail() {
        return switch (this) {
            case Loop loop -> !loop.type().isFloating();
            case Fold _, Contraction _ -> false;
            case Stage stage ->
                stage.passes().stream().anyMatch(pass -> pass.work().mayFail());
            case Whole whole -> !(whole.op() instanceof Window || whole.op() instanceof View);
        };
    }

    /// Whether, in a stage, it folds the slices, so that its results are there when all have been through.
    default boolean isClosing() {
        return this instanceof Fold fold && fold.goesDown();
    }

    /// One pass over a shape: at each position `body` maps elements that are read to elements that are written. Writes
    /// are row by row; reads walk by strides.
    ///
    /// @param type the type of the body's numbers; reads of another number type are converted
    record Loop(Body body, Type type, Shape shape, List<Reading> reads, List<Type> writes) implements Computation {
        @Override
        public String toString() {
            return "loop of " + body.code().size() + " over " + shape;
        }
    }

    /// One pass over a shape, whose mapped elements are folded over whole axes: each result of the body by itself, written
    /// row by row with size 1 on these axes.
    ///
    /// @param axes ascending, at least one
    record Fold(Reduce.Kind kind, List<Integer> axes, Body body, Type type, Shape shape, List<Reading> reads)
            implements Computation {
        /// The shape of each result.
        public Shape result() {
            Shape result = shape;
            for (int axis : axes) {
                result = result.with(axis, 1);
            }
            return result;
        }

        /// Whether it folds the first axis that has more than one element.
        boolean goesDown() {
            return IntStream.range(0, shape.rank())
                    .filter(axis -> shape.size(axis) > 1)
                    .limit(1)
                    .anyMatch(axes::contains);
        }

        @Override
        public String toString() {
            return kind + " of " + body.code().size() + " over " + axes + " of " + shape;
        }
    }

    /// How a pass reads one argument: where element (0, 0, …) lies from the place's offset, and the step along each axis.
    record Reading(Type type, int start, List<Integer> strides) {
        /// Whether it comes by the elements as they lie in memory.
        boolean isDense(Shape shape) {
            int[] dense = shape.strides();
            return start == 0
                    && IntStream.range(0, shape.rank())
                            .allMatch(axis -> shape.size(axis) == 1 || strides.get(axis) == dense[axis]);
        }
    }

    /// Passes that run slice by slice, each slice through all of them while it is in a near cache.
    ///
    /// @param slices along the first axes, which they share: a pass goes over `[slices, after]` or over `[slices]`
    /// @param passes the first one a fold that keeps the slices
    record Stage(int slices, List<Plan.Entry> passes) implements Computation {
        @Override
        public String toString() {
            return "stage of " + passes.size() + " over " + slices + " slices";
        }
    }

    /// A product of matrices or a convolution, and what is done to each sum before it is stored: a bias is added, one
    /// number for each column or channel, and what is negative is cut off. Matrices lie row by row; images lie as
    /// `[batch, spatial…, channels]` and weights as `[taps…, in, out]`, while the types say what users see.
    ///
    /// @param bias whether a third value is read, the bias
    /// @param relu whether the larger one of the sum and 0 is stored
    record Contraction(Contract op, List<TensorType> reads, TensorType write, boolean bias, boolean relu)
            implements Computation {
        @Override
        public String toString() {
            return op.name() + " of " + reads;
        }
    }

    /// One op on whole values that lie row by row. The images of pooling lie as `[batch, spatial…, channels]`, while the
    /// types say what users see.
    record Whole(Op op, List<TensorType> reads, List<TensorType> writes) implements Computation {
        @Override
        public String toString() {
            return op.name() + " of " + reads;
        }
    }
}
