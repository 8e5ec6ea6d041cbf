package org.gradus.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Graph;
import org.gradus.graph.Scope;
import org.gradus.graph.Source;
import org.gradus.graph.States;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.plan.Plan;

/// One step of a session: traced and planned once for each signature of inputs, then replayed. State is read as it
/// stood at the start and written at the end.
public final class Step {
    private static final String RANDOM_KEY = "random key";

    private final Session session;
    private final String name;
    private final Scope.Mode mode;
    private final StepFunction function;
    private final Map<List<TensorType>, Replay> replays = new LinkedHashMap<>();

    Step(Session session, String name, Scope.Mode mode, StepFunction function) {
        this.session = session;
        this.name = name;
        this.mode = mode;
        this.function = function;
    }

    /// Runs the step.
    ///
    /// @return the results, in the order of the step function's; copies, which later runs leave alone
    public List<Array> run(Array... inputs) {
        Replay replay = replay(Arrays.stream(inputs).map(Array::type).toList());
        Map<String, Array> given = new HashMap<>();
        given.put(RANDOM_KEY, session.randomKey());
        for (int i = 0; i < inputs.length; i++) {
            given.put(input(i), inputs[i]);
        }
        List<Array> outputs = replay.run(given, session);
        session.commit(mode, replay.written());
        return outputs;
    }

    /// The plan for inputs of these types; made at first use.
    public Plan plan(List<TensorType> inputs) {
        return replay(inputs).plan();
    }

    private Replay replay(List<TensorType> inputs) {
        Replay known = replays.get(inputs);
        if (known == null) {
            known = new Replay(Plan.of(trace(inputs)));
            replays.put(List.copyOf(inputs), known);
        }
        return known;
    }

    /// The signatures that the step was traced for, in order; more than a few mean that inputs keep changing shape.
    public List<List<TensorType>> signatures() {
        return List.copyOf(replays.keySet());
    }

    @Override
    public String toString() {
        return "step " + name + " " + replays.keySet();
    }

    private Graph trace(List<TensorType> types) {
        Trace trace = new Trace();
        Tensor key = trace.input(RANDOM_KEY, new TensorType(Type.INT64, Shape.of(2)));
        States states = new States(trace, key, state -> {
            session.value(state);
            return trace.applyOne(new Source.State(state));
        });
        List<Tensor> arguments = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            arguments.add(trace.input(input(i), types.get(i)));
        }
        return trace.finish(function.trace(Scope.root(states, mode, session.type()), arguments));
    }

    private static String input(int index) {
        return "input " + index;
    }
}
