package org.gradus.ops;

import java.util.List;
import org.gradus.graph.Definition;
import org.gradus.graph.Named;
import org.gradus.graph.Reduce;
import org.gradus.graph.Tensor;
import org.jspecify.annotations.Nullable;

/// `x` shifted and scaled to mean 0 and variance 1 over some axes: what batch, layer, group and instance normalisation
/// share. Results are `y = (x - mean) / √(variance + eps)`, the mean, and the variance (of just these numbers, not the
/// estimate for a population); mean and variance keep the axes with size 1.
///
/// Both modes have the closed form that the lecture derives by summing the through and the cross lines, `dx = (dy -
/// mean(dy) - y · mean(dy · y)) / √(variance + eps)`. Its matrix is symmetric, so that tangents go through it alike.
///
/// Lecture: *Batch Normalization*. S. Ioffe, C. Szegedy, *Batch Normalization*, 2015.
///
/// @param axes counted from the front, ascending
/// @param eps what keeps the quotient finite
public record Standardization(List<Integer> axes, double eps) implements Definition {
    /// Standardised numbers and what they were standardised by.
    ///
    /// @param values in the shape of the input
    /// @param mean with size 1 on the axes
    /// @param variance with size 1 on the axes
    public record Result(Tensor values, Tensor mean, Tensor variance) {}

    /// Standardises over these axes (all when none is given).
    public static Result standardize(Tensor x, double eps, int... axes) {
        Named op = new Named(new Standardization(x.shape().axes(axes), eps));
        List<Tensor> results = x.tracer().apply(op, List.of(x));
        return new Result(results.get(0), results.get(1), results.get(2));
    }

    @Override
    public String name() {
        return "standardize";
    }

    @Override
    public List<Tensor> define(List<Tensor> inputs) {
        Tensor x = inputs.get(0);
        Tensor mean = mean(x);
        Tensor centred = x.minus(mean);
        Tensor variance = mean(centred.squared());
        return List.of(centred.times(scale(variance)), mean, variance);
    }

    @Override
    public List<@Nullable Tensor> pullback(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
        Tensor x = inputs.get(0);
        Tensor mean = outputs.get(1);
        Tensor variance = outputs.get(2);
        Tensor dy = cotangents.get(0);
        Tensor dMean = cotangents.get(1);
        Tensor dVariance = cotangents.get(2);
        Tensor dx = dy == null ? Constants.zerosLike(x) : change(outputs.get(0), variance, dy);
        int count = Reductions.count(x, axes.stream().mapToInt(axis -> axis).toArray());
        if (dMean != null) {
            dx = dx.plus(dMean.div(count));
        }
        if (dVariance != null) {
            dx = dx.plus(x.minus(mean).times(dVariance.times(2.0 / count)));
        }
        return List.of(dx);
    }

    @Override
    public List<@Nullable Tensor> pushforward(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> tangents) {
        Tensor u = tangents.get(0);
        if (u == null) {
            return List.of();
        }
        Tensor x = inputs.get(0);
        Tensor variance = outputs.get(2);
        return List.of(
                change(outputs.get(0), variance, u),
                mean(u),
                mean(x.minus(outputs.get(1)).times(u)).times(2));
    }

    private Tensor change(Tensor y, Tensor variance, Tensor g) {
        return g.minus(mean(g)).minus(y.times(mean(g.times(y)))).times(scale(variance));
    }

    private Tensor scale(Tensor variance) {
        return Elementwise.rsqrt(variance.plus(eps));
    }

    /// The mean over the axes, which stay with size 1.
    private Tensor mean(Tensor x) {
        int[] over = axes.stream().mapToInt(axis -> axis).toArray();
        return x.tracer().applyOne(new Reduce(Reduce.Kind.SUM, axes), x).div(Reductions.count(x, over));
    }
}
