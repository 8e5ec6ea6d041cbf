package org.gradus.nn;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Logic;
import org.gradus.ops.Standardization;
import org.jspecify.annotations.Nullable;

/// Batch normalisation: `y = (x - mean) / √(variance + eps) · weight + bias` with the mean and variance of each channel
/// (axis 1) over the batch and all spatial axes; the shape stays. For `[batch, features]` as for `[batch, channels,
/// spatial…]`.
///
/// Parameters are `weight` and `bias` `[channels]` (the lectures' γ and β), which start as 1 and 0; buffers `running_mean`,
/// `running_var` and `num_batches_tracked`. While training an example's output depends on its whole batch. Evaluation uses
/// the running average of the training batches, whose variance is taken times B / (B - 1), until a pass over the training
/// data in the mode [Scope.Mode#CALIBRATE] puts the statistics of the population in its place; training that goes on moves
/// on from there.
///
/// S. Ioffe, C. Szegedy, *Batch Normalization*, 2015. Lectures: *Batch Normalization*, *Optimization*.
///
/// @param eps what keeps the quotient finite
/// @param momentum the weight of the new batch in the running average; `null` for a plain mean of all batches
/// @param affine whether there are a weight and a bias
/// @param tracked whether statistics are kept; else evaluation uses its own batch
/// @param population what calibration gathers
/// @param units the channels that are normalised, the others pass as they are; none stands for all
public record BatchNorm(
        double eps,
        @Nullable Double momentum,
        boolean affine,
        boolean tracked,
        Population population,
        List<Integer> units)
        implements Layer {
    /// What a calibrated normalisation knows of the training data. Batches count by their size.
    public enum Population {
        /// The lectures' statistics: the mean of the batches' means, and the mean of their variances times B / (B - 1).
        BATCHES,
        /// Mean and variance of all numbers as if they were one batch; unlike the other it has the variance of the batches'
        /// means in it.
        POOLED
    }

    /// Freezes the list.
    public BatchNorm {
        units = List.copyOf(units);
    }

    /// With PyTorch's defaults: eps 1e-5, momentum 0.1, weight and bias.
    public static BatchNorm of() {
        return new BatchNorm(1e-5, 0.1, true, true, Population.BATCHES, List.of());
    }

    /// With another eps.
    public BatchNorm eps(double other) {
        return new BatchNorm(other, momentum, affine, tracked, population, units);
    }

    /// With another weight of the new batch (PyTorch's meaning; that of Keras is 1 less it); `null` for a plain mean.
    public BatchNorm momentum(@Nullable Double other) {
        return new BatchNorm(eps, other, affine, tracked, population, units);
    }

    /// Without weight and bias.
    public BatchNorm withoutAffine() {
        return new BatchNorm(eps, momentum, false, tracked, population, units);
    }

    /// Without statistics for evaluation.
    public BatchNorm untracked() {
        return new BatchNorm(eps, momentum, affine, false, population, units);
    }

    /// With other statistics from calibration.
    public BatchNorm population(Population other) {
        return new BatchNorm(eps, momentum, affine, tracked, other, units);
    }

    /// On these channels alone.
    public BatchNorm units(Integer... channels) {
        return new BatchNorm(eps, momentum, affine, tracked, population, List.of(channels));
    }

    /// @throws org.gradus.base.GradusException when the input has no channels, or another number than at first, or while training one
    ///     number for a channel
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Use use = new Use("BatchNorm", scope, x);
        use.rank(2, Integer.MAX_VALUE, "[batch, channels, spatial…]");
        int channels = x.shape().size(1);
        Tensor y = standardized(use, channels, affine ? Channels.scaling(use) : List.of());
        return units.isEmpty() ? y : Logic.where(mask(use, channels), y, x);
    }

    private Tensor standardized(Use use, int channels, List<Tensor> scaling) {
        Tensor x = use.x();
        Scope.Mode mode = use.scope().mode();
        if (mode == Scope.Mode.EVAL && tracked) {
            return Channels.scaled(new RunningStatistics(use, channels).standardize(eps), scaling);
        }
        int count = channels == 0 ? 0 : x.shape().count() / channels;
        if (count < 2 && mode != Scope.Mode.EVAL) {
            throw use.refused(
                    "needs at least 2 numbers in each channel, which have a variance",
                    "Use larger batches, also the last one of an epoch.");
        }
        Standardization.Result batch = Standardization.standardize(x, scaling, eps, Channels.others(x));
        if (tracked) {
            RunningStatistics statistics = new RunningStatistics(use, channels);
            if (mode == Scope.Mode.CALIBRATE) {
                statistics.calibrate(batch, count, population);
            } else {
                Shape each = Shape.of(channels);
                Tensor unbiased = batch.variance().reshape(each).times(count / (count - 1.0));
                statistics.follow(batch.mean().reshape(each), unbiased, momentum, true);
            }
        }
        return batch.values();
    }

    private Tensor mask(Use use, int channels) {
        boolean[] chosen = new boolean[channels];
        for (int unit : units) {
            if (unit < 0 || unit >= channels) {
                throw use.refused("needs the channel " + unit + ", which is normalised", "Channels count from 0.");
            }
            chosen[unit] = true;
        }
        return Channels.along(use.x(), use.x().tracer().constant(Array.of(Shape.of(channels), chosen)));
    }
}
