package org.gradus.optim;

/// A number that follows the progress of training, such as the learning rate. It is computed on the host in double and
/// rounded once, as an input of the step: changing it traces nothing anew.
@FunctionalInterface
public interface Schedule {
    /// The number for the step that begins now.
    double at(Progress progress);

    /// Always the same.
    static Schedule constant(double value) {
        return Schedules.constant(value);
    }
}
