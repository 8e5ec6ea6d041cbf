package org.gradus.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.data.Batch;
import org.gradus.data.Dataset;
import org.gradus.data.Order;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.nn.Metric;
import org.gradus.optim.Progress;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.train.Event.Ending;
import org.jspecify.annotations.Nullable;

/// Trains and evaluates the model of a [Recipe] in a [Session], and tells listeners what happens.
///
/// A training step is traced once for each batch shape: forward, loss, gradients, update rules. The learning rate is an
/// input of the step, so it may change all the time.
public final class Trainer {
    private final Session session;
    private final Recipe recipe;
    private final List<Listener> listeners;
    private final List<String> names; // of the numbers that a step gives: the loss, then the metrics
    private final Step training;
    private final Step evaluation;
    private volatile boolean stopping;

    /// @param session owns the numbers; its seed decides how they start and in which order examples come
    public Trainer(Session session, Recipe recipe, Listener... listeners) {
        this.session = session;
        this.recipe = recipe;
        this.listeners = List.of(listeners);
        this.names = new ArrayList<>(List.of("loss"));
        this.names.addAll(recipe.metrics().keySet());
        this.training = session.step("train", Scope.Mode.TRAIN, this::trainingStep);
        this.evaluation = session.step("evaluate", Scope.Mode.EVAL, this::evaluationStep);
    }

    /// Trains for the recipe's epochs, without validation.
    ///
    /// @throws GradusException when the loss becomes infinite or NaN
    public Ending fit(Dataset examples) {
        return fit(examples, null);
    }

    /// Trains for the recipe's epochs, starting from the numbers that the session has.
    ///
    /// @param validation evaluated after each epoch, if given
    /// @return whether it finished or was stopped
    /// @throws GradusException when the loss becomes infinite or NaN
    public Ending fit(Dataset examples, @Nullable Dataset validation) {
        return new Run(examples, validation).complete();
    }

    /// The means of loss and metrics over a data set, by name. Nothing is changed.
    ///
    /// @throws GradusException when the data set is empty
    public Map<String, Double> evaluate(Dataset examples) {
        demandExamples(examples);
        Means means = new Means(names);
        for (int[] positions : Order.batches(Order.sequential(examples.size()), recipe.batch())) {
            Batch batch = examples.batch(positions);
            means.add(evaluation.run(batch.features(), batch.labels()), batch.size());
        }
        return means.toMap();
    }

    /// Asks the run that goes on to end after its current step, or the next run to end at once. Listeners and other
    /// threads may call it.
    public void stop() {
        stopping = true;
    }

    private List<Tensor> trainingStep(Scope scope, List<Tensor> inputs) {
        List<Tensor> results = evaluationStep(scope, inputs);
        Map<StateKey, Tensor> parameters = scope.parameters();
        List<Tensor> gradients = Reverse.gradients(results.get(0), List.copyOf(parameters.values()));
        recipe.optimizer().update(scope, parameters, gradients, inputs.subList(2, inputs.size()));
        return results;
    }

    private List<Tensor> evaluationStep(Scope scope, List<Tensor> inputs) {
        Tensor labels = inputs.get(1);
        Tensor output = recipe.model().forward(scope, inputs.get(0));
        List<Tensor> results = new ArrayList<>(List.of(recipe.loss().of(output, labels)));
        for (Metric metric : recipe.metrics().values()) {
            results.add(metric.of(output, labels));
        }
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).shape().rank() != 0) {
                throw new GradusException(
                        "metric-scalar",
                        "The " + names.get(i) + " of a batch is one number, but has the shape "
                                + results.get(i).shape() + ". Take its mean.");
            }
        }
        return results;
    }

    private void tell(Event event) {
        listeners.forEach(listener -> listener.on(event));
    }

    private static void demandExamples(Dataset examples) {
        if (examples.size() == 0) {
            throw new GradusException(
                    "examples-none",
                    "The data set has no examples, and nothing can be learned or measured without one. Is a part of the"
                            + " split empty?");
        }
    }

    /// One call of [#fit].
    private final class Run {
        private final Dataset examples;
        private final @Nullable Dataset validation;
        private final int batches;
        private final long started = System.nanoTime();
        private final List<Map<String, Double>> history = new ArrayList<>();
        private int epochsDone;
        private double learningRate;

        Run(Dataset examples, @Nullable Dataset validation) {
            this.examples = examples;
            this.validation = validation;
            this.batches = (int) Math.ceilDiv((long) examples.size(), recipe.batch());
        }

        Ending complete() {
            demandExamples(examples);
            Ending ending = Ending.FAILED;
            try {
                List<String> keys = new ArrayList<>(names);
                if (validation != null) {
                    names.forEach(name -> keys.add("val_" + name));
                }
                tell(new Event.RunStarted(recipe, examples.size(), batches, List.copyOf(keys)));
                while (epochsDone < recipe.epochs() && !stopping && epoch()) {
                    epochsDone++;
                }
                ending = epochsDone < recipe.epochs() ? Ending.STOPPED : Ending.FINISHED;
            } catch (GradusException e) {
                ending = e.kind().equals("diverged") ? Ending.DIVERGED : Ending.FAILED;
                throw e;
            } finally {
                stopping = false;
                tell(new Event.RunDone(ending, session.steps(), epochsDone, secondsSince(started)));
            }
            return ending;
        }

        /// Trains for one epoch; `false` when it was stopped in between.
        private boolean epoch() {
            long begun = System.nanoTime();
            tell(new Event.EpochStarted(epochsDone + 1));
            Means means = new Means(names);
            // The steps taken so far tell epochs apart, also over several runs of one session.
            int[] order = Order.shuffled(examples.size(), session.seed(), session.steps());
            List<int[]> batches = Order.batches(order, recipe.batch());
            for (int i = 0; i < batches.size(); i++) {
                if (stopping) {
                    return false;
                }
                step(examples.batch(batches.get(i)), i, means);
            }
            Map<String, Double> metrics = new LinkedHashMap<>(means.toMap());
            if (validation != null) {
                evaluate(validation).forEach((name, value) -> metrics.put("val_" + name, value));
            }
            // The last update of an epoch may be the one that ruins the parameters.
            double after = metrics.getOrDefault("val_loss", 0.0);
            if (!Double.isFinite(after)) {
                throw diverged("validation loss", after, "after epoch " + (epochsDone + 1));
            }
            history.add(Collections.unmodifiableMap(metrics));
            tell(new Event.EpochDone(
                    session.steps(), epochsDone + 1, history.getLast(), learningRate, secondsSince(begun)));
            return true;
        }

        private void step(Batch batch, int index, Means means) {
            Progress progress = new Progress(session.steps(), epochsDone, recipe.epochs(), index, batches, history);
            List<Array> inputs = new ArrayList<>(List.of(batch.features(), batch.labels()));
            inputs.addAll(recipe.optimizer().inputs(progress, session.type()));
            learningRate = recipe.optimizer().learningRate().at(progress);
            List<Array> results = training.run(inputs.toArray(Array[]::new));
            means.add(results, batch.size());
            tell(new Event.StepDone(
                    session.steps(),
                    epochsDone + 1,
                    index + 1,
                    batch.size(),
                    Means.of(names, results),
                    means.toMap(),
                    learningRate));
            double loss = results.get(0).get(0);
            if (!Double.isFinite(loss)) {
                throw diverged("loss", loss, "in epoch " + (epochsDone + 1) + ", batch " + (index + 1));
            }
        }

        private GradusException diverged(String what, double loss, String when) {
            return new GradusException(
                    "diverged",
                    "The " + what + " became " + (Double.isNaN(loss) ? "NaN" : "infinite") + " at step "
                            + session.steps() + ", " + when + ". The learning rate is " + (float) learningRate
                            + ". Try a smaller one, or `ClipByGlobalNorm(1.0)`.");
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
