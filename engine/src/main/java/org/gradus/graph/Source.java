package org.gradus.graph;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// Where values come from. Sources have no gradient.
public sealed interface Source extends Op {
    /// A value that is handed in at each run.
    record Input(String name, TensorType type) implements Source {}

    /// A state of the session, as it stood at the start of the step.
    record State(StateKey key) implements Source {
        @Override
        public String name() {
            return key.path();
        }

        @Override
        public TensorType type() {
            return key.type();
        }
    }

    /// Numbers frozen into the graph when it was traced. Two constants are equal when they are the same array.
    record Constant(Array array) implements Source {
        @Override
        public String name() {
            return "constant";
        }

        @Override
        public TensorType type() {
            return array.type();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Constant(Array a) && a == array;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(array);
        }
    }

    /// The position along one axis: 0, 1, 2 …
    record Iota(TensorType type, int axis) implements Source {
        @Override
        public String name() {
            return "iota";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 0);
            Check.axis(this, type.shape(), axis);
            return List.of(type);
        }
    }

    /// Counter-based random numbers. The one input is the key: `int64[2]`, seed and step. Elements depend on seed,
    /// step, stream and position alone.
    record Random(Distribution distribution, TensorType type, long stream) implements Source {
        @Override
        public String name() {
            return distribution.name().toLowerCase(java.util.Locale.ROOT);
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 1);
            if (!inputs.get(0).equals(new TensorType(Type.INT64, Shape.of(2)))) {
                throw new GradusException(
                        "random-key",
                        name() + ": the key is seed and step, int64[2], but was " + inputs.get(0)
                                + ". `scope.random()` and `Eager.stream(seed, use)` hand in the right one.");
            }
            return List.of(type);
        }
    }

    /// How random numbers are spread.
    enum Distribution {
        /// Uniform on [0, 1).
        UNIFORM,
        /// Mean 0, deviation 1.
        NORMAL,
        /// Random bits, `int64`.
        BITS
    }

    /// The type of what comes.
    TensorType type();

    @Override
    default List<TensorType> infer(List<TensorType> inputs) {
        Check.count(this, inputs, 0);
        return List.of(type());
    }
}
