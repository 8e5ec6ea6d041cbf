package org.gradus.optim;

import org.gradus.base.GradusException;

/// Ranges of the numbers of update rules.
final class Numbers {
    private Numbers() {}

    /// @throws GradusException unless the number is from 0 to below 1
    static void share(String what, double given) {
        demand(given >= 0 && given < 1, what + " is from 0 to below 1", given);
    }

    /// @throws GradusException when the number is negative or NaN
    static void notNegative(String what, double given) {
        demand(given >= 0, what + " is at least 0", given);
    }

    /// @throws GradusException unless the number is in its range
    static void demand(boolean holds, String range, double given) {
        if (!holds) {
            throw new GradusException("rule-number", range + ", but was given " + given + ".");
        }
    }
}
