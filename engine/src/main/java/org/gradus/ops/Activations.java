package org.gradus.ops;

import static org.gradus.graph.Tensor.map;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Tensor;

/// The nonlinearities between layers, element by element. At kinks and at the ends of the number line values and
/// derivatives are PyTorch's.
///
/// Stated derivatives choose between branches at the outside, so that what a branch does where it does not hold never
/// gets through; exponentials of what could overflow are taken of what was clipped before.
public final class Activations {
    private static final double SELU_ALPHA = 1.6732632423543772;
    private static final double SELU_SCALE = 1.0507009873554805;

    private static final Formula RELU = Formula.unary("relu", x -> x.max(0))
            .derivative((x, y) -> y.lessEqual(0).select(0, 1)); // the result is there, the argument need not stay
    private static final Formula PRELU = new Formula(
            "prelu",
            Body.of(
                    2,
                    x -> List.of(x.get(0).greater(0).select(x.get(0), x.get(0).times(x.get(1))))),
            Body.of(
                    3,
                    x -> List.of(
                            x.get(0).greater(0).select(1, x.get(1)),
                            x.get(0).greater(0).select(0, x.get(0)))));
    private static final Formula SELU = exponential("selu", SELU_ALPHA, SELU_SCALE, 1);
    private static final Formula GELU = Formula.unary("gelu", x -> x.times(normal(x)));
    private static final Formula GELU_TANH = Formula.unary("gelu-tanh", x -> x.times(nearNormal(x)));
    private static final Formula SILU = Formula.unary("silu", x -> x.times(x.sigmoid()));
    private static final Formula MISH =
            Formula.unary("mish", x -> x.times(softplus(x, 1, 20).tanh()));
    private static final Formula LOG_SIGMOID = Formula.unary(
                    "log-sigmoid", x -> x.min(0).minus(x.abs().negated().exp().log1p()))
            .derivative((x, y) -> x.negated().sigmoid());
    private static final Formula SOFTSIGN = Formula.unary(
                    "softsign", x -> x.div(x.abs().plus(1)))
            .derivative((x, y) -> x.literal(1).div(x.abs().plus(1)).squared().plus(y.times(0))); // NaN where y is
    private static final Formula HARDSIGMOID = Formula.unary(
                    "hardsigmoid", x -> x.plus(3).max(0).min(6).div(6))
            .derivative((x, y) -> inside(x, -3, 3).select(1.0 / 6, 0));
    private static final Formula HARDSWISH = Formula.unary(
                    "hardswish", x -> x.times(x.plus(3).max(0).min(6).div(6))) // 6 x might leave the range
            .derivative((x, y) -> x.less(-3)
                    .select(
                            x.literal(0),
                            x.literal(3).lessEqual(x).select(1, x.div(3).plus(0.5))));
    private static final Formula TANHSHRINK = Formula.unary("tanhshrink", x -> x.minus(x.tanh()))
            .derivative((x, y) -> x.tanh().squared());

    private Activations() {}

    /// max(x, 0); NaN stays. The derivative at 0 is 0.
    public static Tensor relu(Tensor x) {
        return map(RELU, x);
    }

    /// min(max(x, 0), 6).
    public static Tensor relu6(Tensor x) {
        return map(hard("relu6", 0, 6), x);
    }

    /// min(max(x, min), max). The derivative is 1 strictly inside, 0 at the ends.
    public static Tensor hardtanh(Tensor x, double min, double max) {
        return map(hard("hardtanh", min, max), x);
    }

    /// x where it is positive, else slope · x; PyTorch's slope is 0.01.
    public static Tensor leakyRelu(Tensor x, double slope) {
        return map(leaky("leaky-relu", slope), x);
    }

    /// x where it is positive, else weight · x.
    ///
    /// @param weight one number, or one for each channel (axis 1)
    public static Tensor prelu(Tensor x, Tensor weight) {
        if (weight.shape().count() == 1) {
            return map(PRELU, x, weight.reshape(new int[0]));
        }
        int rank = x.shape().rank();
        if (weight.shape().rank() != 1
                || rank < 2
                || x.shape().size(1) != weight.shape().size(0)) {
            throw new GradusException(
                    "prelu-weight",
                    "prelu: takes one weight, or a vector of one for each channel (axis 1), but the input is "
                            + x.described() + ", and the weight " + weight.described() + ".");
        }
        int[] sizes = new int[rank - 1];
        Arrays.fill(sizes, 1);
        sizes[0] = weight.shape().size(0);
        return map(PRELU, x, weight.reshape(sizes));
    }

    /// leakyRelu with the middle of the slopes that training draws from; PyTorch draws from [1/8, 1/3].
    public static Tensor rrelu(Tensor x, double lower, double upper) {
        return map(leaky("rrelu", (lower + upper) / 2), x);
    }

    /// x where it is positive, else alpha (e^x - 1). Clevert, Unterthiner, Hochreiter 2016.
    public static Tensor elu(Tensor x, double alpha) {
        return map(exponential("elu", alpha, 1, 1), x);
    }

    /// The self-normalising elu, with fixed alpha and scale. Klambauer et al. 2017.
    public static Tensor selu(Tensor x) {
        return map(SELU, x);
    }

    /// x where it is positive, else alpha (e^(x/alpha) - 1). Barron 2017.
    public static Tensor celu(Tensor x, double alpha) {
        return map(exponential("celu", alpha, 1, 1 / alpha), x);
    }

    /// x · Φ(x), with the normal distribution's Φ. Hendrycks, Gimpel 2016.
    public static Tensor gelu(Tensor x) {
        return map(GELU, x);
    }

    /// gelu with Φ approximated by tanh.
    public static Tensor geluTanh(Tensor x) {
        return map(GELU_TANH, x);
    }

    /// x · sigmoid(x), also called swish.
    public static Tensor silu(Tensor x) {
        return map(SILU, x);
    }

    /// x · tanh(softplus(x)). Misra 2019.
    public static Tensor mish(Tensor x) {
        return map(MISH, x);
    }

    /// 1 / (1 + e^-x).
    public static Tensor sigmoid(Tensor x) {
        return x.sigmoid();
    }

    /// log(sigmoid(x)), without overflow.
    public static Tensor logSigmoid(Tensor x) {
        return map(LOG_SIGMOID, x);
    }

    /// The hyperbolic tangent.
    public static Tensor tanh(Tensor x) {
        return x.tanh();
    }

    /// log(1 + e^(beta x)) / beta, and x itself where beta · x exceeds the threshold; PyTorch's are 1 and 20.
    public static Tensor softplus(Tensor x, double beta, double threshold) {
        return map(
                Formula.unary("softplus", t -> softplus(t, beta, threshold))
                        .derivative((t, y) -> t.literal(threshold)
                                .less(t.times(beta))
                                .select(1, t.times(beta).sigmoid())),
                x);
    }

    /// x / (1 + |x|).
    public static Tensor softsign(Tensor x) {
        return map(SOFTSIGN, x);
    }

    /// min(max(x + 3, 0), 6) / 6.
    public static Tensor hardsigmoid(Tensor x) {
        return map(HARDSIGMOID, x);
    }

    /// x · hardsigmoid(x). Howard et al. 2019.
    public static Tensor hardswish(Tensor x) {
        return map(HARDSWISH, x);
    }

    /// 0 for x in [-lambda, lambda], else x; PyTorch's lambda is 0.5.
    public static Tensor hardshrink(Tensor x, double lambda) {
        return map(
                Formula.unary("hardshrink", t -> within(t, lambda).select(0, t))
                        .derivative((t, y) -> t.abs().greater(lambda).select(1, 0)),
                x);
    }

    /// x moved towards 0 by lambda, at most to 0; NaN becomes 0. PyTorch's lambda is 0.5.
    public static Tensor softshrink(Tensor x, double lambda) {
        return map(
                Formula.unary(
                                "softshrink",
                                t -> t.greater(lambda)
                                        .select(t.minus(lambda), t.less(-lambda).select(t.plus(lambda), 0)))
                        .derivative((t, y) -> t.abs().greater(lambda).select(1, 0)),
                x);
    }

    /// x - tanh(x).
    public static Tensor tanhshrink(Tensor x) {
        return map(TANHSHRINK, x);
    }

    /// x where it exceeds the threshold, else `value`.
    public static Tensor threshold(Tensor x, double threshold, double value) {
        return map(
                Formula.unary("threshold", t -> t.lessEqual(threshold).select(value, t))
                        .derivative((t, y) -> t.lessEqual(threshold).select(0, 1)),
                x);
    }

    private static Formula leaky(String name, double slope) {
        return Formula.unary(name, x -> x.greater(0).select(x, x.times(slope)))
                .derivative((x, y) -> x.greater(0).select(1, slope));
    }

    private static Formula hard(String name, double min, double max) {
        return Formula.unary(name, x -> x.max(min).min(max))
                .derivative((x, y) -> inside(x, min, max).select(1, 0));
    }

    private static Formula exponential(String name, double alpha, double scale, double rate) {
        return Formula.unary(
                        name,
                        x -> x.greater(0)
                                .select(
                                        x.times(scale),
                                        negative(x, rate).with(Code.EXPM1).times(alpha * scale)))
                .derivative((x, y) ->
                        x.greater(0).select(scale, negative(x, rate).exp().times(alpha * rate * scale)));
    }

    private static Term negative(Term x, double rate) {
        return x.min(0).times(rate);
    }

    private static Term softplus(Term x, double beta, double threshold) {
        Term scaled = x.times(beta);
        Term low = scaled.min(threshold).exp().log1p().div(beta);
        return x.literal(threshold).less(scaled).select(x, low);
    }

    /// Φ(x).
    private static Term normal(Term x) {
        return x.times(-Math.sqrt(0.5)).with(Code.ERFC).times(0.5);
    }

    /// (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.
    private static Term nearNormal(Term x) {
        return x.squared()
                .times(0.044715)
                .plus(1)
                .times(x)
                .times(2 * Math.sqrt(2 / Math.PI))
                .sigmoid();
    }

    private static Term inside(Term x, double min, double max) {
        return x.literal(min).less(x).and(x.less(max));
    }

    private static Term within(Term x, double lambda) {
        return x.literal(-lambda).lessEqual(x).and(x.lessEqual(lambda));
    }
}
