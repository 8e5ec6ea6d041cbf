package org.gradus.nn;

import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Einsum;

/// A bilinear map of two inputs, `y[k] = x1 · weight[k] · x2 + bias[k]`: `[batch, in1]` and `[batch, in2]` to `[batch, out]`.
/// Parameters are `weight` `[out, in1, in2]` and `bias` `[out]`; both start uniform on ±1/√in1, as in PyTorch.
///
/// @param out the number of outputs
/// @param bias whether there is a bias
public record Bilinear(int out, boolean bias) {
    /// @throws org.gradus.base.GradusException when there would be no outputs
    public Bilinear {
        Use.demand(out >= 1, "A Bilinear layer", "at least 1 output", out);
    }

    /// The layer of two branches on one input.
    ///
    /// @param left what makes x1 of it
    /// @param right what makes x2 of it
    public record Branches(Layer left, Layer right, int out, boolean bias) implements Layer {
        /// @throws org.gradus.base.GradusException when there would be no outputs
        public Branches {
            Use.demand(out >= 1, "A Bilinear layer", "at least 1 output", out);
        }

        /// Of the input itself and itself.
        public static Branches of(int out) {
            return new Branches(Activation.IDENTITY, Activation.IDENTITY, out, true);
        }

        @Override
        public Tensor forward(Scope scope, Tensor x) {
            return new Bilinear(out, bias).forward(scope, scope.call("left", left, x), scope.call("right", right, x));
        }
    }

    /// The output for two inputs.
    ///
    /// @throws org.gradus.base.GradusException when one is no matrix, or their batches differ
    public Tensor forward(Scope scope, Tensor x1, Tensor x2) {
        Use use = new Use("Bilinear", scope, x1);
        use.rank(2, 2, "[batch, features]");
        new Use("Bilinear", scope, x2).rank(2, 2, "[batch, features]");
        int in1 = x1.shape().size(1);
        int in2 = x2.shape().size(1);
        Initial initial = Initialisers.torch(in1);
        Tensor weight = use.parameter(in1 + " and " + in2 + " features", "weight", Role.WEIGHT, initial, out, in1, in2);
        Tensor y = Einsum.einsum("bi,kij,bj->bk", x1, weight, x2);
        return bias ? y.plus(scope.parameter("bias", Role.BIAS, initial, out)) : y;
    }
}
