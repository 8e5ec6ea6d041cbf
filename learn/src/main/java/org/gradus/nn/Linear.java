package org.gradus.nn;

import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Products;

/// A fully connected layer, `y = x · weightᵀ + bias`: `[…, in]` to `[…, out]`, where `in` follows from the input.
///
/// Parameters are `weight` `[out, in]` and `bias` `[out]`; both start uniform on ±1/√in, as in PyTorch (K. He et al.,
/// *Delving Deep into Rectifiers*, 2015, with gain 1/√3). [Initialised] starts them otherwise.
///
/// @param out the number of outputs
/// @param bias whether there is a bias
public record Linear(int out, boolean bias) implements Layer {
    /// @throws org.gradus.base.GradusException when there would be no outputs
    public Linear {
        Use.demand(out >= 1, "A Linear layer", "at least 1 output", out);
    }

    /// A layer with a bias.
    public static Linear of(int out) {
        return new Linear(out, true);
    }

    /// @throws org.gradus.base.GradusException when the input is a scalar, or has another number of features than at first
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Use use = new Use("Linear", scope, x);
        if (x.shape().rank() == 0) {
            throw use.refused("needs an axis of features", "Give it a batch, [batch, features].");
        }
        int in = x.shape().size(-1);
        Initial initial = Initialisers.torch(in);
        Tensor weight = use.parameter(in + " features", "weight", Role.WEIGHT, initial, out, in);
        return Products.linear(x, weight, bias ? scope.parameter("bias", Role.BIAS, initial, out) : null);
    }
}
