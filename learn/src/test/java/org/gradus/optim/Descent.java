package org.gradus.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.run.StepFunction;

/// A few named vectors that an optimizer moves to where a function of them is small.
final class Descent {
    /// Of all vectors by name.
    interface Function {
        Tensor of(Map<String, Tensor> vectors);
    }

    private final Optimizer optimizer;
    private final Session session = new Session(0, Type.FLOAT64);
    private final StepFunction function;
    private final Step step;
    private final List<String> names;

    Descent(Optimizer optimizer, Map<String, double[]> starts, Function y) {
        this.optimizer = optimizer;
        this.names = List.copyOf(starts.keySet());
        starts.forEach((name, values) -> session.setState(name, Array.of(Shape.of(values.length), values.clone())));
        this.function = (scope, inputs) -> {
            Map<String, Tensor> vectors = new LinkedHashMap<>();
            starts.forEach((name, values) ->
                    vectors.put(name, scope.parameter(name, StateKey.Role.WEIGHT, Initial.constant(0), values.length)));
            Tensor value = y.of(vectors);
            List<Tensor> gradients = Reverse.gradients(value, List.copyOf(vectors.values()));
            optimizer.update(scope, scope.parameters(), gradients, inputs);
            return List.of(value);
        };
        this.step = session.step("descent", Scope.Mode.TRAIN, this.function);
    }

    /// Of one vector that starts here.
    static Descent of(Rule rule, UnaryOperator<Tensor> function, double... start) {
        return new Descent(Optimizer.of(0.1, rule), Map.of("w", start), vectors -> function.apply(vectors.get("w")));
    }

    /// One step.
    void step() {
        step.run(inputs());
    }

    /// One step at some other place of a training.
    void step(Progress progress) {
        step.run(optimizer.inputs(progress, session.type()).toArray(Array[]::new));
    }

    /// One step without a trace.
    void eagerStep() {
        session.eagerly(Scope.Mode.TRAIN, function, inputs());
    }

    /// All vectors in one, in order of their names' declaration.
    double[] position() {
        return names.stream()
                .flatMapToDouble(name -> Arrays.stream(session.state(name).toDoubles()))
                .toArray();
    }

    /// The positions after each of some steps.
    List<double[]> steps(int count) {
        List<double[]> positions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            step();
            positions.add(position());
        }
        return positions;
    }

    Session session() {
        return session;
    }

    private Array[] inputs() {
        Progress progress = new Progress(session.steps(), 0, 1, 0, 1);
        return optimizer.inputs(progress, session.type()).toArray(Array[]::new);
    }
}
