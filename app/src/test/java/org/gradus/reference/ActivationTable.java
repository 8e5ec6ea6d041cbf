package org.gradus.reference;

import static org.gradus.reference.FunctionCheck.function;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Functions;
import org.gradus.ops.LogSoftmax;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;
import org.gradus.ops.Softmax;

/// Cases of kind `activation`: functions of a tensor `x` at infinities, NaN, both zeros, huge and ordinary numbers.
///
/// For some, the numbers that PyTorch computed have fewer digits than ours, because its formula takes the difference of
/// numbers close to each other. There the stored number is off by a few units in the last place of these, and may be:
/// `ROUNDING` times their size. (Hardsigmoid has a constant with the digits of a float32.) Nothing else is allowed for.
final class ActivationTable {
    static final Map<String, Check> TABLE = new HashMap<>();

    private static final double ROUNDING = 4 * Math.ulp(1.0);
    private static final double BEYOND = Double.POSITIVE_INFINITY; // of what float32 has

    static {
        put("relu", Activations::relu);
        put("relu6", Activations::relu6);
        put("leaky_relu_0.01", x -> Activations.leakyRelu(x, 0.01));
        put("leaky_relu_0.2", x -> Activations.leakyRelu(x, 0.2));
        put("elu", function("x", x -> Activations.elu(x, 1)).referenceError("y", x -> expMinusOne(x, 1)));
        put("elu_0.5", function("x", x -> Activations.elu(x, 0.5)).referenceError("y", x -> expMinusOne(x, 0.5)));
        put(
                "selu",
                function("x", Activations::selu).referenceError("y", x -> expMinusOne(x, 1.76))); // alpha times scale
        put("celu_1.5", function("x", x -> Activations.celu(x, 1.5)).referenceError("y", x -> expMinusOne(x, 1.5)));
        put( // x (1 + erf(x / √2)) / 2; beyond -9 the factor is less than a rounding
                "gelu",
                function("x", Activations::gelu)
                        .referenceError("y", x -> ROUNDING * Math.min(Math.abs(x), 9))
                        .referenceError("d_x", _ -> ROUNDING));
        put( // x (1 + tanh(…)) / 2; its derivative has a term x (1 - tanh²(…)) (1 + 0.134145 x²) √(2/π) / 2
                "gelu_tanh",
                function("x", Activations::geluTanh)
                        .referenceError("y", x -> ROUNDING * Math.min(Math.abs(x), 9))
                        .referenceError("d_x", x -> ROUNDING * (1 + cubic(Math.min(Math.abs(x), 9))))
                        .onTheWay(
                                x -> Math.abs(x) > 1e19 ? BEYOND : 1)); // x²; a float32 of PyTorch's is NaN there, too
        put("silu", Activations::silu);
        put("mish", Activations::mish);
        put("sigmoid", Activations::sigmoid);
        put("logsigmoid", Activations::logSigmoid);
        put("tanh", function("x", Activations::tanh).referenceError("d_x", _ -> ROUNDING)); // 1 - tanh²
        put("softplus", x -> Activations.softplus(x, 1, 20));
        put("softplus_b2_t5", x -> Activations.softplus(x, 2, 5));
        put( // the derivative as 1 / (1 + |x|) - |x| / (1 + |x|)²
                "softsign",
                function("x", Activations::softsign).referenceError("d_x", x -> ROUNDING / (1 + Math.abs(x))));
        put("hardtanh", x -> Activations.hardtanh(x, -1, 1));
        put("hardtanh_-2_0.5", x -> Activations.hardtanh(x, -2, 0.5));
        put( // the derivative, 1/6, was rounded to float32, in which two neighbours are 2^-26 apart
                "hardsigmoid", function("x", Activations::hardsigmoid).referenceError("d_x", _ -> 0x1p-27));
        put("hardswish", Activations::hardswish);
        put("hardshrink", x -> Activations.hardshrink(x, 0.5));
        put("softshrink", x -> Activations.softshrink(x, 0.5));
        put(
                "tanhshrink",
                function("x", Activations::tanhshrink).referenceError("d_x", _ -> ROUNDING)); // 1 - (1 - tanh²)
        put( // 0.1 as a float32 is the threshold there
                "threshold_0.1_20",
                function("x", x -> Activations.threshold(x, 0.1, 20)).onTheWay(x -> x == 0.1f ? BEYOND : 1));
        put("rrelu_eval", x -> Activations.rrelu(x, 1.0 / 8, 1.0 / 3));

        put("exp", function("x", Tensor::exp).onTheWay(x -> (float) Math.exp(x))); // a tangent times it may be a number
        put("expm1", function("x", Elementwise::expm1).onTheWay(x -> (float) Math.exp(x)));
        put("log", Tensor::log);
        put("log1p", Elementwise::log1p);
        put("log2", Elementwise::log2);
        put("log10", Elementwise::log10);
        put("sqrt", Tensor::sqrt);
        put("rsqrt", Elementwise::rsqrt);
        put("pow_0.5", x -> Elementwise.pow(x, 0.5));
        put("pow_-1.5", x -> Elementwise.pow(x, -1.5));
        put("square", Tensor::squared);
        put("cube", Elementwise::cube);
        put("reciprocal", Elementwise::reciprocal);
        put("abs", Elementwise::abs);
        put("neg", Elementwise::neg);
        put("sign", Elementwise::sign);
        put("floor", Elementwise::floor);
        put("ceil", Elementwise::ceil);
        put("round", Elementwise::round);
        put("clamp_-1_1", x -> Elementwise.clamp(x, -1, 1));
        put("max_with_0", x -> Elementwise.maximum(x, 0));
        put("min_with_0", x -> Elementwise.minimum(x, 0));
        put("nan_to_num", Logic::nanToNum);
        put("erf", Functions::erf);
        put("erfc", Functions::erfc);
        put("lgamma", Functions::lgamma);
        put("sin", Functions::sin);
        put("cos", Functions::cos);
        put("atan", Functions::atan);
        put("sinh", Functions::sinh);
        put("cosh", Functions::cosh);
        put("asinh", Functions::asinh);

        put("softmax_edges", x -> Softmax.softmax(x, -1));
        put("log_softmax_edges", x -> LogSoftmax.logSoftmax(x, -1));
        put( // the gradient is exp(x - result)
                "logsumexp_edges",
                function("x", x -> Reductions.logSumExp(x, -1)).onTheWay(Math::abs));
    }

    private ActivationTable() {}

    private static void put(String op, UnaryOperator<Tensor> function) {
        put(op, function("x", function));
    }

    private static void put(String op, FunctionCheck check) {
        if (TABLE.put(op, check.rowByRow()) != null) {
            throw new IllegalArgumentException("The table has `" + op + "` twice.");
        }
    }

    /// The error of `scale (exp(x) - 1)` below 0.
    private static double expMinusOne(double x, double scale) {
        return x < 0 ? ROUNDING * scale : 0;
    }

    private static double cubic(double x) {
        return x * (1 + 0.134145 * x * x) * Math.sqrt(2 / Math.PI) / 2;
    }
}
