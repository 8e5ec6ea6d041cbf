package org.gradus.nn;

import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.ops.Products;

/// A fully connected layer, `y = x · weightᵀ + bias`: `[…, in]` to `[…, out]`, where `in` follows from the input.
///
/// Parameters are `weight` `[out, in]` and `bias` `[out]`; both start uniform on ±1/√in, as in PyTorch (K. He et al.,
/// *Delving Deep into Rectifiers*, 2015, with gain 1/√3).
///
/// @param out the number of outputs
/// @param bias whether there is a bias
public record Linear(int out, boolean bias) implements Layer {
    /// @throws GradusException when there would be no outputs
    public Linear {
        if (out < 1) {
            throw new GradusException("layer-size", "A Linear layer has at least 1 output, but was given " + out + ".");
        }
    }

    /// A layer with a bias.
    public static Linear of(int out) {
        return new Linear(out, true);
    }

    /// @throws GradusException when the input is a scalar, or has another number of features than at first
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        if (x.shape().rank() == 0) {
            throw new GradusException(
                    "layer-input",
                    named(scope) + "the input needs an axis of features, but is " + x.described()
                            + ". Give it a batch, [batch, features].");
        }
        int in = x.shape().size(-1);
        double bound = 1 / Math.sqrt(Math.max(in, 1));
        Initial initial = Initialisers.uniform(-bound, bound);
        Tensor weight;
        try {
            weight = scope.parameter("weight", StateKey.Role.WEIGHT, initial, out, in);
        } catch (GradusException e) {
            throw e.framed(
                    named(scope) + "the input has " + in + " features, so that `weight` would be " + Shape.of(out, in)
                            + ". ",
                    " Input: " + x.described() + ". Did the size of the input change?");
        }
        return Products.linear(x, weight, bias ? scope.parameter("bias", StateKey.Role.BIAS, initial, out) : null);
    }

    private static String named(Scope scope) {
        return (scope.path().isEmpty() ? "The model" : "`" + scope.path() + "`") + " (Linear): ";
    }
}
