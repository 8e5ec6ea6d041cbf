package org.gradus.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Interpreter;
import org.gradus.expr.Body;
import org.gradus.expr.Formula;
import org.gradus.graph.MapOp;
import org.gradus.graph.Reduce;
import org.gradus.plan.Computation;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// An entry that the plain interpreter computes, on copies: what has no kernel, and what is to be explained, for its
/// errors say where in a tensor something went wrong.
final class Fallback implements Job {
    private final Plan.Entry entry;
    private final Memory memory;

    Fallback(Plan.Entry entry, Memory memory) {
        this.entry = entry;
        this.memory = memory;
    }

    @Override
    public boolean isInterpreted() {
        return true;
    }

    @Override
    public void run() {
        List<Array> inputs = new ArrayList<>();
        for (int i = 0; i < entry.reads().size(); i++) {
            Place place = entry.reads().get(i);
            inputs.add(
                    switch (entry.work()) {
                        case Computation.Loop loop -> walked(place, loop.reads().get(i), loop.shape());
                        case Computation.Fold fold -> walked(place, fold.reads().get(i), fold.shape());
                        case Computation.Stage _, Computation.Contraction _ -> throw onKernels();
                        case Computation.Whole whole ->
                            read(place, whole.reads().get(i));
                    });
        }
        List<Array> outputs;
        try {
            outputs = interpreted(inputs);
        } catch (GradusException e) { // the user's function returned long ago, but the entry knows its line
            throw e.framed("", " In this step it is `" + entry.label() + "`.");
        }
        for (int i = 0; i < outputs.size(); i++) {
            memory.write(outputs.get(i).storage(), entry.writes().get(i));
        }
    }

    private List<Array> interpreted(List<Array> inputs) {
        return switch (entry.work()) {
            case Computation.Loop(Body body, Type type, Shape shape, _, List<Type> writes) ->
                mapped(body, type, shape, writes, inputs);
            case Computation.Fold fold -> {
                List<Type> types = Collections.nCopies(fold.body().results().size(), fold.type());
                TensorType result = new TensorType(fold.type(), fold.result());
                yield mapped(fold.body(), fold.type(), fold.shape(), types, inputs).stream()
                        .map(x -> Interpreter.run(new Reduce(fold.kind(), fold.axes()), List.of(x), List.of(result))
                                .get(0))
                        .toList();
            }
            case Computation.Stage _, Computation.Contraction _ -> throw onKernels();
            case Computation.Whole(var op, _, var writes) -> Interpreter.run(op, inputs, writes);
        };
    }

    private IllegalStateException onKernels() {
        return new IllegalStateException(entry.work() + " always runs on kernels.");
    }

    private static List<Array> mapped(Body body, Type type, Shape shape, List<Type> writes, List<Array> inputs) {
        return Interpreter.run(
                new MapOp(Formula.of("elementwise", body), type),
                inputs,
                writes.stream().map(write -> new TensorType(write, shape)).toList());
    }

    /// The elements that a pass reads, in its order.
    private Array walked(Place place, Computation.Reading reading, Shape shape) {
        Array copy = Array.zeros(new TensorType(reading.type(), shape));
        int[] positions = copy.count() == 0
                ? new int[0]
                : Grid.of(shape, List.of(reading.strides())).positions(0);
        for (int i = 0; i < positions.length; i++) {
            int at = place.offset() + reading.start() + positions[i];
            System.arraycopy(memory.array(place), at, copy.storage(), i, 1);
        }
        return copy;
    }

    private Array read(Place place, TensorType type) {
        Array copy = Array.zeros(type);
        memory.read(place, copy.storage());
        return copy;
    }
}
