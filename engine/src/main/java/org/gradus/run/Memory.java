package org.gradus.run;

import java.util.Map;
import java.util.Objects;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// The Java arrays behind a plan's slots, which stay the same from run to run, the threads that work on them, and whether
/// these are to be precise.
final class Memory {
    private final Object[] slots;
    private final Threads threads;
    private final boolean precise;
    private final Plan plan;
    private boolean changed = true;

    Memory(Plan plan, Object[] slots, Threads threads, boolean precise) {
        this.plan = plan;
        this.slots = slots.clone();
        this.threads = threads;
        this.precise = precise;
    }

    /// Whether convolutions never go by Winograd's method.
    boolean isPrecise() {
        return precise;
    }

    /// Whether what lies in a place stays the same as long as states do not change.
    boolean isStanding(Place place) {
        return plan.isStanding(place);
    }

    /// Whether states may have changed since the last run.
    boolean isChanged() {
        return changed;
    }

    void setChanged(boolean changed) {
        this.changed = changed;
    }

    Threads threads() {
        return threads;
    }

    /// The array that a place is in.
    Object array(Place place) {
        return slots[place.slot()];
    }

    /// Copies what lies in a place.
    void read(Place place, Object to) {
        System.arraycopy(array(place), place.offset(), to, 0, place.extent());
    }

    /// Copies into a place.
    void write(Object from, Place place) {
        System.arraycopy(from, 0, array(place), place.offset(), place.extent());
    }

    /// The array of a type.
    static Object in(Map<Type, Object> arrays, Type type) {
        return Objects.requireNonNull(arrays.get(type));
    }

    /// A new Java array of zeros.
    static Object zeros(Type type, int length) {
        return Array.zeros(new TensorType(type, Shape.of(length))).storage();
    }
}
