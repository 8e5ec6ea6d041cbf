package org.gradus.plan;

import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.graph.Op;

/// What one kernel computes, in full: two equal works may share compiled code.
public sealed interface Computation {
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

    /// How a loop reads one argument: where element (0, 0, …) lies from the place's offset, and the step along each axis.
    record Reading(Type type, int start, List<Integer> strides) {}

    /// One op on whole values that lie row by row.
    record Whole(Op op, List<TensorType> reads, List<TensorType> writes) implements Computation {
        @Override
        public String toString() {
            return op.name() + " of " + reads;
        }
    }
}
