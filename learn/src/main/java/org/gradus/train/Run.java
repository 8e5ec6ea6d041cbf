package org.gradus.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.data.Batch;
import org.gradus.data.Dataset;
import org.gradus.data.Order;
import org.gradus.data.Prefetch;
import org.gradus.optim.Lbfgs;
import org.gradus.optim.Progress;
import org.gradus.run.Session;
import org.gradus.train.Checkpoint.Best;
import org.gradus.train.Event.Ending;
import org.jspecify.annotations.Nullable;

/// One training from start to end: a call of [Trainer#fit] or [Trainer#resume].
final class Run {
    private final Trainer trainer;
    private final Session session;
    private final Recipe recipe;
    private final List<String> names;
    private final @Nullable Checkpoints checkpoints;
    private final Dataset examples;
    private final @Nullable Dataset validation;
    private final int batches;
    private final long started = System.nanoTime();
    private int epochsDone;
    private int batchesDone; // of the epoch that goes on
    private long epochStep; // the session's steps when it began
    private Means means; // over it
    private double learningRate;
    private final List<Map<String, Double>> history = new ArrayList<>(); // of the finished epochs
    private @Nullable Best best;
    private Map<String, Array> bestModel = Map.of();
    private boolean settled; // whether the best model is what the run has come to
    private @Nullable WholeBatch whole; // if the recipe searches over it

    /// @param checkpoints where to keep them, if anywhere
    Run(Trainer trainer, @Nullable Checkpoints checkpoints, Dataset examples, @Nullable Dataset validation) {
        Trainer.demandExamples(examples);
        this.trainer = trainer;
        this.session = trainer.session;
        this.recipe = trainer.recipe;
        this.names = trainer.names;
        this.checkpoints = checkpoints;
        this.means = new Means(names);
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
        trainer.declare(examples);
        Map<String, Array> states = new LinkedHashMap<>(checkpoint.model());
        states.putAll(checkpoint.optimizer());
        Checkpoint.demandFits(session.states(), states);
        states.forEach(session::setState);
        Checkpoint.Position position = facts.position();
        session.setSteps(position.step());
        trainer.updates = position.updates();
        epochsDone = position.epochs();
        batchesDone = position.batches();
        epochStep = position.epochStep();
        means = new Means(names, position.sums(), position.counted());
        learningRate = position.learningRate();
        history.addAll(position.history());
        EarlyStopping watch = recipe.earlyStopping();
        Best before = facts.best();
        if (watch != null
                && before != null
                && before.metric().equals(watch.metric())
                && before.goal() == watch.goal()) {
            best = before;
            bestModel = checkpoint.best();
        }
        if (ending() != Ending.STOPPED) {
            settled = true;
            bestModel = checkpoint.best();
        }
    }

    Checkpoint checkpoint() {
        Checkpoint.Position position = new Checkpoint.Position(
                session.steps(),
                trainer.updates,
                epochsDone,
                batchesDone,
                epochStep,
                means.sums(),
                means.examples(),
                learningRate,
                history);
        return Checkpoint.of(session, String.valueOf(recipe.model()), conditions(), position, best, bestModel);
    }

    private Checkpoint.Conditions conditions() {
        return new Checkpoint.Conditions(session.seed(), session.type(), examples.size(), recipe.batch(), names);
    }

    Ending complete(boolean resumed) {
        List<String> keys = keys();
        if (checkpoints != null) {
            checkpoints.demandNoneAfter(session.steps());
        }
        Ending ending = Ending.FAILED;
        try {
            trainer.tell(new Event.RunStarted(recipe, examples.size(), batches, keys, progress(), resumed));
            if (!resumed) {
                inspect();
            }
            while (ending() == Ending.STOPPED && !trainer.isStopping() && epoch()) {
                keep(false);
            }
            ending = ending();
            Map<String, Array> stands = Checkpoint.model(session);
            if (ending != Ending.STOPPED) {
                settle();
                stands.forEach(session::setState); // from where a run with more epochs goes on
            }
            keep(true);
            if (ending != Ending.STOPPED) {
                trainer.put(bestModel);
            }
        } catch (GradusException e) {
            ending = e.kind().equals("diverged") ? Ending.DIVERGED : Ending.FAILED;
            throw e;
        } finally {
            trainer.hasEnded();
            trainer.tell(new Event.RunDone(
                    ending, session.steps(), epochsDone, best == null ? 0 : best.epoch(), secondsSince(started)));
        }
        return ending;
    }

    /// Makes of the model what is used from now on: after the best epoch, with averages of its parameters, calibrated.
    private void settle() {
        if (settled) {
            return;
        }
        Map<String, Array> used = bestModel.isEmpty() ? trainer.averages() : bestModel;
        used.forEach(session::setState);
        if (recipe.more().calibrated()) {
            trainer.calibrate(examples);
        }
        if (!used.isEmpty() || recipe.more().calibrated()) {
            bestModel = Checkpoint.model(session);
        }
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
            Scoring scoring = recipe.more().scoring();
            if (scoring != null) {
                scoring.names().forEach(name -> keys.add("val_" + name));
            }
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
        trainer.tell(new Event.EpochStarted(epochsDone + 1));
        Lbfgs rule = recipe.more().search();
        if (!(rule == null ? steps() : search(rule))) {
            return false;
        }
        Map<String, Double> metrics = new LinkedHashMap<>(means.toMap());
        if (validation != null) {
            Optional<Map<String, Double>> measured = trainer.means(validation, trainer::isStopping);
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
        history.add(Collections.unmodifiableMap(metrics));
        inspect();
        trainer.tell(
                new Event.EpochDone(session.steps(), epochsDone, history.getLast(), learningRate, secondsSince(begun)));
        return true;
    }

    private void inspect() {
        if (recipe.more().inspected()) {
            trainer.tell(new Event.Inspected(epochsDone, trainer.inspect(examples)));
        }
    }

    /// Steps over what is left of the epoch; `false` when it was stopped in between.
    private boolean steps() {
        Progress begun = progress().atBatch(0);
        int[] order = recipe.more().sampling().order(examples.size(), session.seed(), epochStep, begun);
        List<int[]> parts = Order.batches(order, recipe.batch());
        if (order.length != examples.size()) {
            throw new GradusException(
                    "sampling-size",
                    "A pass takes as many examples as there are, " + examples.size() + ", but the sampling gave "
                            + order.length + ". Repeat some, or leave some out.");
        }
        Dataset pass = examples.pass(session.seed(), epochStep);
        int threads = trainer.loaders;
        try (Prefetch ahead = new Prefetch(pass, parts.subList(batchesDone, batches), threads + 1, threads)) {
            while (ahead.hasNext()) {
                if (trainer.isStopping()) {
                    return false;
                }
                step(ahead.next());
                if (batchesDone < batches) {
                    keep(false);
                }
            }
        }
        return true;
    }

    /// One search over all examples, which counts as one step; `false` when it was stopped in between.
    private boolean search(Lbfgs rule) {
        if (whole == null) {
            whole = new WholeBatch(trainer, examples);
        }
        learningRate = rule.learningRate();
        if (!whole.search(rule, progress())) {
            return false;
        }
        means = whole.before();
        batchesDone = batches;
        tellStep(examples.size(), means.toMap());
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
            trainer.averages().forEach(bestModel::put);
        }
    }

    Progress progress() {
        return new Progress(trainer.updates, epochsDone, recipe.epochs(), batchesDone, batches, history);
    }

    private void step(Batch batch) {
        Progress progress = progress();
        List<Array> inputs = Trainer.inputs(batch);
        inputs.addAll(trainer.scalars(progress));
        learningRate = recipe.optimizer().learningRate().at(progress);
        List<Array> results = trainer.training.run(inputs.toArray(Array[]::new));
        trainer.updates++;
        means.add(results, batch.size());
        batchesDone++;
        tellStep(batch.size(), Means.of(names, results));
    }

    private void tellStep(int size, Map<String, Double> metrics) {
        trainer.tell(new Event.StepDone(
                session.steps(), epochsDone + 1, batchesDone, size, metrics, means.toMap(), learningRate));
        double loss = metrics.getOrDefault("loss", Double.NaN);
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
                        + ". Try a smaller one, or clip the norm of the gradients (`clip_norm = 1.0` in [optimizer]).");
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
