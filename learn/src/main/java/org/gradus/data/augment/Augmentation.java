package org.gradus.data.augment;

import org.gradus.base.GradusException;

/// A random change of the examples that a model is trained on: a [Distortion] of one, or a [Mixing] of two.
public sealed interface Augmentation permits Distortion, Mixing {
    /// Whether examples that are no images can be changed too. They are then given as images of one row.
    default boolean takesRows() {
        return false;
    }

    /// Refuses numbers.
    ///
    /// @throws GradusException unless a number of an augmentation is in its range
    static void demand(boolean holds, String range, Object given) {
        if (!holds) {
            throw new GradusException("augment-range", range + ", but was given " + given + ".");
        }
    }
}
