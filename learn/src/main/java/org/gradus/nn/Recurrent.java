package org.gradus.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;
import org.gradus.ops.Logic;
import org.gradus.ops.Views;
import org.jspecify.annotations.Nullable;

/// A recurrent layer, or a stack of them, over sequences: `[time, batch, in]` to `[time, batch, out]`, with `batch` first
/// where asked for. `out` is the hidden size, or the projection's, twice when it runs in both directions.
///
/// Parameters are those of [RecurrentCell] with a suffix for layer and direction: `weight_ih_l0`, `weight_hh_l1_reverse` ….
/// The loop over time is written out when it is traced, so each length of sequence makes a plan of its own.
///
/// @param hidden the size of the state
/// @param layers how many are stacked
/// @param bias whether there are biases
/// @param batchFirst whether inputs and outputs are `[batch, time, …]`
/// @param bidirectional whether each layer runs in both directions
/// @param dropout between layers, while training
/// @param projection the size that outputs are projected to (H. Sak et al., 2014), 0 for none
public record Recurrent(
        Cell cell,
        int hidden,
        int layers,
        boolean bias,
        boolean batchFirst,
        boolean bidirectional,
        double dropout,
        int projection)
        implements Layer {
    /// What came of a sequence.
    ///
    /// @param output of the last layer at each time
    /// @param states the last of each layer and direction, `[layers · directions, batch, size]`; of an LSTM h and c
    public record Result(Tensor output, List<Tensor> states) {}

    /// @throws org.gradus.base.GradusException when there would be no state or no layer, or the projection is not smaller
    public Recurrent {
        Use.demand(hidden >= 1, "A Recurrent layer", "at least 1 hidden number", hidden);
        Use.demand(layers >= 1, "A Recurrent layer", "at least 1 layer", layers);
        Use.demand(
                projection == 0 || (cell == Cell.LSTM && projection > 0 && projection < hidden),
                "A Recurrent layer of " + cell + " cells",
                "a projection to fewer than its " + hidden + " hidden numbers, of an LSTM, or 0",
                projection);
    }

    /// One layer with biases, in one direction.
    public static Recurrent of(Cell cell, int hidden) {
        return new Recurrent(cell, hidden, 1, true, false, false, 0, 0);
    }

    /// A stack of layers.
    public Recurrent layers(int count) {
        return new Recurrent(cell, hidden, count, bias, batchFirst, bidirectional, dropout, projection);
    }

    /// Without biases.
    public Recurrent withoutBias() {
        return new Recurrent(cell, hidden, layers, false, batchFirst, bidirectional, dropout, projection);
    }

    /// With inputs and outputs `[batch, time, …]`.
    public Recurrent withBatchFirst() {
        return new Recurrent(cell, hidden, layers, bias, true, bidirectional, dropout, projection);
    }

    /// With a second run from the end, whose outputs stand beside those of the first.
    public Recurrent inBothDirections() {
        return new Recurrent(cell, hidden, layers, bias, batchFirst, true, dropout, projection);
    }

    /// With dropout between layers.
    public Recurrent dropout(double p) {
        return new Recurrent(cell, hidden, layers, bias, batchFirst, bidirectional, p, projection);
    }

    /// With outputs projected to a smaller size.
    public Recurrent projection(int size) {
        return new Recurrent(cell, hidden, layers, bias, batchFirst, bidirectional, dropout, size);
    }

    /// The outputs from a state of zeros.
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return run(scope, x, List.of(), null).output();
    }

    /// Outputs and last states.
    ///
    /// @param initial the states to start from, `[layers · directions, batch, size]` (of an LSTM h and c); none for zeros
    /// @param lengths how long each sequence of the batch is, `int64[batch]`: behind its end outputs are 0 and states stay;
    ///     `null` when all are whole
    /// @throws org.gradus.base.GradusException when the input has other axes, or the states do not go with it
    public Result run(Scope scope, Tensor x, List<Tensor> initial, @Nullable Tensor lengths) {
        Use use = new Use("Recurrent", scope, x);
        use.rank(3, 3, batchFirst ? "[batch, time, features]" : "[time, batch, features]");
        Tensor y = batchFirst ? Views.transpose(x, 0, 1) : x;
        int batch = y.shape().size(1);
        int directions = bidirectional ? 2 : 1;
        int out = projection > 0 ? projection : hidden;
        if (y.shape().size(0) == 0) {
            throw use.refused("needs at least 1 time", "Leave empty sequences out.");
        }
        List<Shape> sizes = IntStream.range(0, cell.states())
                .mapToObj(i -> Shape.of(layers * directions, batch, i == 0 ? out : hidden))
                .toList();
        if (!initial.isEmpty()) {
            use.states(initial, cell.states(), sizes);
        }
        List<List<Tensor>> last = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            if (layer > 0) {
                y = new Dropout(dropout, Dropout.Form.INVERTED, false).forward(scope, y);
            }
            List<Tensor> sides = new ArrayList<>();
            for (int direction = 0; direction < directions; direction++) {
                int place = layer * directions + direction;
                List<Tensor> start = IntStream.range(0, cell.states())
                        .mapToObj(i -> initial.isEmpty()
                                ? Constants.zeros(
                                        x.tracer(), x.type().with(sizes.get(i).part(1, 3)))
                                : Views.select(initial.get(i), 0, place))
                        .toList();
                String suffix = "_l" + layer + (direction == 1 ? "_reverse" : "");
                Recurrence recurrence = Recurrence.of(use, cell, y.shape().size(2), hidden, projection, bias, suffix);
                sides.add(sweep(recurrence, y, start, lengths, direction == 1, last));
            }
            y = Views.concat(2, sides);
        }
        List<Tensor> states = IntStream.range(0, cell.states())
                .mapToObj(i ->
                        Views.stack(0, last.stream().map(state -> state.get(i)).toList()))
                .toList();
        return new Result(batchFirst ? Views.transpose(y, 0, 1) : y, states);
    }

    /// One layer in one direction; adds the last state to a list.
    private static Tensor sweep(
            Recurrence recurrence,
            Tensor x,
            List<Tensor> start,
            @Nullable Tensor lengths,
            boolean reversed,
            List<List<Tensor>> last) {
        int times = x.shape().size(0);
        Tensor gates = recurrence.fromInput(x);
        List<Tensor> outputs = new ArrayList<>();
        List<Tensor> state = start;
        for (int i = 0; i < times; i++) {
            int time = reversed ? times - 1 - i : i;
            List<Tensor> next = recurrence.step(Views.select(gates, 0, time), state);
            if (lengths != null) {
                Tensor runs = Views.unsqueeze(Logic.greater(lengths, time), 1);
                List<Tensor> before = state;
                outputs.add(Logic.where(runs, next.get(0), 0));
                state = IntStream.range(0, next.size())
                        .mapToObj(k -> Logic.where(runs, next.get(k), before.get(k)))
                        .toList();
            } else {
                outputs.add(next.get(0));
                state = next;
            }
        }
        if (reversed) {
            Collections.reverse(outputs);
        }
        last.add(state);
        return Views.stack(0, outputs);
    }
}
