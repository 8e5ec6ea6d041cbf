package org.gradus.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Interpreter;
import org.gradus.expr.Body;
import org.gradus.expr.Formula;
import org.gradus.graph.MapOp;
import org.gradus.graph.StateKey;
import org.gradus.plan.Computation;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;
import org.gradus.plan.Slot;

/// A plan with its memory, ready to run again and again.
final class Replay {
    private final Plan plan;
    private final Array[] slots;

    Replay(Plan plan) {
        this.plan = plan;
        this.slots = new Array[plan.slots().size()];
        for (int i = 0; i < slots.length; i++) {
            switch (plan.slots().get(i)) {
                case Slot.Arena(var type, int extent) -> slots[i] = Array.zeros(TensorType.of(type, extent));
                case Slot.Frozen(Array array) -> slots[i] = array;
                case Slot.Given _, Slot.Held _ -> {} // bound at each run
            }
        }
    }

    Plan plan() {
        return plan;
    }

    /// Runs all entries, and returns copies of the results.
    List<Array> run(Map<String, Array> given, Session session) {
        for (int i = 0; i < slots.length; i++) {
            switch (plan.slots().get(i)) {
                case Slot.Given(String name, _) -> slots[i] = given.get(name);
                case Slot.Held(StateKey key) -> slots[i] = session.value(key);
                case Slot.Arena _, Slot.Frozen _ -> {}
            }
        }
        plan.entries().forEach(this::run);
        return plan.results().stream()
                .map(result -> read(result.place(), result.type()))
                .toList();
    }

    /// The states that the last run has written.
    Map<StateKey, Array> written() {
        Map<StateKey, Array> written = new LinkedHashMap<>();
        plan.commits()
                .forEach(commit -> written.put(
                        commit.key(), read(commit.place(), commit.key().type())));
        return written;
    }

    private void run(Plan.Entry entry) {
        List<Array> inputs = new ArrayList<>();
        for (int i = 0; i < entry.reads().size(); i++) {
            Place place = entry.reads().get(i);
            inputs.add(
                    switch (entry.work()) {
                        case Computation.Loop loop -> walked(place, loop.reads().get(i), loop.shape());
                        case Computation.Whole whole ->
                            read(place, whole.reads().get(i));
                    });
        }
        List<Array> outputs = switch (entry.work()) {
            case Computation.Loop(Body body, Type type, Shape shape, _, List<Type> writes) ->
                Interpreter.run(
                        new MapOp(Formula.of(entry.label(), body), type),
                        inputs,
                        writes.stream()
                                .map(write -> new TensorType(write, shape))
                                .toList());
            case Computation.Whole(var op, _, var writes) -> Interpreter.run(op, inputs, writes);
        };
        for (int i = 0; i < outputs.size(); i++) {
            Place place = entry.writes().get(i);
            System.arraycopy(
                    outputs.get(i).storage(), 0, slots[place.slot()].storage(), place.offset(), place.extent());
        }
    }

    /// The elements that a loop reads, in its order.
    private Array walked(Place place, Computation.Reading reading, Shape shape) {
        Array source = slots[place.slot()];
        Array copy = Array.zeros(new TensorType(reading.type(), shape));
        int[] index = new int[shape.rank()];
        for (int position = 0; position < copy.count(); position++) {
            int at = place.offset() + reading.start();
            for (int axis = 0; axis < index.length; axis++) {
                at += index[axis] * reading.strides().get(axis);
            }
            System.arraycopy(source.storage(), at, copy.storage(), position, 1);
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.size(axis); axis--) {
                index[axis] = 0;
            }
        }
        return copy;
    }

    private Array read(Place place, TensorType type) {
        Array copy = Array.zeros(type);
        System.arraycopy(slots[place.slot()].storage(), place.offset(), copy.storage(), 0, place.extent());
        return copy;
    }
}
