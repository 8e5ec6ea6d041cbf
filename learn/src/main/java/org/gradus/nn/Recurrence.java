package org.gradus.nn;

import java.util.ArrayList;
import java.util.List;
import org.gradus.graph.Initial;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Products;
import org.jspecify.annotations.Nullable;

/// A cell with its parameters: one step in time, or many. The parameters, `weight_ih` `[gates · hidden, in]`, `weight_hh`
/// `[gates · hidden, out]`, `bias_ih`, `bias_hh` and `weight_hr` `[projection, hidden]`, carry a suffix and start uniform on
/// ±1/√hidden, as in PyTorch.
record Recurrence(
        Cell cell,
        Tensor inputWeight,
        Tensor stateWeight,
        @Nullable Tensor inputBias,
        @Nullable Tensor stateBias,
        @Nullable Tensor projection) {
    /// Declares the parameters for inputs of so many features.
    static Recurrence of(Use use, Cell cell, int in, int hidden, int projection, boolean bias, String suffix) {
        int gates = cell.gates() * hidden;
        int out = projection > 0 ? projection : hidden;
        Initial initial = Initialisers.torch(hidden);
        String fact = in + " features";
        return new Recurrence(
                cell,
                use.parameter(fact, "weight_ih" + suffix, Role.WEIGHT, initial, gates, in),
                use.parameter(fact, "weight_hh" + suffix, Role.WEIGHT, initial, gates, out),
                bias ? use.parameter(fact, "bias_ih" + suffix, Role.BIAS, initial, gates) : null,
                bias ? use.parameter(fact, "bias_hh" + suffix, Role.BIAS, initial, gates) : null,
                projection > 0
                        ? use.parameter(fact, "weight_hr" + suffix, Role.WEIGHT, initial, projection, hidden)
                        : null);
    }

    /// The input's part of the gates: `[…, in]` to `[…, gates · hidden]`.
    Tensor fromInput(Tensor x) {
        return Products.linear(x, inputWeight, inputBias);
    }

    /// The next state.
    List<Tensor> step(Tensor fromInput, List<Tensor> state) {
        List<Tensor> next =
                new ArrayList<>(cell.step(fromInput, Products.linear(state.get(0), stateWeight, stateBias), state));
        if (projection != null) {
            next.set(0, Products.linear(next.get(0), projection, null));
        }
        return next;
    }
}
