package org.gradus.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.data.Batch;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.ops.Reductions;
import org.gradus.optim.Progress;
import org.gradus.run.Session;
import org.gradus.run.Step;

/// Makes [Inspection]s: a step of its own, which does all of a training step but the update.
final class Inspector {
    private final Trainer trainer;
    private final Step step;
    private List<String> layers = List.of(); // whose moments the step gives, after the loss
    private List<String> parameters = List.of(); // whose gradients come then

    Inspector(Trainer trainer) {
        this.trainer = trainer;
        this.step = trainer.session.step("inspect", Scope.Mode.TRAIN, this::trace);
    }

    /// Of one batch; all states and the count of steps are as before.
    Inspection inspect(Batch batch, Progress progress) {
        Session session = trainer.session;
        List<Array> inputs = Trainer.inputs(batch);
        inputs.addAll(trainer.weights(progress));
        step.plan(inputs.stream().map(Array::type).toList()); // declares the states of the model
        Map<String, Array> moved = new LinkedHashMap<>(); // by training, such as running statistics
        session.states().stream()
                .filter(key -> !key.role().isTrained() && !key.path().startsWith(Checkpoint.OPTIMIZER))
                .forEach(key -> moved.put(key.path(), session.state(key.path())));
        long steps = session.steps();
        List<Array> found = step.run(inputs.toArray(Array[]::new));
        session.setSteps(steps);
        moved.forEach(session::setState);
        int at = 1;
        Map<String, Inspection.Moments> outputs = new LinkedHashMap<>();
        for (String path : layers) {
            double mean = found.get(at++).get(0);
            outputs.put(path, new Inspection.Moments(mean, found.get(at++).get(0)));
        }
        Map<String, Array> gradients = new LinkedHashMap<>();
        for (String path : parameters) {
            gradients.put(path, found.get(at++));
        }
        return new Inspection(found.getFirst().get(0), outputs, gradients);
    }

    private List<Tensor> trace(Scope scope, List<Tensor> inputs) {
        Trainer.Slope slope = trainer.slope(scope, inputs);
        List<Tensor> results = new ArrayList<>(List.of(slope.objective()));
        List<String> paths = new ArrayList<>();
        slope.outputs().all().forEach((path, output) -> {
            if (output.type().type().isFloating()) {
                paths.add(path);
                results.add(output.mean());
                results.add(Reductions.std(output, 0));
            }
        });
        results.addAll(slope.gradients());
        layers = paths;
        parameters = slope.parameters().keySet().stream().map(StateKey::path).toList();
        return results;
    }
}
