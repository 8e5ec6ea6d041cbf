package org.gradus.nn;

import java.util.function.UnaryOperator;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// What the layers of a transformer's encoder and decoder share: skip connections with dropout and a norm, and two linear
/// layers.
record TransformerBlock(Scope scope, int feedforward, double dropout, Layer activation, double eps, boolean normFirst) {
    /// `x + work(x)`, with a norm.
    Tensor around(String norm, Tensor x, UnaryOperator<Tensor> work) {
        Layer normed = new LayerNorm(1, eps, true);
        return normFirst
                ? x.plus(dropped(work.apply(scope.call(norm, normed, x))))
                : scope.call(norm, normed, x.plus(dropped(work.apply(x))));
    }

    /// The two linear layers.
    Tensor fed(Tensor x) {
        Tensor wide = activation.forward(scope, scope.call("linear1", Linear.of(feedforward), x));
        return scope.call("linear2", Linear.of(x.shape().size(-1)), dropped(wide));
    }

    private Tensor dropped(Tensor x) {
        return Dropout.of(dropout).forward(scope, x);
    }
}
