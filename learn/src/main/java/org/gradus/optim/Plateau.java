package org.gradus.optim;

import java.util.Map;
import org.gradus.base.GradusException;

/// A number that is multiplied by a factor when a metric has not become better for too many epochs: the lecture's
/// "train with a fixed learning rate until the loss stagnates, then η ← α·η", and PyTorch's `ReduceLROnPlateau`. It
/// keeps no state: what happened is read from [Progress#history].
///
/// @param start the number at first
/// @param factor α; the lecture's and PyTorch's is 0.1
/// @param metric what is watched, such as `val_loss` or `val_accuracy`
/// @param larger whether a larger one is better
/// @param patience how many epochs in a row may be no better
/// @param threshold by how much a better one is better
/// @param relative whether the threshold is a part of the best so far
/// @param cooldown how many epochs after a change are not judged
/// @param least where it stops
public record Plateau(
        double start,
        double factor,
        String metric,
        boolean larger,
        int patience,
        double threshold,
        boolean relative,
        int cooldown,
        double least)
        implements Schedule {
    private static final double SMALLEST_CHANGE = 1e-8; // PyTorch's

    /// This, watching another metric.
    ///
    /// @param better whether a larger one is better
    public Plateau watching(String name, boolean better) {
        return new Plateau(start, factor, name, better, patience, threshold, relative, cooldown, least);
    }

    /// This, with another patience.
    public Plateau patience(int epochs) {
        return new Plateau(start, factor, metric, larger, epochs, threshold, relative, cooldown, least);
    }

    /// @throws GradusException when an epoch did not give the metric
    @Override
    public double at(Progress progress) {
        double value = start;
        double best = Double.POSITIVE_INFINITY; // of what should be small
        int bad = 0;
        int cooling = 0;
        for (Map<String, Double> epoch : progress.history()) {
            double now = larger ? -watched(epoch) : watched(epoch);
            if (now < bar(best)) {
                best = now;
                bad = 0;
            } else {
                bad++;
            }
            if (cooling > 0) {
                cooling--;
                bad = 0;
            }
            if (bad > patience) {
                double lower = Math.max(value * factor, least);
                value = value - lower > SMALLEST_CHANGE ? lower : value;
                cooling = cooldown;
                bad = 0;
            }
        }
        return value;
    }

    private double bar(double best) {
        if (Double.isInfinite(best)) {
            return best;
        }
        return relative ? best - threshold * Math.abs(best) : best - threshold;
    }

    private double watched(Map<String, Double> epoch) {
        Double value = epoch.get(metric);
        if (value == null) {
            throw new GradusException(
                    "schedule-metric",
                    "The learning rate follows `" + metric + "`, but an epoch gave " + epoch.keySet()
                            + ". Train with validation data, or watch another metric.");
        }
        return value;
    }
}
