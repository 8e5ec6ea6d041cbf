package org.gradus.nn;

import java.util.List;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;
import org.gradus.ops.Views;

/// How a recurrent layer goes from one state to the next. Gates stand side by side in PyTorch's order.
public enum Cell {
    /// `h' = tanh(gate)`. J. Elman, *Finding Structure in Time*, 1990.
    RNN(1, 1) {
        @Override
        List<Tensor> step(Tensor fromInput, Tensor fromState, List<Tensor> state) {
            return List.of(fromInput.plus(fromState).tanh());
        }
    },
    /// `h' = max(gate, 0)`.
    RNN_RELU(1, 1) {
        @Override
        List<Tensor> step(Tensor fromInput, Tensor fromState, List<Tensor> state) {
            return List.of(Activations.relu(fromInput.plus(fromState)));
        }
    },
    /// `c' = f · c + i · g`, `h' = o · tanh(c')` with the gates i, f, g, o. S. Hochreiter, J. Schmidhuber, *Long Short-Term
    /// Memory*, 1997, with the forget gate of F. Gers et al., 2000.
    LSTM(4, 2) {
        @Override
        List<Tensor> step(Tensor fromInput, Tensor fromState, List<Tensor> state) {
            List<Tensor> gates = Views.chunk(fromInput.plus(fromState), -1, 4);
            Tensor kept = gates.get(1).sigmoid().times(state.get(1));
            Tensor c = kept.plus(gates.get(0).sigmoid().times(gates.get(2).tanh()));
            return List.of(gates.get(3).sigmoid().times(c.tanh()), c);
        }
    },
    /// `h' = (1 - z) · n + z · h` with the gates r, z, n, where r multiplies the state's part of n after its product and
    /// bias. K. Cho et al., *Learning Phrase Representations*, 2014.
    GRU(3, 1) {
        @Override
        List<Tensor> step(Tensor fromInput, Tensor fromState, List<Tensor> state) {
            List<Tensor> in = Views.chunk(fromInput, -1, 3);
            List<Tensor> own = Views.chunk(fromState, -1, 3);
            Tensor reset = in.get(0).plus(own.get(0)).sigmoid();
            Tensor update = in.get(1).plus(own.get(1)).sigmoid();
            Tensor fresh = in.get(2).plus(reset.times(own.get(2))).tanh();
            return List.of(fresh.plus(update.times(state.get(0).minus(fresh))));
        }
    };

    private final int gates;
    private final int states;

    Cell(int gates, int states) {
        this.gates = gates;
        this.states = states;
    }

    /// How many gates there are, each as wide as the state.
    int gates() {
        return gates;
    }

    /// How many tensors the state has; the first is the output.
    int states() {
        return states;
    }

    /// The next state.
    ///
    /// @param fromInput the gates' part from the input, `[batch, gates · hidden]`
    /// @param fromState the gates' part from the state
    /// @param state `[batch, hidden]` each
    abstract List<Tensor> step(Tensor fromInput, Tensor fromState, List<Tensor> state);
}
