package org.gradus.train;

import org.gradus.base.GradusException;

/// When to end training before all epochs are done: when for so many epochs none was better than the best one. The
/// model's numbers after the best epoch are put back at the end of a run, whichever way it ends but by interruption or
/// error.
///
/// @param metric what is watched, such as `val_loss`
/// @param goal whether less or more of it is better
/// @param patience the epochs without a better one after which training ends, at least 1
/// @param minDelta by how much an epoch must beat the best one to count as better, at least 0
public record EarlyStopping(String metric, Goal goal, int patience, double minDelta) {
    /// Which of two numbers is better.
    public enum Goal {
        /// The smaller one, as for a loss.
        MIN,
        /// The larger one, as for an accuracy.
        MAX
    }

    /// @throws GradusException when patience or change are out of range
    public EarlyStopping {
        if (patience < 1 || !(minDelta >= 0)) {
            throw new GradusException(
                    "early-stopping",
                    "Early stopping has a patience of 1 or more epochs and a smallest change of 0 or more, but these"
                            + " are " + patience + " and " + minDelta + ".");
        }
    }

    /// When a loss gets no smaller: `EarlyStopping.min("val_loss", 5)`.
    public static EarlyStopping min(String metric, int patience) {
        return new EarlyStopping(metric, Goal.MIN, patience, 0);
    }

    /// When an accuracy gets no larger: `EarlyStopping.max("val_accuracy", 5)`.
    public static EarlyStopping max(String metric, int patience) {
        return new EarlyStopping(metric, Goal.MAX, patience, 0);
    }

    /// Whether an epoch with this value is better than the best one so far; one that is no number never is.
    boolean isBetter(double value, double best) {
        return goal == Goal.MIN ? value < best - minDelta : value > best + minDelta;
    }
}
