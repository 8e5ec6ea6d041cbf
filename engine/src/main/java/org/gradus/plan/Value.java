package org.gradus.plan;

import org.gradus.base.TensorType;
import org.jspecify.annotations.Nullable;

/// A stored value while a plan is made: lasting, in a slot of its own, or in working memory from the entry that writes
/// it to the last one that reads it.
final class Value {
    /// Written before the first entry.
    static final int ALWAYS = -1;

    final TensorType type;
    final Order order;
    final boolean isWorking;
    int written = ALWAYS;
    int lastRead = ALWAYS;
    private @Nullable Place place;

    Value(TensorType type, Order order, boolean isWorking) {
        this.type = type;
        this.order = order;
        this.isWorking = isWorking;
    }

    /// Where it lies; known once all values are laid out.
    Place place() {
        if (place == null) {
            throw new IllegalStateException("A value of " + type + " has no place yet.");
        }
        return place;
    }

    boolean hasPlace() {
        return place != null;
    }

    void lieAt(Place found) {
        place = found;
    }
}
