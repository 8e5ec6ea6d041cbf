package org.gradus.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jdk.jfr.FlightRecorder;
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
import org.jspecify.annotations.Nullable;

/// One step of a session: traced and planned once for each signature of inputs, then replayed. State is read as it
/// stood at the start and written at the end.
public final class Step {
    private static final String RANDOM_KEY = "random key";

    private final Session session;
    private final String name;
    private final Scope.Mode mode;
    private final StepFunction function;
    private final Map<Signature, Replay> replays = new LinkedHashMap<>();
    private @Nullable StepEvent recorded; // says whether such events are; none until Flight Recorder has begun
    private @Nullable Replay last;

    /// What a replay was made for.
    private record Signature(List<TensorType> inputs, boolean precise) {}

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
        Replay replay = replay(inputs);
        Array[] results = replay.results();
        run(replay, results, inputs);
        return List.of(results);
    }

    /// Runs the step, and writes its results over what these arrays hold. Once it has run a few times with inputs of
    /// the same types, it allocates nothing.
    ///
    /// @throws IllegalArgumentException when the arrays are not of the results' types
    public void runInto(Array[] results, Array... inputs) {
        Replay replay = replay(inputs);
        replay.demand(results);
        run(replay, results, inputs);
    }

    private void run(Replay replay, Array[] results, Array... inputs) {
        StepEvent event = isRecorded() ? new StepEvent() : null;
        if (event != null) {
            event.name = name;
            event.number = session.steps();
            event.inputs = replay.inputs().toString();
            event.begin();
        }
        replay.run(inputs);
        replay.read(results);
        replay.commit();
        session.count(mode);
        if (event != null) {
            event.commit();
        }
    }

    /// Event classes take a tenth of a second to load, so that is done only when they may be wanted.
    private boolean isRecorded() {
        StepEvent known = recorded;
        if (known == null && FlightRecorder.isInitialized()) {
            known = new StepEvent();
            recorded = known;
        }
        return known != null && known.isEnabled();
    }

    /// The plan for inputs of these types; made at first use.
    public Plan plan(List<TensorType> inputs) {
        return replay(inputs).plan();
    }

    /// The plan for inputs of these types as text, and which of its entries have no kernel, so that the plain
    /// interpreter runs them.
    public String explain(List<TensorType> inputs) {
        return replay(inputs).explanation();
    }

    private Replay replay(Array... inputs) {
        Replay latest = last;
        if (latest == null || !latest.takes(inputs) || latest.isPrecise() != session.isPrecise()) {
            latest = replay(Arrays.stream(inputs).map(Array::type).toList());
            last = latest;
        }
        return latest;
    }

    private Replay replay(List<TensorType> inputs) {
        List<TensorType> types = List.copyOf(inputs);
        Signature signature = new Signature(types, session.isPrecise());
        Replay known = replays.get(signature);
        if (known == null) {
            List<String> names =
                    IntStream.range(0, types.size()).mapToObj(Step::input).toList();
            known = session.declaring(() -> new Replay(Plan.of(trace(types)), session, types, names, RANDOM_KEY));
            replays.put(signature, known);
        }
        return known;
    }

    /// The signatures that the step was traced for, in order; more than a few mean that inputs keep changing shape.
    public List<List<TensorType>> signatures() {
        return replays.keySet().stream().map(Signature::inputs).distinct().toList();
    }

    /// Why the step was traced, once for each signature: `first: …`, then which inputs were new, such as `input 0 is
    /// float32[6, 64], was float32[16, 64]`.
    public List<String> traces() {
        List<List<TensorType>> all = signatures();
        List<String> traces = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            List<TensorType> now = all.get(i);
            List<TensorType> before = i == 0 ? List.of() : all.get(i - 1);
            traces.add(
                    i == 0
                            ? "first: " + now
                            : now.size() != before.size()
                                    ? now.size() + " inputs, were " + before.size()
                                    : IntStream.range(0, now.size())
                                            .filter(k -> !now.get(k).equals(before.get(k)))
                                            .mapToObj(k -> input(k) + " is " + now.get(k) + ", was " + before.get(k))
                                            .collect(Collectors.joining("; ")));
        }
        return traces;
    }

    @Override
    public String toString() {
        return "step " + name + " " + signatures();
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
