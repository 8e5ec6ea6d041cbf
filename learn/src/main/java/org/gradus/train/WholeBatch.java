package org.gradus.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.gradus.base.Array;
import org.gradus.data.Dataset;
import org.gradus.data.Order;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.optim.Lbfgs;
import org.gradus.optim.Progress;
import org.gradus.run.Session;
import org.gradus.run.Step;

/// The loss over all training examples as a function of all trained parameters, for a search that asks for it often. The
/// mean of the batches' losses, each with the weight of its size.
///
/// Each search begins without a memory, so that what it computes depends on the states alone. Random values, such as those
/// of dropout, stay the same within it.
final class WholeBatch {
    private final Trainer trainer;
    private final Session session;
    private final Dataset examples;
    private final List<int[]> batches;
    private final Step step;
    private final List<StateKey> keys = new ArrayList<>(); // of the parameters
    private List<Array> weights = List.of();
    private Means before;
    private long steps;

    WholeBatch(Trainer trainer, Dataset examples) {
        this.trainer = trainer;
        this.session = trainer.session;
        this.examples = examples;
        this.batches = Order.batches(Order.sequential(examples.size()), trainer.recipe.batch());
        this.before = new Means(trainer.names);
        this.step = session.step("search", Scope.Mode.TRAIN, (scope, inputs) -> {
            Trainer.Slope slope = trainer.slope(scope, inputs);
            keys.clear();
            keys.addAll(slope.parameters().keySet());
            List<Tensor> results = new ArrayList<>(slope.results());
            results.add(slope.objective());
            results.addAll(slope.gradients());
            return results;
        });
    }

    /// Declares all states.
    void declare() {
        weights = trainer.weights(Progress.START);
        plan();
    }

    private void plan() {
        step.plan(inputs(batches.getFirst()).stream().map(Array::type).toList());
    }

    /// What was measured where the last search began.
    Means before() {
        return before;
    }

    /// Searches; `false`, with everything as before, when somebody wants it to stop.
    boolean search(Lbfgs rule, Progress progress) {
        weights = trainer.weights(progress);
        before = new Means(trainer.names);
        steps = session.steps();
        plan();
        Map<String, Array> start = Checkpoint.model(session);
        double[] point = new double
                [keys.stream().mapToInt(key -> key.type().shape().count()).sum()];
        int at = 0;
        for (StateKey key : keys) {
            for (double number : session.state(key.path()).toDoubles()) {
                point[at++] = number;
            }
        }
        try {
            rule.start().step(point, this::at);
        } catch (CancellationException e) {
            start.forEach(session::setState);
            session.setSteps(steps);
            return false;
        }
        moveTo(point);
        session.setSteps(steps + 1);
        trainer.updates++;
        return true;
    }

    /// The loss at a point, with its gradient.
    private double at(double[] point, double[] gradient) {
        moveTo(point);
        double sum = 0;
        int measured = trainer.names.size();
        boolean first = before.examples() == 0;
        for (int[] positions : batches) {
            if (trainer.isStopping()) {
                throw new CancellationException();
            }
            session.setSteps(steps);
            List<Array> results = step.run(inputs(positions).toArray(Array[]::new));
            if (first) {
                before.add(results.subList(0, measured), positions.length);
            }
            double share = (double) positions.length / examples.size();
            sum += share * results.get(measured).get(0);
            int at = 0;
            for (Array slope : results.subList(measured + 1, results.size())) {
                for (double number : slope.toDoubles()) {
                    gradient[at++] += share * number;
                }
            }
        }
        return sum;
    }

    private List<Array> inputs(int... positions) {
        List<Array> inputs = Trainer.inputs(examples.batch(positions));
        inputs.addAll(weights);
        return inputs;
    }

    private void moveTo(double[] point) {
        int at = 0;
        for (StateKey key : keys) {
            Array array = Array.zeros(key.type());
            for (int i = 0; i < array.count(); i++) {
                array.set(i, point[at++]);
            }
            session.setState(key.path(), array);
        }
    }
}
