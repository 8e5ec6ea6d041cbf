package org.gradus.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Definition;
import org.gradus.graph.Named;
import org.gradus.graph.Reduce;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// `x` shifted and scaled to mean 0 and variance 1 over some axes: what batch, layer, group and instance normalisation
/// share. Results are `y = (x - mean) / √(variance + eps)`, the mean, and the variance (of just these numbers, not the
/// estimate for a population); mean and variance keep the axes with size 1. With a weight and a bias, which broadcast to
/// `x`, y is multiplied by the one, and the other is added.
///
/// All sums that go both forward and backward need are sums of `x - centre`, where the centre is the mean of a few of the
/// numbers, so that one pass over `x` finds them, and one over `x` and the gradient: the variance is `mean((x - centre)²) -
/// (mean - centre)²`. Of `n` numbers, `k` of which make up the centre, `(mean - centre)²` is at most `n / k` times the
/// variance; so no more than that factor, at most [#FEWEST], is lost of a number type's precision, and mostly nothing: T.
/// Chan, G. Golub, R. LeVeque, *Algorithms for Computing the Sample Variance*, 1983.
///
/// Both modes have the closed form that the lecture derives by summing the through and the cross lines, `dx = (dy -
/// mean(dy) - y · mean(dy · y)) / √(variance + eps)`. Its matrix is symmetric, so that tangents go through it alike.
///
/// Lecture: *Batch Normalization*. S. Ioffe, C. Szegedy, *Batch Normalization*, 2015.
///
/// @param axes counted from the front, ascending
/// @param eps what keeps the quotient finite
public record Standardization(List<Integer> axes, double eps) implements Definition {
    /// Of so many numbers along the longest axis, one is among those whose mean is the centre.
    private static final int FEWEST = 1024;

    /// Standardised numbers and what they were standardised by.
    ///
    /// @param values in the shape of the input
    /// @param mean with size 1 on the axes
    /// @param variance with size 1 on the axes
    public record Result(Tensor values, Tensor mean, Tensor variance) {}

    /// Standardises over these axes (all when none is given).
    public static Result standardize(Tensor x, double eps, int... axes) {
        return standardize(x, List.of(), eps, axes);
    }

    /// Standardises over these axes (all when none is given), and scales.
    ///
    /// @param scaling a weight and a bias, which broadcast to `x`, or nothing
    /// @throws GradusException when there is one alone, or one does not broadcast
    public static Result standardize(Tensor x, List<Tensor> scaling, double eps, int... axes) {
        boolean fits = scaling.stream().allMatch(each -> each.shape().broadcastsTo(x.shape()));
        if (!fits || (!scaling.isEmpty() && scaling.size() != 2)) {
            throw new GradusException(
                    "standardize-scaling",
                    "standardize: the scaling of " + x.described() + " is "
                            + scaling.stream().map(Tensor::described).toList()
                            + ". Give a weight and a bias that broadcast to it, or neither.");
        }
        Named op = new Named(new Standardization(x.shape().axes(axes), eps));
        List<Tensor> inputs = Stream.concat(Stream.of(x), scaling.stream()).toList();
        List<Tensor> results = Tracer.of(inputs).apply(op, inputs);
        return new Result(results.get(0), results.get(1), results.get(2));
    }

    @Override
    public String name() {
        return "standardize";
    }

    /// The results, and the centre.
    @Override
    public List<Tensor> define(List<Tensor> inputs) {
        Tensor x = inputs.get(0);
        Tensor centre = centre(x);
        Tensor near = x.minus(centre);
        Tensor shift = mean(near);
        Tensor variance = Elementwise.maximum(mean(near.squared()).minus(shift.squared()), 0);
        Known known = new Known(x, centre.plus(shift), variance, centre);
        Tensor y = known.values();
        return List.of(
                inputs.size() == 1 ? y : y.times(inputs.get(1)).plus(inputs.get(2)), known.mean, variance, centre);
    }

    @Override
    public List<@Nullable Tensor> pullback(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
        Known known = known(inputs, outputs);
        Tensor x = known.x;
        Tensor dy = cotangents.get(0);
        Tensor dMean = cotangents.get(1);
        Tensor dVariance = cotangents.get(2);
        List<@Nullable Tensor> gradients = new ArrayList<>(Collections.nCopies(inputs.size(), null));
        Tensor dx = Constants.zerosLike(x);
        if (dy != null && inputs.size() == 1) {
            dx = known.change(dy);
        } else if (dy != null) {
            dx = known.change(dy.times(inputs.get(1)));
            gradients.set(1, known.sumAlong(dy, inputs.get(1).shape()));
            gradients.set(2, dy.sumTo(inputs.get(2).shape()));
        }
        if (dMean != null) {
            dx = dx.plus(dMean.div(count(x)));
        }
        if (dVariance != null) {
            dx = dx.plus(known.centred().times(dVariance.times(2.0 / count(x))));
        }
        gradients.set(0, dx);
        return gradients;
    }

    @Override
    public List<@Nullable Tensor> pushforward(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> tangents) {
        Known known = known(inputs, outputs);
        Tensor u = tangents.get(0);
        Tensor dy = Constants.zerosLike(known.x);
        if (u != null) {
            dy = inputs.size() == 1 ? known.change(u) : known.change(u).times(inputs.get(1));
        }
        Tensor weight = inputs.size() == 1 ? null : tangents.get(1);
        Tensor bias = inputs.size() == 1 ? null : tangents.get(2);
        if (weight != null) {
            dy = dy.plus(known.values().times(weight));
        }
        if (bias != null) {
            dy = dy.plus(bias);
        }
        return u == null
                ? Arrays.asList(dy, null, null, null)
                : Arrays.asList(dy, mean(u), mean(known.centred().times(u)).times(2), null);
    }

    private Known known(List<Tensor> inputs, List<Tensor> outputs) {
        return new Known(inputs.get(0), outputs.get(1), outputs.get(2), outputs.get(3));
    }

    /// What the rules make of an input and what is known of it. None of it depends on the centre but for rounding, so that
    /// the centre is a constant to derivatives of any order.
    private final class Known {
        final Tensor x;
        final Tensor mean;
        private final Tensor centre;
        private final Tensor scale;

        Known(Tensor x, Tensor mean, Tensor variance, Tensor centre) {
            this.x = x;
            this.mean = mean;
            this.centre = centre;
            this.scale = Elementwise.rsqrt(variance.plus(eps));
        }

        Tensor centred() {
            return x.minus(mean);
        }

        /// The numbers, standardised.
        Tensor values() {
            return centred().times(scale);
        }

        /// The standardised numbers' change along `g`, forward and backward.
        Tensor change(Tensor g) {
            return g.minus(mean(g))
                    .minus(values().times(sumAlong(g).div(count(x))))
                    .times(scale);
        }

        /// The sum of `g · values` over the axes.
        private Tensor sumAlong(Tensor g) {
            Tensor shift = mean.minus(centre);
            return sum(g.times(x.minus(centre))).minus(shift.times(sum(g))).times(scale);
        }

        /// The sum of `g · values` over all axes along which that shape is repeated.
        Tensor sumAlong(Tensor g, Shape shape) {
            int missing = x.shape().rank() - shape.rank();
            boolean overAxes = axes.stream().allMatch(axis -> axis < missing || shape.size(axis - missing) == 1);
            return (overAxes ? sumAlong(g) : g.times(values())).sumTo(shape);
        }
    }

    /// The mean of the first numbers along the longest axis.
    private Tensor centre(Tensor x) {
        Shape shape = x.shape();
        int axis = axes.stream().max(Comparator.comparingInt(shape::size)).orElseThrow();
        Tensor first = Views.slice(x, axis, 0, Math.ceilDiv(shape.size(axis), FEWEST));
        return count(first) == 1 ? first : mean(first);
    }

    private Tensor sum(Tensor x) {
        return x.tracer().applyOne(new Reduce(Reduce.Kind.SUM, axes), x);
    }

    /// The mean over the axes, which stay with size 1.
    private Tensor mean(Tensor x) {
        return sum(x).div(count(x));
    }

    private int count(Tensor x) {
        return Reductions.count(x, axes.stream().mapToInt(axis -> axis).toArray());
    }
}
