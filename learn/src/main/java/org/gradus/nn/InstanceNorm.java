package org.gradus.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Standardization;
import org.jspecify.annotations.Nullable;

/// Instance normalisation: each channel of each example to mean 0 and variance 1 over its spatial axes, times `weight`,
/// plus `bias`; the shape, `[batch, channels, spatial…]`, stays.
///
/// With statistics (PyTorch's `track_running_stats`) evaluation uses their running average over batches and examples;
/// buffers are those of [BatchNorm], parameters are `weight` and `bias` `[channels]`. D. Ulyanov et al., *Instance
/// Normalization*, 2016.
///
/// @param eps what keeps the quotient finite
/// @param momentum the weight of the new batch in the running average; `null` for a plain mean of all batches
/// @param affine whether there are a weight and a bias
/// @param tracked whether statistics are kept
public record InstanceNorm(double eps, @Nullable Double momentum, boolean affine, boolean tracked) implements Layer {
    /// With PyTorch's defaults: eps 1e-5, neither weight and bias nor statistics.
    public static InstanceNorm of() {
        return new InstanceNorm(1e-5, 0.1, false, false);
    }

    /// @throws org.gradus.base.GradusException when the input has no spatial axes or another number of channels than at first, or
    ///     while training one number for a channel of an example
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Use use = new Use("InstanceNorm", scope, x);
        use.rank(3, Integer.MAX_VALUE, "[batch, channels, spatial…]");
        return standardized(use, affine ? Channels.scaling(use) : List.of());
    }

    private Tensor standardized(Use use, List<Tensor> scaling) {
        Tensor x = use.x();
        Shape shape = x.shape();
        boolean training = use.scope().mode() == Scope.Mode.TRAIN;
        if (tracked && !training) {
            return Channels.scaled(new RunningStatistics(use, shape.size(1)).standardize(eps), scaling);
        }
        int count = shape.part(2, shape.rank()).count();
        if (count < 2 && training) {
            throw use.refused("needs at least 2 numbers in each channel of an example", "Were they pooled away?");
        }
        Standardization.Result each = Standardization.standardize(
                x, scaling, eps, IntStream.range(2, shape.rank()).toArray());
        if (tracked) {
            Shape rows = shape.part(0, 2);
            Tensor mean = each.mean().reshape(rows).mean(0);
            Tensor variance = each.variance().reshape(rows).mean(0).times(count / (count - 1.0));
            new RunningStatistics(use, shape.size(1)).follow(mean, variance, momentum, false);
        }
        return each.values();
    }
}
