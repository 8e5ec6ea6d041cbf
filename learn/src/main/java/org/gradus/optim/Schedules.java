package org.gradus.optim;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.GradusException;

/// The usual schedules: `warmup(500, 0.1).then(cosine(0.1, 0, 9500))`. Their time counts steps; see [Curve].
public final class Schedules {
    private Schedules() {}

    /// Always the same.
    public static Curve constant(double value) {
        return new Constant(value);
    }

    /// In a straight line from `start` to `end`, where it stays.
    public static Curve linear(double start, double end, double length) {
        return new Linear(start, end, length);
    }

    /// In a straight line up from 0.
    public static Curve warmup(double length, double end) {
        return new Linear(0, end, length);
    }

    /// Multiplied by a factor after every so many steps. With `every` = 1 it is PyTorch's `ExponentialLR`.
    public static Curve steps(double start, double every, double factor) {
        return new Steps(start, every, factor);
    }

    /// Multiplied by a factor at each of some times.
    public static Curve milestones(double start, double factor, double... milestones) {
        return new Milestones(start, factor, Arrays.stream(milestones).boxed().toList());
    }

    /// The lecture's exponential decay, η₀·e^(-β·k).
    public static Curve exponential(double start, double rate) {
        return new Exponential(start, rate);
    }

    /// The lecture's linear decay, η₀ / (k + 1).
    public static Curve linearDecay(double start) {
        return new Inverse(start, 1, 1);
    }

    /// The lecture's quadratic decay, η₀ / (k + 1)².
    public static Curve quadraticDecay(double start) {
        return new Inverse(start, 1, 2);
    }

    /// Caffe's `inv`: start·(1 + rate·k)^-power.
    public static Curve inverse(double start, double rate, double power) {
        return new Inverse(start, rate, power);
    }

    /// end + (start - end)·(1 - k/length)^power, then `end`.
    public static Curve polynomial(double start, double end, double length, double power) {
        return new Polynomial(start, end, length, power);
    }

    /// Half a wave of the cosine from `start` to `end`; left alone it goes on and comes up again, as in PyTorch. I.
    /// Loshchilov, F. Hutter, *SGDR*, 2017.
    public static Curve cosine(double start, double end, double length) {
        return new Cosine(start, end, length);
    }

    /// Half waves from `start` to `end`, each `factor` times as long as the one before.
    public static Curve cosineRestarts(double start, double end, double length, double factor) {
        return new CosineRestarts(start, end, length, factor);
    }

    /// Up and down in straight lines, again and again. L. N. Smith, *Cyclical Learning Rates*, 2017.
    ///
    /// @param up how long it goes up
    /// @param down how long it goes down
    /// @param shrink what the height of each cycle is of the one before: 1 for PyTorch's `triangular`, 1/2 for
    ///     `triangular2`
    public static Curve cyclic(double low, double high, double up, double down, double shrink) {
        return new Cyclic(low, high, up, down, shrink);
    }

    /// Up to a peak and down to almost nothing, in half waves of the cosine: PyTorch's `OneCycleLR` with its defaults,
    /// from peak/25 up for 0.3 of the time, and down to peak/250000. L. N. Smith, N. Topin, *Super-Convergence*, 2018.
    ///
    /// @param length the number of steps
    public static Curve oneCycle(double peak, double length) {
        return oneCycle(peak / 25, peak, peak / 25e4, length, 0.3);
    }

    /// From `start` to a peak and on to `end`, in half waves of the cosine. PyTorch moves the momentum so, too, from
    /// 0.95 to 0.85 and back.
    ///
    /// @param length the number of steps
    /// @param rise the part of the steps up to the peak
    public static Curve oneCycle(double start, double peak, double end, double length, double rise) {
        double up = rise * length - 1; // PyTorch is at the peak in the step before that share has passed
        return cosine(start, peak, up).then(cosine(peak, end, length - 1 - up)).then(constant(end));
    }

    /// Multiplied by a factor whenever a number that was made in validation has not become better for some epochs; see
    /// [Plateau]. With PyTorch's defaults: better is smaller by a ten-thousandth, and 10 epochs without that are
    /// borne.
    public static Plateau plateau(double start, double factor) {
        return new Plateau(start, factor, "val_loss", false, 10, 1e-4, true, 0, 0);
    }

    record Constant(double value) implements Curve {
        @Override
        public double at(double time) {
            return value;
        }
    }

    record Linear(double start, double end, double length) implements Curve {
        Linear {
            demandLength(length);
        }

        @Override
        public double at(double time) {
            return time >= length ? end : start + (end - start) * (time / length);
        }
    }

    record Steps(double start, double every, double factor) implements Curve {
        Steps {
            demandLength(every);
        }

        @Override
        public double at(double time) {
            return start * Math.pow(factor, Math.floor(time / every));
        }
    }

    record Milestones(double start, double factor, List<Double> milestones) implements Curve {
        @Override
        public double at(double time) {
            long passed =
                    milestones.stream().filter(milestone -> milestone <= time).count();
            return start * Math.pow(factor, (double) passed);
        }
    }

    record Exponential(double start, double rate) implements Curve {
        @Override
        public double at(double time) {
            return start * Math.exp(-rate * time);
        }
    }

    record Inverse(double start, double rate, double power) implements Curve {
        @Override
        public double at(double time) {
            return start / Math.pow(1 + rate * time, power);
        }
    }

    record Polynomial(double start, double end, double length, double power) implements Curve {
        Polynomial {
            demandLength(length);
        }

        @Override
        public double at(double time) {
            return end + (start - end) * Math.pow(1 - Math.min(time / length, 1), power);
        }
    }

    record Cosine(double start, double end, double length) implements Curve {
        Cosine {
            demandLength(length);
        }

        @Override
        public double at(double time) {
            return end + (start - end) * (1 + Math.cos(Math.PI * time / length)) / 2;
        }
    }

    record CosineRestarts(double start, double end, double first, double factor) implements Curve {
        CosineRestarts {
            demandLength(first);
            if (!(factor >= 1)) {
                throw new GradusException(
                        "schedule-number",
                        "Each wave is at least as long as the one before, but the factor is " + factor + ".");
            }
        }

        @Override
        public double at(double time) {
            double begun = 0;
            double length = first;
            if (factor == 1) {
                begun = Math.floor(time / first) * first;
            }
            while (time >= begun + length) {
                begun += length;
                length *= factor;
            }
            return new Cosine(start, end, length).at(time - begun);
        }
    }

    record Cyclic(double low, double high, double up, double down, double shrink) implements Curve {
        Cyclic {
            demandLength(up);
            demandLength(down);
        }

        @Override
        public double at(double time) {
            double cycle = Math.floor(time / (up + down));
            double within = time - cycle * (up + down);
            double height = within <= up ? within / up : (up + down - within) / down;
            return low + (high - low) * height * Math.pow(shrink, cycle);
        }
    }

    record Until(Curve curve, double length) implements Curve {
        Until {
            demandLength(length);
        }

        @Override
        public double at(double time) {
            return curve.at(time);
        }
    }

    record Sequence(Curve first, Curve next) implements Curve {
        Sequence {
            if (Double.isInfinite(first.length())) {
                throw new GradusException(
                        "schedule-endless",
                        "A schedule follows after " + first + ", which has no end. Put one with a length first, such as"
                                + " `linear(from, to, length)`, or end it with `until`.");
            }
        }

        @Override
        public double at(double time) {
            return time < first.length() ? first.at(time) : next.at(time - first.length());
        }

        @Override
        public double length() {
            return first.length() + next.length();
        }
    }

    /// What a [Paced] curve takes as its time.
    enum Pace {
        EPOCH,
        SHARE
    }

    record Paced(Curve curve, Pace pace) implements Schedule {
        @Override
        public double at(Progress progress) {
            return curve.at(
                    switch (pace) {
                        case EPOCH -> progress.epoch();
                        case SHARE -> progress.share();
                    });
        }
    }

    private static void demandLength(double length) {
        if (!(length > 0)) {
            throw new GradusException(
                    "schedule-number", "The length of a schedule is above 0, but was given " + length + ".");
        }
    }
}
