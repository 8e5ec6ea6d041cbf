package org.gradus.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
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
import org.gradus.train.Checkpoint.Best;
import org.gradus.train.Event.Ending;
import org.jspecify.annotations.Nullable;

/// Trains and evaluates the model of a [Recipe] in a [Session], and tells listeners what happens.
///
/// A training step is traced once for each batch shape: forward, loss, gradients, update rules. The learning rate is an
/// input of the step, so it may change all the time.
///
/// What training computes depends on the recipe, the data and the session alone, and the session's step count numbers
/// both the orders of examples and the random values. So a run that goes on from a [Checkpoint] computes the same bits
/// as one that was never interrupted.
public final class Trainer {
    private final Session session;
    private final Recipe recipe;
    private final List<Listener> listeners;
    private final List<String> names; // of the numbers that a step gives: the loss, then the metrics
    private final Step training;
    private final Step evaluation;
    private @Nullable Checkpoints checkpoints;
    private @Nullable Run latest;
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
    /// @return how it ended
    /// @throws GradusException when the loss becomes infinite or NaN
    public Ending fit(Dataset examples, @Nullable Dataset validation) {
        return new Run(examples, validation).complete(false);
    }

    /// Goes on with the run that a checkpoint was taken in, to the end of the recipe's epochs. All numbers of the
    /// session become those of the checkpoint.
    ///
    /// @param examples the same as in the run before
    /// @param validation the same as in the run before
    /// @return how it ended
    /// @throws GradusException when the checkpoint is of another model, optimizer, seed or training data (nothing is
    ///     changed then), or the loss becomes infinite or NaN
    public Ending resume(Checkpoint checkpoint, Dataset examples, @Nullable Dataset validation) {
        Run run = new Run(examples, validation);
        run.goOnFrom(checkpoint);
        return run.complete(true);
    }

    /// Writes checkpoints of the runs to come.
    public void keep(Checkpoints where) {
        checkpoints = where;
    }

    /// What it takes to go on from here; copies. Listeners may ask for it too.
    ///
    /// @throws GradusException when no run has begun
    public Checkpoint checkpoint() {
        if (latest == null) {
            throw new GradusException(
                    "checkpoint-none",
                    "No run of this trainer has begun, so there is nothing to go on from. Ask in a listener, or after"
                            + " `fit`.");
        }
        return latest.checkpoint();
    }

    /// Gives the model the numbers of a checkpoint, those after the best epoch if one was watched for. Step count and
    /// update rules stay as they are.
    ///
    /// @param examples of the shape that the model takes
    /// @throws GradusException when the checkpoint is of another model; nothing is changed then
    public void restore(Checkpoint checkpoint, Dataset examples) {
        Batch first = first(examples);
        evaluation.plan(List.of(first.features().type(), first.labels().type()));
        List<StateKey> model = session.states().stream()
                .filter(key -> !key.path().startsWith(Checkpoint.OPTIMIZER))
                .toList();
        Checkpoint.demandFits(model, checkpoint.bestModel());
        checkpoint.bestModel().forEach(session::setState);
    }

    /// The means of loss and metrics over a data set, by name. Nothing is changed.
    ///
    /// @throws GradusException when the data set is empty
    public Map<String, Double> evaluate(Dataset examples) {
        return means(examples, () -> false).orElseThrow();
    }

    /// Asks the run that goes on to end after its current step, or the next run to end at once. Listeners and other
    /// threads may call it.
    public void stop() {
        stopping = true;
    }

    /// The means over a data set, unless somebody gets impatient.
    private Optional<Map<String, Double>> means(Dataset examples, BooleanSupplier impatient) {
        demandExamples(examples);
        Means means = new Means(names);
        for (int[] positions : Order.batches(Order.sequential(examples.size()), recipe.batch())) {
            if (impatient.getAsBoolean()) {
                return Optional.empty();
            }
            Batch batch = examples.batch(positions);
            means.add(evaluation.run(batch.features(), batch.labels()), batch.size());
        }
        return Optional.of(means.toMap());
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

    /// A batch that tells the shapes of all but the last one.
    private Batch first(Dataset examples) {
        demandExamples(examples);
        return examples.batch(Order.sequential(Math.min(recipe.batch(), examples.size())));
    }

    private static void demandExamples(Dataset examples) {
        if (examples.size() == 0) {
            throw new GradusException(
                    "examples-none",
                    "The data set has no examples, and nothing can be learned or measured without one. Is a part of the"
                            + " split empty?");
        }
    }

    /// One call of [#fit] or [#resume].
    private final class Run {
        private final Dataset examples;
        private final @Nullable Dataset validation;
        private final int batches;
        private final long started = System.nanoTime();
        private int epochsDone;
        private int batchesDone; // of the epoch that goes on
        private long epochStep; // the session's steps when it began
        private Means means = new Means(names); // over it
        private double learningRate;
        private @Nullable Best best;
        private Map<String, Array> bestModel = Map.of();

        Run(Dataset examples, @Nullable Dataset validation) {
            demandExamples(examples);
            this.examples = examples;
            this.validation = validation;
            this.batches = (int) Math.ceilDiv((long) examples.size(), recipe.batch());
        }

        /// Takes over where a checkpoint stands.
        void goOnFrom(Checkpoint checkpoint) {
            Checkpoint.Facts facts = checkpoint.facts();
            if (!facts.conditions().equals(conditions())) {
                throw new GradusException(
                        "checkpoint-run",
                        "The checkpoint is of a run with " + facts.conditions() + ", but this one has "
                                + conditions() + ". Give it the same, or take over the model alone with"
                                + " `restore`.");
            }
            declare();
            Map<String, Array> states = new LinkedHashMap<>(checkpoint.model());
            states.putAll(checkpoint.optimizer());
            Checkpoint.demandFits(session.states(), states);
            states.forEach(session::setState);
            Checkpoint.Position position = facts.position();
            session.setSteps(position.step());
            epochsDone = position.epochs();
            batchesDone = position.batches();
            epochStep = position.epochStep();
            means = new Means(names, position.sums(), position.counted());
            learningRate = position.learningRate();
            EarlyStopping watch = recipe.earlyStopping();
            Best before = facts.best();
            if (watch != null
                    && before != null
                    && before.metric().equals(watch.metric())
                    && before.goal() == watch.goal()) {
                best = before;
                bestModel = checkpoint.best();
            }
        }

        /// Declares all states, so that they can be compared.
        private void declare() {
            Batch first = first(examples);
            List<TensorType> types = new ArrayList<>(
                    List.of(first.features().type(), first.labels().type()));
            evaluation.plan(List.copyOf(types));
            types.addAll(
                    Collections.nCopies(recipe.optimizer().inputCount(), new TensorType(session.type(), Shape.SCALAR)));
            training.plan(types);
        }

        Checkpoint checkpoint() {
            Checkpoint.Position position = new Checkpoint.Position(
                    session.steps(), epochsDone, batchesDone, epochStep, means.sums(), means.examples(), learningRate);
            return Checkpoint.of(session, String.valueOf(recipe.model()), conditions(), position, best, bestModel);
        }

        private Checkpoint.Conditions conditions() {
            return new Checkpoint.Conditions(session.seed(), session.type(), examples.size(), recipe.batch(), names);
        }

        Ending complete(boolean resumed) {
            latest = this;
            List<String> keys = keys();
            if (checkpoints != null) {
                checkpoints.demandNoneAfter(session.steps());
            }
            Ending ending = Ending.FAILED;
            try {
                tell(new Event.RunStarted(recipe, examples.size(), batches, keys, progress(), resumed));
                while (ending() == Ending.STOPPED && !stopping && epoch()) {
                    keep(false);
                }
                keep(true);
                ending = ending();
                if (ending != Ending.STOPPED) {
                    bestModel.forEach(session::setState);
                }
            } catch (GradusException e) {
                ending = e.kind().equals("diverged") ? Ending.DIVERGED : Ending.FAILED;
                throw e;
            } finally {
                stopping = false;
                tell(new Event.RunDone(
                        ending, session.steps(), epochsDone, best == null ? 0 : best.epoch(), secondsSince(started)));
            }
            return ending;
        }

        /// How it ends if it ends now.
        private Ending ending() {
            EarlyStopping watch = recipe.earlyStopping();
            if (epochsDone >= recipe.epochs()) {
                return Ending.FINISHED;
            }
            return watch != null && epochsDone - (best == null ? 0 : best.epoch()) >= watch.patience()
                    ? Ending.EARLY
                    : Ending.STOPPED;
        }

        /// The names of the numbers that each epoch brings.
        private List<String> keys() {
            List<String> keys = new ArrayList<>(names);
            if (validation != null) {
                names.forEach(name -> keys.add("val_" + name));
            }
            EarlyStopping watch = recipe.earlyStopping();
            if (watch != null && !keys.contains(watch.metric())) {
                throw new GradusException(
                        "early-stopping-metric",
                        "Early stopping watches `" + watch.metric() + "`, but the epochs of this run bring " + keys
                                + ". Watch one of these; `val_` is before those of the validation data.");
            }
            return List.copyOf(keys);
        }

        /// Trains for one epoch, or what is left of it; `false` when it was stopped in between.
        private boolean epoch() {
            long begun = System.nanoTime();
            if (batchesDone == 0) {
                epochStep = session.steps(); // tells epochs apart, also over several runs of one session
            }
            tell(new Event.EpochStarted(epochsDone + 1));
            List<int[]> parts =
                    Order.batches(Order.shuffled(examples.size(), session.seed(), epochStep), recipe.batch());
            while (batchesDone < batches) {
                if (stopping) {
                    return false;
                }
                step(examples.batch(parts.get(batchesDone)));
                if (batchesDone < batches) {
                    keep(false);
                }
            }
            Map<String, Double> metrics = new LinkedHashMap<>(means.toMap());
            if (validation != null) {
                Optional<Map<String, Double>> measured = Trainer.this.means(validation, () -> stopping);
                if (measured.isEmpty()) {
                    return false;
                }
                measured.get().forEach((name, value) -> metrics.put("val_" + name, value));
            }
            // The last update of an epoch may be the one that ruins the parameters.
            double after = metrics.getOrDefault("val_loss", 0.0);
            if (!Double.isFinite(after)) {
                throw diverged("validation loss", after, "after epoch " + (epochsDone + 1));
            }
            epochsDone++;
            batchesDone = 0;
            means = new Means(names);
            compare(metrics);
            tell(new Event.EpochDone(
                    session.steps(),
                    epochsDone,
                    Collections.unmodifiableMap(metrics),
                    learningRate,
                    secondsSince(begun)));
            return true;
        }

        /// Keeps the model if this epoch is the best so far.
        private void compare(Map<String, Double> metrics) {
            EarlyStopping watch = recipe.earlyStopping();
            if (watch == null) {
                return;
            }
            double value = metrics.getOrDefault(watch.metric(), Double.NaN);
            if (best == null ? Double.isFinite(value) : watch.isBetter(value, best.value())) {
                best = new Best(watch.metric(), watch.goal(), value, epochsDone);
                bestModel = Checkpoint.model(session);
            }
        }

        private Progress progress() {
            return new Progress(session.steps(), epochsDone, recipe.epochs(), batchesDone, batches);
        }

        private void step(Batch batch) {
            Progress progress = progress();
            List<Array> inputs = new ArrayList<>(List.of(batch.features(), batch.labels()));
            inputs.addAll(recipe.optimizer().inputs(progress, session.type()));
            learningRate = recipe.optimizer().learningRate().at(progress);
            List<Array> results = training.run(inputs.toArray(Array[]::new));
            means.add(results, batch.size());
            batchesDone++;
            tell(new Event.StepDone(
                    session.steps(),
                    epochsDone + 1,
                    batchesDone,
                    batch.size(),
                    Means.of(names, results),
                    means.toMap(),
                    learningRate));
            double loss = results.get(0).get(0);
            if (!Double.isFinite(loss)) {
                throw diverged("loss", loss, "in epoch " + (epochsDone + 1) + ", batch " + batchesDone);
            }
        }

        /// Writes a checkpoint if it is time for one, but none of a model that the last update has ruined: the one
        /// before is the better place to go on from.
        private void keep(boolean last) {
            if (checkpoints == null || session.states().isEmpty() || !(last || checkpoints.isDue())) {
                return;
            }
            Checkpoint checkpoint = checkpoint();
            boolean sound = session.states().stream()
                    .filter(key -> key.role().isTrained())
                    .map(key -> checkpoint.model().get(key.path()))
                    .allMatch(array -> array == null || isFinite(array));
            if (sound) {
                checkpoints.write(checkpoint);
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

    private static boolean isFinite(Array array) {
        for (int i = 0; i < array.count(); i++) {
            if (!Double.isFinite(array.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
