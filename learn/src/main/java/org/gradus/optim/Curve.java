package org.gradus.optim;

/// A [Schedule] that is a function of time alone. Time is the number of steps taken, unless [#byEpoch] or [#byShare] says
/// otherwise; then lengths and rates are meant in that unit. [Schedules] makes them.
public interface Curve extends Schedule {
    /// The number at this time, from 0.
    double at(double time);

    /// When the curve has come to its end; infinite when it has none.
    default double length() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    default double at(Progress progress) {
        return at((double) progress.step());
    }

    /// This curve with the finished epochs of the run as its time, so that it changes between epochs only.
    default Schedule byEpoch() {
        return new Schedules.Paced(this, Schedules.Pace.EPOCH);
    }

    /// This curve with the finished part of the run as its time, from 0 to 1.
    default Schedule byShare() {
        return new Schedules.Paced(this, Schedules.Pace.SHARE);
    }

    /// This curve, ended at a time.
    default Curve until(double end) {
        return new Schedules.Until(this, end);
    }

    /// This curve to its end, then another one, whose time begins there.
    ///
    /// @throws org.gradus.base.GradusException when this one has no end
    default Curve then(Curve next) {
        return new Schedules.Sequence(this, next);
    }
}
