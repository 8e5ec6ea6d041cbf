package org.gradus.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.data.Batch;
import org.gradus.data.Dataset;
import org.gradus.data.Order;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.nn.Metric;
import org.gradus.optim.AverageWeights;
import org.gradus.optim.Parameters;
import org.gradus.optim.Progress;
import org.gradus.plan.Plan;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.train.Event.Ending;
import org.jspecify.annotations.Nullable;

/// Trains and evaluates the model of a [Recipe] in a [Session], and tells listeners what happens.
///
/// A training step is traced once for each batch shape: forward, losses, gradients, update rules. The learning rate is an
/// input of the step, so it may change all the time. The loss that is told is the model's own, without auxiliary ones. Where
/// an optimizer keeps [averages][AverageWeights] of the parameters, they are what the model is evaluated with.
///
/// What training computes depends on the recipe, the data and the session alone, and the session's step count numbers
/// both the orders of examples and the random values. So a run that goes on from a [Checkpoint] computes the same bits
/// as one that was never interrupted.
public final class Trainer {
    final Session session;
    final Recipe recipe;
    final List<String> names; // of the numbers that a step gives: the loss, then the metrics
    final Step training;
    private final Step evaluation;
    private final Step calibration;
    private final Inspector inspector;
    private final List<Listener> listeners;
    private @Nullable Checkpoints checkpoints;
    private @Nullable Run latest;
    int loaders = 1;
    long updates; // the steps that the optimizer has made
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
        this.calibration = session.step(
                "calibrate",
                Scope.Mode.CALIBRATE,
                (scope, inputs) -> List.of(recipe.model().forward(scope, inputs.getFirst())));
        this.inspector = new Inspector(this);
    }

    /// Trains for the recipe's epochs, without validation.
    ///
    /// @throws GradusException when the loss becomes infinite or NaN
    public Ending fit(Dataset examples) {
        return fit(examples, null);
    }

    /// Trains for the recipe's epochs, starting from the numbers that the model has in the session. In the first run of
    /// a
    /// trainer its optimizer remembers nothing, whatever another one has left there; then it goes on from run to run.
    ///
    /// @param validation evaluated after each epoch, if given
    /// @return how it ended
    /// @throws GradusException when the loss becomes infinite or NaN
    public Ending fit(Dataset examples, @Nullable Dataset validation) {
        if (updates == 0) {
            forget();
        }
        return complete(new Run(this, checkpoints, examples, validation), false);
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
        Run run = new Run(this, checkpoints, examples, validation);
        run.goOnFrom(checkpoint);
        return complete(run, true);
    }

    /// Writes checkpoints of the runs to come.
    public void keep(Checkpoints where) {
        checkpoints = where;
    }

    /// Makes the batches of the runs to come on so many threads, 1 unless it is said; the numbers are the same.
    ///
    /// @throws GradusException when it is less than 1
    public void loaders(int threads) {
        if (threads < 1) {
            throw new GradusException(
                    "prefetch-size", "At least 1 thread makes batches, but " + threads + " were asked for.");
        }
        loaders = threads;
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
        declare(examples);
        List<StateKey> model = session.states().stream()
                .filter(key -> !key.path().startsWith(Checkpoint.OPTIMIZER))
                .toList();
        Checkpoint.demandFits(model, checkpoint.bestModel());
        put(checkpoint.bestModel());
    }

    /// Gives the model the numbers of another one where their paths are the same, as it is used; what only one of them has is
    /// left alone. A run that begins then starts from there.
    ///
    /// @param fresh parameters that are left alone too, such as those of a head that is replaced
    /// @param examples of the shape that the model takes
    /// @throws GradusException when the two have nothing in common, or a state of another shape
    public void begin(Checkpoint other, List<Parameters> fresh, Dataset examples) {
        declare(examples);
        Map<String, Array> model = new LinkedHashMap<>(other.bestModel());
        List<StateKey> common = session.states().stream()
                .filter(key -> !key.path().startsWith(Checkpoint.OPTIMIZER) && model.containsKey(key.path()))
                .filter(key -> fresh.stream().noneMatch(some -> some.contains(key)))
                .toList();
        if (common.isEmpty()) {
            throw new GradusException(
                    "start-model",
                    "A training is to start from another model, but they have no state in common: "
                            + String.join(", ", model.keySet()) + " there, and here "
                            + session.states().stream()
                                    .map(StateKey::path)
                                    .filter(path -> !path.startsWith(Checkpoint.OPTIMIZER))
                                    .collect(Collectors.joining(", "))
                            + ". Give the layers that they share the same paths.");
        }
        model.keySet().retainAll(common.stream().map(StateKey::path).toList());
        Checkpoint.demandFits(common, model);
        put(model);
    }

    /// Sets states of the model, and what averages there are of them.
    void put(Map<String, Array> model) {
        model.forEach(session::setState);
        averages().forEach((path, _) -> session.setState(AverageWeights.STATE + path, session.state(path)));
    }

    /// One pass over the training data that changes no parameter, but gives batch normalisation the statistics of the
    /// population to evaluate with, as the lectures do with a network that is trained.
    public void calibrate(Dataset examples) {
        demandExamples(examples);
        for (int[] positions : Order.batches(Order.sequential(examples.size()), recipe.batch())) {
            calibration.run(examples.batch(positions).features());
        }
    }

    /// What the first batch of some examples brings about inside of the model while it trains. Nothing is changed.
    ///
    /// @throws GradusException when the data set is empty
    public Inspection inspect(Dataset examples) {
        demandExamples(examples);
        return inspector.inspect(
                examples.batch(Order.sequential(Math.min(recipe.batch(), examples.size()))),
                latest == null ? Progress.START : latest.progress());
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

    boolean isStopping() {
        return stopping;
    }

    /// The wish to stop was for the run that has ended.
    void hasEnded() {
        stopping = false;
    }

    /// The means over a data set, unless somebody gets impatient.
    Optional<Map<String, Double>> means(Dataset examples, BooleanSupplier impatient) {
        demandExamples(examples);
        Map<String, Array> averages = averages();
        Map<String, Array> stands = new LinkedHashMap<>();
        averages.keySet().forEach(path -> stands.put(path, session.state(path)));
        averages.forEach(session::setState);
        try {
            return meansAsItStands(examples, impatient);
        } finally {
            stands.forEach(session::setState);
        }
    }

    /// What the optimizer of this trainer has averaged, by the path of the parameter.
    Map<String, Array> averages() {
        Map<String, Array> averages = new LinkedHashMap<>();
        for (StateKey key : updates == 0 ? List.<StateKey>of() : session.states()) {
            if (key.path().startsWith(AverageWeights.STATE)) {
                averages.put(key.path().substring(AverageWeights.STATE.length()), session.state(key.path()));
            }
        }
        return averages;
    }

    private Optional<Map<String, Double>> meansAsItStands(Dataset examples, BooleanSupplier impatient) {
        Means means = new Means(names);
        Scoring scoring = recipe.more().scoring();
        List<Array> answers = new ArrayList<>();
        List<Array> labels = new ArrayList<>();
        for (int[] positions : Order.batches(Order.sequential(examples.size()), recipe.batch())) {
            if (impatient.getAsBoolean()) {
                return Optional.empty();
            }
            Batch batch = examples.batch(positions);
            List<Array> results = evaluation.run(inputs(batch).toArray(Array[]::new));
            means.add(results, batch.size());
            if (scoring != null) {
                answers.add(results.getLast());
                labels.add(batch.labels());
            }
        }
        Map<String, Double> measured = new LinkedHashMap<>(means.toMap());
        if (scoring != null) {
            measured.putAll(scoring.of(answers, labels));
        }
        return Optional.of(Collections.unmodifiableMap(measured));
    }

    /// What an optimizer remembers starts anew.
    private void forget() {
        for (StateKey key : session.states()) {
            if (key.path().startsWith(Checkpoint.OPTIMIZER)) {
                Philox random = Philox.of(session.seed(), Philox.stream(key.path(), -1), 0);
                session.setState(key.path(), key.initial().values(key.type(), random));
            }
        }
    }

    private Ending complete(Run run, boolean resumed) {
        latest = run;
        return run.complete(resumed);
    }

    /// Declares all states, so that they can be compared with those of a checkpoint.
    void declare(Dataset examples) {
        demandExamples(examples);
        List<TensorType> types = types(examples);
        evaluation.plan(types.subList(0, types.size() - scalars()));
        if (recipe.more().search() == null) {
            training.plan(types);
        } else {
            new WholeBatch(this, examples).declare();
        }
    }

    /// How the training step runs for a full batch of such examples, as text: see [Step#explain].
    public String explain(Dataset examples) {
        return training.explain(types(examples));
    }

    /// How the training step runs for a full batch of such examples.
    public Plan plan(Dataset examples) {
        return training.plan(types(examples));
    }

    /// The inputs of a training step.
    private List<TensorType> types(Dataset examples) {
        demandExamples(examples);
        Batch first = examples.batch(Order.sequential(Math.min(recipe.batch(), examples.size())));
        List<TensorType> types =
                new ArrayList<>(inputs(first).stream().map(Array::type).toList());
        types.addAll(Collections.nCopies(scalars(), new TensorType(session.type(), Shape.SCALAR)));
        return types;
    }

    /// How many numbers a training step takes besides the batch.
    private int scalars() {
        return auxiliaries().size() + recipe.optimizer().inputCount();
    }

    /// A batch as a step takes it: features, labels, and the weights of examples if they have some.
    static List<Array> inputs(Batch batch) {
        List<Array> inputs = new ArrayList<>(List.of(batch.features(), batch.labels()));
        if (batch.weights() != null) {
            inputs.add(batch.weights());
        }
        return inputs;
    }

    /// What a training step that begins now takes besides the batch: the weights of auxiliary losses, then what the
    /// optimizer wants.
    List<Array> scalars(Progress progress) {
        List<Array> scalars = weights(progress);
        scalars.addAll(recipe.optimizer().inputs(progress, session.type()));
        return scalars;
    }

    /// The weights of auxiliary losses.
    List<Array> weights(Progress progress) {
        List<Array> weights = new ArrayList<>();
        TensorType type = new TensorType(session.type(), Shape.SCALAR);
        auxiliaries().forEach(one -> weights.add(Array.full(type, one.weight().at(progress))));
        return weights;
    }

    private List<Auxiliary> auxiliaries() {
        return recipe.more().auxiliaries();
    }

    private List<Tensor> trainingStep(Scope scope, List<Tensor> inputs) {
        int wanted = inputs.size() - recipe.optimizer().inputCount();
        Slope slope = slope(scope, inputs.subList(0, wanted));
        recipe.optimizer().update(scope, slope.parameters(), slope.gradients(), inputs.subList(wanted, inputs.size()));
        return slope.results();
    }

    /// What is measured of a batch, and the gradients of all losses together.
    ///
    /// @param parameters those that are trained
    /// @param gradients in their order
    /// @param outputs of all layers
    record Slope(
            List<Tensor> results,
            Tensor objective,
            Map<StateKey, Tensor> parameters,
            List<Tensor> gradients,
            Auxiliary.Outputs outputs) {}

    /// @param inputs features, labels, perhaps the weights of examples, then those of auxiliary losses
    Slope slope(Scope scope, List<Tensor> inputs) {
        Auxiliary.Outputs outputs = new Auxiliary.Outputs();
        int heads = inputs.size() - auxiliaries().size();
        List<Tensor> data = inputs.subList(0, heads);
        List<Tensor> results = measured(scope, data, outputs);
        List<Tensor> weights = inputs.subList(heads, inputs.size());
        Tensor objective = Auxiliary.add(results.get(0), auxiliaries(), weights, scope, outputs, data);
        Map<StateKey, Tensor> parameters = scope.parameters();
        for (Parameters frozen : recipe.more().frozen()) {
            frozen.demandAny(scope.parameters().keySet());
            parameters.keySet().removeIf(frozen::contains);
        }
        List<Tensor> gradients = Reverse.gradients(objective, List.copyOf(parameters.values()));
        return new Slope(results, objective, parameters, gradients, outputs);
    }

    /// What is measured of a batch, and what is scored if anything is.
    private List<Tensor> evaluationStep(Scope scope, List<Tensor> data) {
        Auxiliary.Outputs outputs = new Auxiliary.Outputs();
        List<Tensor> results = measured(scope, data, outputs);
        Scoring scoring = recipe.more().scoring();
        if (scoring != null) {
            results.add(scoring.answers().apply(outputs.at("")));
        }
        return results;
    }

    private List<Tensor> measured(Scope scope, List<Tensor> data, Auxiliary.Outputs outputs) {
        Tensor labels = data.get(1);
        Tensor output = recipe.model().forward(scope.watched(outputs), data.get(0));
        outputs.called("", recipe.model(), output);
        List<Tensor> results = new ArrayList<>(List.of(Auxiliary.of(recipe.loss(), output, data)));
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

    void tell(Event event) {
        listeners.forEach(listener -> listener.on(event));
    }

    static void demandExamples(Dataset examples) {
        if (examples.size() == 0) {
            throw new GradusException(
                    "examples-none",
                    "The data set has no examples, and nothing can be learned or measured without one. Is a part of the"
                            + " split empty?");
        }
    }
}
