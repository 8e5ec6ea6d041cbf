package org.gradus.nn;

import java.util.function.UnaryOperator;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// An elementwise function between layers, without parameters; the shape stays. Those with numbers of their own are
/// records, such as [LeakyRelu] and [Elu].
public enum Activation implements Layer {
    /// x itself.
    IDENTITY(x -> x),
    /// max(x, 0), with derivative 0 at 0.
    RELU(Activations::relu),
    /// The hyperbolic tangent.
    TANH(Tensor::tanh),
    /// The logistic function 1 / (1 + e^-x).
    SIGMOID(Tensor::sigmoid),
    /// min(max(x, 0), 6).
    RELU6(Activations::relu6),
    /// The self-normalising elu. Klambauer et al. 2017.
    SELU(Activations::selu),
    /// x · Φ(x), with the normal distribution's Φ. Hendrycks, Gimpel 2016.
    GELU(Activations::gelu),
    /// [#GELU] with Φ approximated by tanh.
    GELU_TANH(Activations::geluTanh),
    /// x · sigmoid(x), also called swish.
    SILU(Activations::silu),
    /// x · tanh(log(1 + e^x)). Misra 2019.
    MISH(Activations::mish),
    /// log(sigmoid(x)).
    LOG_SIGMOID(Activations::logSigmoid),
    /// x / (1 + |x|).
    SOFTSIGN(Activations::softsign),
    /// min(max(x + 3, 0), 6) / 6.
    HARDSIGMOID(Activations::hardsigmoid),
    /// x · hardsigmoid(x). Howard et al. 2019.
    HARDSWISH(Activations::hardswish),
    /// x - tanh(x).
    TANHSHRINK(Activations::tanhshrink);

    private final transient UnaryOperator<Tensor> function;

    Activation(UnaryOperator<Tensor> function) {
        this.function = function;
    }

    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return function.apply(x);
    }
}
