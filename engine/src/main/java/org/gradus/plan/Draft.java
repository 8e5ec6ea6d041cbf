package org.gradus.plan;

import java.util.List;

/// An entry of a plan whose values have no places yet.
record Draft(Computation work, List<Part> reads, List<Value> writes, String label) {
    /// A part of a stored value whose elements follow each other.
    record Part(Value value, int start, int extent) {
        static Part of(Value value) {
            return new Part(value, 0, value.type.shape().count());
        }

        /// What a walk without gaps comes by.
        static Part of(Walk walk) {
            return new Part(walk.root(), walk.start(), walk.shape().count());
        }

        Place place() {
            Place whole = value.place();
            return new Place(whole.slot(), whole.offset() + start, extent);
        }
    }

    /// The entry, once its values have their places.
    Plan.Entry entry() {
        return new Plan.Entry(
                work,
                reads.stream().map(Part::place).toList(),
                writes.stream().map(Value::place).toList(),
                label);
    }
}
