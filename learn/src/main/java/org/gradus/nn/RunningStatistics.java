package org.gradus.nn;

import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Logic;
import org.gradus.ops.Standardization;
import org.jspecify.annotations.Nullable;

/// The mean and variance of each channel that a normalisation gathers for evaluation, under PyTorch's names:
/// `running_mean`, `running_var` and `num_batches_tracked`.
final class RunningStatistics {
    private final Use use;
    private final String fact;
    private final Tensor mean;
    private final Tensor variance;

    RunningStatistics(Use use, int channels) {
        this.use = use;
        this.fact = channels + " channels";
        TensorType each = TensorType.of(use.scope().type(), channels);
        mean = use.buffer(fact, "running_mean", each, 0);
        variance = use.buffer(fact, "running_var", each, 1);
    }

    /// `x` standardised by what was gathered.
    Tensor standardize(double eps) {
        Tensor x = use.x();
        return x.minus(Channels.along(x, mean)).times(Channels.along(x, Elementwise.rsqrt(variance.plus(eps))));
    }

    /// Moves towards the statistics of a batch.
    ///
    /// @param momentum the weight of the batch; `null` for that of a plain mean of all batches
    /// @param counts whether batches are counted
    void follow(Tensor batchMean, Tensor batchVariance, @Nullable Double momentum, boolean counts) {
        Tensor batches = counter("num_batches_tracked", 0);
        Tensor now = counts ? batches.plus(1) : batches;
        if (counts) {
            use.scope().assign(batches, now);
        }
        Tensor weight = momentum == null ? now.to(use.scope().type()) : null;
        blend(mean, batchMean, momentum, weight);
        blend(variance, batchVariance, momentum, weight);
    }

    private void blend(Tensor state, Tensor batch, @Nullable Double momentum, @Nullable Tensor count) {
        use.scope()
                .assign(
                        state,
                        momentum != null
                                ? state.times(1 - momentum).plus(batch.times(momentum))
                                : state.plus(batch.minus(state).div(java.util.Objects.requireNonNull(count))));
    }

    /// Gathers the statistics of a whole pass over the training data, each batch with the weight of its size. A pass
    /// begins anew when training has gone on since the last one.
    ///
    /// @param count how many numbers of each channel the batch has
    void calibrate(Standardization.Result batch, int count, BatchNorm.Population population) {
        Type type = use.scope().type();
        Tensor batches = counter("num_batches_tracked", 0);
        Tensor since = counter("calibrated_at", -1);
        Tensor seen = counter("calibrated_count", 0);
        Tensor before = Logic.where(Logic.equal(since, batches), seen, 0);
        Tensor all = before.plus(count);
        use.scope().assign(since, batches);
        use.scope().assign(seen, all);
        Tensor old = before.to(type).div(all.to(type));
        Tensor fresh = old.negated().plus(1);
        Tensor batchMean = batch.mean().reshape(mean.shape());
        Tensor batchVariance = batch.variance().reshape(mean.shape());
        Tensor gathered = switch (population) {
            case BATCHES ->
                variance.times(old)
                        .plus(batchVariance.times(count / (count - 1.0)).times(fresh));
            case POOLED ->
                variance.times(old)
                        .plus(batchVariance.times(fresh))
                        .plus(batchMean.minus(mean).squared().times(old.times(fresh)));
        };
        use.scope().assign(variance, gathered);
        use.scope().assign(mean, mean.times(old).plus(batchMean.times(fresh)));
    }

    private Tensor counter(String name, double start) {
        return use.buffer(fact, name, new TensorType(Type.INT64, Shape.SCALAR), start);
    }
}
