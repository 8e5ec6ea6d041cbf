package org.gradus.nn;

import java.util.Collections;
import java.util.List;
import org.gradus.base.Shape;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;

/// One step of a recurrent layer: `[batch, in]` and a state to the next state, each `[batch, hidden]`. As a layer it starts
/// from zeros and gives the output.
///
/// Parameters are `weight_ih` `[gates · hidden, in]`, `weight_hh` `[gates · hidden, hidden]`, `bias_ih` and `bias_hh`, all
/// uniform on ±1/√hidden at first, as in PyTorch.
///
/// @param hidden the size of the state
/// @param bias whether there are biases
public record RecurrentCell(Cell cell, int hidden, boolean bias) implements Layer {
    /// @throws org.gradus.base.GradusException when there would be no state
    public RecurrentCell {
        Use.demand(hidden >= 1, "A RecurrentCell layer", "at least 1 hidden number", hidden);
    }

    @Override
    public Tensor forward(Scope scope, Tensor x) {
        new Use("RecurrentCell", scope, x).rank(2, 2, "[batch, features]");
        Shape size = Shape.of(x.shape().size(0), hidden);
        Tensor zeros = Constants.zeros(x.tracer(), x.type().with(size));
        return step(scope, x, Collections.nCopies(cell.states(), zeros)).get(0);
    }

    /// The next state; the first tensor of it is the output.
    ///
    /// @param state one tensor `[batch, hidden]`; of an LSTM two, h and c
    /// @throws org.gradus.base.GradusException when input and state do not go together
    public List<Tensor> step(Scope scope, Tensor x, List<Tensor> state) {
        Use use = new Use("RecurrentCell", scope, x);
        use.rank(2, 2, "[batch, features]");
        use.states(state, cell.states(), List.of(Shape.of(x.shape().size(0), hidden)));
        Recurrence recurrence = Recurrence.of(use, cell, x.shape().size(1), hidden, 0, bias, "");
        return recurrence.step(recurrence.fromInput(x), state);
    }
}
