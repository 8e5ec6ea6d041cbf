package org.gradus.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Dataset;
import org.gradus.data.Examples;
import org.gradus.data.Split;
import org.gradus.data.augment.Augmentation;
import org.gradus.data.augment.ContactSheet;
import org.gradus.formats.Toml;
import org.gradus.formats.WholeFile;
import org.gradus.graph.Scope;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.strategies.Strategy;
import org.gradus.train.Checkpoint;
import org.gradus.train.Listener;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;
import org.jspecify.annotations.Nullable;

/// A training that is ready to start, as a [Configuration] describes it.
public final class Experiment {
    private static final String CONFIGURATION = "configuration";

    private final Recipe recipe;
    private final Configuration.Start start;
    private final @Nullable Strategy strategy;
    private final Split split;
    private final Seen seen;
    private final Task task;
    private final long seed;
    private final int threads;
    private final boolean precise;
    private final String toml;
    private final Map<String, Object> complete;

    /// What is trained on.
    ///
    /// @param path of the files, as it was given
    /// @param data what training sees, in the units of the model
    /// @param raw the same as it is in the files
    /// @param loaders the threads that make batches
    record Seen(String path, Dataset data, Examples raw, List<Augmentation> augmentations, int loaders) {}

    Experiment(
            Recipe recipe,
            Configuration.Start start,
            @Nullable Strategy strategy,
            Split split,
            Seen seen,
            Task task,
            long seed,
            int threads,
            boolean precise,
            String toml,
            Map<String, Object> complete) {
        this.recipe = recipe;
        this.start = start;
        this.strategy = strategy;
        this.split = split;
        this.seen = seen;
        this.task = task;
        this.seed = seed;
        this.threads = threads;
        this.precise = precise;
        this.toml = toml;
        this.complete = complete;
    }

    /// The configuration of the run that a checkpoint is of.
    ///
    /// @throws org.gradus.base.GradusException when the checkpoint does not say
    public static Configuration configuration(Checkpoint checkpoint) {
        Object tables = checkpoint.facts().notes().get(CONFIGURATION);
        if (tables == null) {
            throw Task.unknown();
        }
        return Configuration.of(tables);
    }

    /// The columns of the labels that the run learnt from, as the notes of its checkpoint say; none for the usual one.
    static List<String> labels(Map<String, Object> notes) {
        Object label =
                notes.get(CONFIGURATION) instanceof Map<?, ?> tables && tables.get("data") instanceof Map<?, ?> data
                        ? data.get("label")
                        : null;
        List<?> labels = label instanceof List<?> several ? several : List.of(label == null ? "" : label);
        return labels.stream()
                .map(String::valueOf)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /// The same training as before, or one changed in what does not touch the model, for a run that goes on or a model that
    /// is judged: inputs, classes and units are those of the checkpoint.
    ///
    /// @param configuration that of the checkpoint, perhaps with more epochs or another path of the data
    public static Experiment again(Configuration configuration, Checkpoint checkpoint) {
        return configuration.experiment(Task.of(checkpoint.facts().notes()));
    }

    /// What is trained, and how.
    public Recipe recipe() {
        return recipe;
    }

    /// Gives the trainer's model the numbers that the configuration starts from: those of an earlier run, or its initial
    /// ones.
    ///
    /// @throws GradusException when there is no such run, or its model has nothing in common with this one
    public void begin(Trainer trainer) {
        if (!start.run().isEmpty()) {
            trainer.begin(RunFolder.open(Path.of(start.run())).checkpoints().last(), start.fresh(), split.training());
        }
    }

    /// How it is trained in several parts; null for a training that is one.
    public @Nullable Strategy strategy() {
        return strategy;
    }

    /// The three parts of the data, in the units of the model, as they are.
    public Split split() {
        return split;
    }

    /// What is evaluated after each epoch, in the units of the model; null where nothing is left for it.
    public @Nullable Examples validation() {
        return validation(split);
    }

    static @Nullable Examples validation(Split split) {
        return split.validation().size() == 0 ? null : split.validation();
    }

    /// What to train on: the training part, sampled and augmented as the configuration says.
    public Dataset training() {
        return seen.data();
    }

    /// A picture of it.
    ///
    /// @throws GradusException when the data are no images
    public ContactSheet contactSheet() {
        return new ContactSheet(seen.raw(), seen.augmentations(), seed);
    }

    /// The same as in the list `step` of `[augment]`, in one line; `[]` for none.
    public String augmentationsToml() {
        Map<?, ?> augment = (Map<?, ?>) Objects.requireNonNull(complete.get("augment"));
        return Toml.inline(Objects.requireNonNull(augment.get("step")));
    }

    /// How inputs are changed at random, in this order.
    public List<Augmentation> augmentations() {
        return seen.augmentations();
    }

    /// What is learnt from, as it was given: a file or folder, or `digits` for those that come with the library.
    public String dataPath() {
        return seen.path();
    }

    /// The name of the model, or how many layers it is made of.
    public String modelName() {
        Map<?, ?> model = (Map<?, ?>) Objects.requireNonNull(complete.get("model"));
        return model.get("layer") instanceof List<?> layers ? layers.size() + " layers" : said("model", "name");
    }

    /// Such as `adamw, learning rate 0.001 (constant); 20 epochs, batches of 32, seed 0`.
    public String trainingDescription() {
        return said("optimizer", "type") + ", learning rate " + said("optimizer", "lr") + " ("
                + said("schedule", "type") + "); " + said("training", "epochs") + " epochs, batches of "
                + said("training", "batch") + ", seed " + seed;
    }

    private String said(String table, String key) {
        return String.valueOf(((Map<?, ?>) Objects.requireNonNull(complete.get(table))).get(key));
    }

    /// Checks that the model takes the inputs and gives as many numbers as the task has outputs; states are declared in the
    /// session.
    ///
    /// @throws GradusException naming the layer that cannot take its input, or what the model gives instead
    public void demandFits(Session session) {
        Step step = session.step(
                "fit",
                Scope.Mode.EVAL,
                (scope, inputs) -> List.of(recipe.model().forward(scope, inputs.getFirst())));
        Shape found = step.plan(List.of(task.blank(1).features().type()))
                .results()
                .getFirst()
                .type()
                .shape();
        Objective objective = Objective.of(recipe.loss());
        int outputs = objective.outputs();
        Shape wanted = task.perPosition() ? Shape.of(1).joined(task.form().shape()) : Shape.of(1);
        if (!found.equals(wanted.inserted(wanted.rank(), outputs))) {
            throw new GradusException(
                    "model-outputs",
                    "The model makes " + found.part(1, found.rank()) + " of an input "
                            + task.form().shape() + ", but there are "
                            + (objective.sense().isOfPlaces() ? outputs + " numbers in an embedding of " : "")
                            + (task.classes().isEmpty()
                                    ? "no classes but " + task.outputs()
                                            + (task.outputs() == 1 ? " number to predict" : " numbers to predict")
                                            + (objective.sense() == Sense.NORMALS
                                                    ? ", with a variance for each: " + outputs + " outputs"
                                                    : "")
                                    : task.outputs() + " classes"
                                            + (task.perPosition() ? " at each position" : "")
                                            + (outputs == 1 ? ", which one number tells apart" : ""))
                            + ". End it with a linear layer with `out = \"classes\"`, perhaps after `flatten`.");
        }
    }

    /// What the model is for.
    public Task task() {
        return task;
    }

    /// A session with the seed and the threads of the configuration, precise or not.
    public Session session() {
        Session session = new Session(seed, Type.FLOAT32, threads());
        session.setPrecise(precise);
        return session;
    }

    /// What every random number derives from.
    public long seed() {
        return seed;
    }

    /// How many threads make batches.
    public int loaders() {
        return seen.loaders();
    }

    /// Whether convolutions are computed tap by tap.
    public boolean precise() {
        return precise;
    }

    /// On how many threads it is trained.
    public int threads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /// A trainer of a new session.
    public Trainer trainer(Listener... listeners) {
        return trainer(session(), listeners);
    }

    /// A trainer of this session.
    public Trainer trainer(Session session, Listener... listeners) {
        Trainer trainer = new Trainer(session, recipe, listeners);
        trainer.loaders(seen.loaders());
        return trainer;
    }

    /// What a checkpoint must say, so that the model can be used and the run go on.
    public Map<String, Object> notes() {
        return notes(task, complete);
    }

    static Map<String, Object> notes(Task task, Map<String, Object> complete) {
        Map<String, Object> notes = new LinkedHashMap<>(task.notes());
        notes.put(CONFIGURATION, complete);
        return notes;
    }

    /// The complete configuration in TOML, with nothing left out.
    public String toml() {
        return toml;
    }

    /// Writes the complete configuration.
    ///
    /// @throws org.gradus.base.GradusException when it cannot be written
    public void write(Path file) {
        WholeFile.write(file, out -> out.write(toml.getBytes(StandardCharsets.UTF_8)));
    }
}
