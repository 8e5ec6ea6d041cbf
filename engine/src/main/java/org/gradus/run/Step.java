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
import org.gradus.eager.Interpreter;
import org.gradus.graph.Assign;
import org.gradus.graph.Graph;
import org.gradus.graph.Node;
import org.gradus.graph.Scope;
import org.gradus.graph.Source;
import org.gradus.graph.StateKey;
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
    private final Map<List<TensorType>, Plan> plans = new LinkedHashMap<>();

    Step(Session session, String name, Scope.Mode mode, StepFunction function) {
        this.session = session;
        this.name = name;
        this.mode = mode;
        this.function = function;
    }

    /// Runs the step.
    ///
    /// @return the results, in the order of the step function's
    public List<Array> run(Array... inputs) {
        Plan plan = plan(Arrays.stream(inputs).map(Array::type).toList());
        Map<String, Array> given = new HashMap<>();
        given.put(RANDOM_KEY, session.randomKey());
        for (int i = 0; i < inputs.length; i++) {
            given.put(input(i), inputs[i]);
        }
        Map<Tensor, Array> values = new HashMap<>();
        Map<StateKey, Array> written = new LinkedHashMap<>();
        for (Plan.Entry entry : plan.entries()) {
            Node node = entry.node();
            List<Array> results = switch (node.op()) {
                case Source.Input(String input, TensorType _) -> List.of(given.get(input));
                case Source.State(StateKey key) -> List.of(session.value(key));
                default -> Interpreter.run(
                        node.op(),
                        node.inputs().stream().map(values::get).toList(),
                        node.outputs().stream().map(Tensor::type).toList());
            };
            for (int i = 0; i < results.size(); i++) {
                values.put(node.outputs().get(i), results.get(i));
            }
            if (node.op() instanceof Assign(StateKey key)) {
                written.put(key, results.get(0));
            }
            entry.released().forEach(values::remove);
        }
        List<Array> outputs =
                plan.graph().outputs().stream().map(values::get).toList();
        session.commit(mode, written);
        return outputs;
    }

    /// The plan for inputs of these types; made at first use.
    public Plan plan(List<TensorType> inputs) {
        Plan known = plans.get(inputs);
        if (known == null) {
            known = Plan.of(trace(inputs));
            plans.put(List.copyOf(inputs), known);
        }
        return known;
    }

    /// The signatures that the step was traced for, in order; more than a few mean that inputs keep changing shape.
    public List<List<TensorType>> signatures() {
        return List.copyOf(plans.keySet());
    }

    @Override
    public String toString() {
        return "step " + name + " " + plans.keySet();
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
