package org.gradus.plan;

import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.StateKey;

/// One array that a plan's kernels read and write. A plan names arrays by number and never holds what is in them.
public sealed interface Slot {
    /// What the caller hands in at each run.
    record Given(String name, Type type) implements Slot {}

    /// A state of the session.
    record Held(StateKey key) implements Slot {
        @Override
        public Type type() {
            return key.type().type();
        }
    }

    /// Numbers frozen into the plan.
    record Frozen(Array array) implements Slot {
        @Override
        public Type type() {
            return array.type().type();
        }
    }

    /// Working memory of one type, reused within a run and from run to run.
    record Arena(Type type, int extent) implements Slot {}

    /// The type of its elements.
    Type type();
}
