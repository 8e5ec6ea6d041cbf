package org.gradus.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gradus.base.GradusException;
import org.gradus.base.Nearest;
import org.gradus.data.DataFiles;
import org.gradus.data.Dataset;
import org.gradus.data.Examples;
import org.gradus.data.Form;
import org.gradus.data.Reading;
import org.gradus.data.Split;
import org.gradus.data.augment.Augmentation;
import org.gradus.data.augment.Mixing;
import org.gradus.formats.Toml;
import org.gradus.formats.TomlValue;
import org.gradus.graph.Layer;
import org.gradus.nn.Loss;
import org.gradus.nn.Metric;
import org.gradus.nn.PerPosition;
import org.gradus.optim.Parameters;
import org.gradus.train.Auxiliary;
import org.gradus.train.EarlyStopping;
import org.gradus.train.Recipe;
import org.gradus.train.Scoring;
import org.jspecify.annotations.Nullable;

/// A training in words: tables `[data]`, `[augment]`, `[model]`, `[loss]`, `[optimizer]`, `[schedule]` and `[training]` of a TOML file,
/// all of which may be left out. [#experiment] makes the real things of them. `docs/models-in-toml.md` lists the keys.
public final class Configuration {
    private static final String RUN = "the run's configuration";
    private static final int LEAST_SIDE = 4; // of images that the default model can halve twice

    /// The tables whose numbers a continuation can move, and those of their numbers that it cannot.
    private static final List<String> MOVABLE =
            List.of("augment", "auxiliary", "loss", "model", "optimizer", "schedule", "training");
    private static final List<String> UNMOVED = List.of("training.epochs", "training.seed", "training.threads");

    private final String name;
    private final Map<String, TomlValue> tables;
    private final Map<String, String> options;

    private Configuration(String name, Map<String, TomlValue> tables, Map<String, String> options) {
        this.name = name;
        this.tables = tables;
        this.options = options;
    }

    /// With nothing said: the default model on the bundled digits.
    public static Configuration standard() {
        return new Configuration("", Map.of(), Map.of());
    }

    /// As a file says.
    ///
    /// @throws GradusException when there is no such file, or naming the line that is no TOML
    public static Configuration read(Path file) {
        return new Configuration(file.toString(), Toml.read(file).table(), Map.of());
    }

    /// As a text says.
    ///
    /// @param name what errors call it
    /// @throws GradusException naming the line that is no TOML
    public static Configuration parse(String name, String text) {
        return new Configuration(name, Toml.parse(name, text).table(), Map.of());
    }

    /// As the notes of a checkpoint say.
    static Configuration of(Object tables) {
        return new Configuration(RUN, TomlValue.of(tables).table(), Map.of());
    }

    /// The same with another value.
    ///
    /// @param key with its table, such as `optimizer.lr`
    public Configuration with(String key, Object value) {
        return with(key, value, null);
    }

    /// The same with another value that an option of a command line gives, which errors then name.
    ///
    /// @param key with its table, such as `optimizer.lr`
    /// @param option such as `--lr`
    public Configuration with(String key, Object value, @Nullable String option) {
        Map<String, TomlValue> changed = KeyPath.of(key).set(tables, value);
        Map<String, String> named = new TreeMap<>(options);
        named.remove(key);
        if (option != null) {
            named.put(key, option);
        }
        return new Configuration(name, changed, named);
    }

    /// The same with another model.
    ///
    /// @param model the name of a ready-made one, or a TOML file with a table `[model]`
    /// @throws GradusException when it is neither
    public Configuration withModel(String model) {
        TomlValue table;
        String source = name;
        if (Models.names().contains(model)) {
            table = TomlValue.of(Map.of("name", model));
        } else {
            if (!Files.exists(Path.of(model))) {
                throw new GradusException(
                        "config-value",
                        "There is no model `" + model + "`, and no such file" + Nearest.guess(model, Models.names())
                                + " There are "
                                + String.join(", ", Models.names()) + ", or give a TOML file with the table [model].");
            }
            Configuration file = read(Path.of(model));
            table = file.top().value("model");
            if (file.tables.size() > 1) {
                throw new GradusException(
                        "config-key",
                        "`" + model + "` is to be a model, but has more than the table [model]: "
                                + String.join(", ", file.tables.keySet()) + ". Give the whole of it with `--config "
                                + model
                                + "`, or take the rest out.");
            }
            source = model;
        }
        Map<String, TomlValue> changed = new LinkedHashMap<>(tables);
        changed.put("model", table);
        return new Configuration(source, changed, options);
    }

    /// The real things: data that are read, cut and scaled, and a recipe.
    ///
    /// @throws GradusException naming the line or the option that is wrong, or the file of data
    public Experiment experiment() {
        return experiment(null);
    }

    /// The same for a model that is there already.
    ///
    /// @param known what that one is for; null to find out from the data
    Experiment experiment(@Nullable Task known) {
        Table top = top();
        Table data = top.table("data");
        Table loss = top.table("loss");
        Reading asked = DataTable.reading(data, loss);
        String path = data.text("path", DataTable.DIGITS);
        long cut = data.seed("split_seed", 0);
        boolean standardize = data.flag("standardize", true);
        String sampling = data.choice("sampling", "shuffled", List.of("shuffled", "balanced", "weighted"));
        double validation = data.number("validation", 0.2, x -> x >= 0 && x < 0.8, "a share from 0 to below 0.8");
        int folds = data.whole("folds", 0, 0);
        int fold = data.whole("fold", 0, 0);
        int loaders = data.whole("threads", 1, 1);
        data.end();
        Table augment = top.table("augment");
        demandThere(data, path);
        DataFiles files = DataTable.files(path, known == null ? asked : known.reading(asked));
        data.noted(
                "path",
                DataTable.isBundled(path)
                        ? DataTable.DIGITS
                        : absolute(path)); // so that the run is of use from any folder
        data.noted("label", files.labels().size() > 1 ? files.labels() : String.join("", files.labels()));
        Split split = folds == 0
                ? files.split(cut, validation)
                : data.making(() -> Split.fold(files.training(), cut, folds, Math.max(1, fold), validation));
        Task task = known != null
                ? known
                : Task.fitted(files, split.training(), standardize, standardize && Training.standardizes(loss));
        Start origin = start(top);
        Objective objective = Training.loss(loss, task, split.training());
        DataTable.demandWeighable(data, files.training(), objective);
        Strategies strategies = Strategies.read(top, objective, usual(task.form()), origin);
        Recipe recipe = recipe(top, task, objective, split.training());
        List<Augmentation> augmentations = Augmentations.read(augment, task.form());
        boolean mixed = augmentations.stream().anyMatch(Mixing.class::isInstance)
                && !task.classes().isEmpty();
        if (mixed && !objective.takesMixed()) {
            throw loss.refused(
                    "type",
                    "`cross_entropy` or a loss of one-hot classes, such as `mse`, where `mixup` or `cutmix` mix labels",
                    loss.value("type"));
        }
        top.end();
        Table training = top.table("training");
        if (recipe.batch() > split.training().size()) {
            throw new GradusException(
                    "config-value",
                    training.subject("batch") + " takes at most "
                            + split.training().size() + ", the number of training examples, but was given "
                            + recipe.batch() + ".");
        }
        Split scaled =
                new Split(task.scaled(split.training()), task.scaled(split.validation()), task.scaled(split.test()));
        long seed = training.seed("seed", 0);
        Map<String, Object> notes = Experiment.notes(task, top.complete());
        DataTable.Seen seen = new DataTable.Seen(split.training(), scaled.training(), task, sampling);
        Dataset examples = data.making(() -> seen.with(augmentations));
        return new Experiment(
                strategies.whole(recipe),
                origin,
                folds > 0 && fold == 0 && known == null
                        ? strategies.folds(
                                folds, data, number -> with("data.fold", number).experiment())
                        : strategies.strategy(recipe, seed, scaled, examples, notes, key -> variants(key, seen, top)),
                scaled,
                new Experiment.Seen(path, examples, split.training(), augmentations, loaders),
                task,
                seed,
                training.whole("threads", 0, 0),
                precise(training),
                Toml.text(top.complete()),
                top.complete());
    }

    /// What is trained, and how, for such a task.
    ///
    /// @throws GradusException naming the line that is wrong
    public Recipe recipe(Task task) {
        Table top = top();
        top.table("data");
        top.table("augment");
        Objective objective = Training.loss(top.table("loss"), task, null);
        Strategies strategies = Strategies.read(top, objective, usual(task.form()), start(top));
        Recipe recipe = strategies.whole(recipe(top, task, objective, null));
        top.end();
        return recipe;
    }

    /// Where a model starts.
    ///
    /// @param run the folder of the run whose model it starts from; empty for none
    record Start(String run, List<Parameters> fresh) {}

    private static Start start(Table top) {
        Table table = top.table("start");
        Start start = new Start(
                table.text("run", ""),
                table.texts("fresh").stream().map(Parameters::new).toList());
        table.end();
        table.noted("run", start.run().isEmpty() ? "" : absolute(start.run()));
        return start;
    }

    /// The same training with other numbers behind a key, for a continuation.
    private Strategies.Variants variants(String key, DataTable.Seen seen, Table top) {
        Table table = top.table("continuation");
        if (!(KeyPath.of(key).in(top.complete()) instanceof Number number)) {
            throw table.refused(
                    "key",
                    "the key of a number with its table, such as \"loss.smoothing\" or \"model.layer.3.p\"",
                    table.value("key"));
        }
        if (!MOVABLE.contains(KeyPath.of(key).parts().getFirst()) || UNMOVED.contains(key)) {
            throw table.refused(
                    "key",
                    "a number that a model learns by, in " + MOVABLE + " and none of " + UNMOVED,
                    table.value("key"));
        }
        boolean whole = !(number instanceof Double);
        Configuration complete =
                new Configuration(name, TomlValue.of(top.complete()).table(), options);
        return new Strategies.Variants() {
            private Configuration changed(double changed) {
                return complete.with(key, whole ? (Object) Math.round(changed) : changed);
            }

            @Override
            public Recipe recipe(double changed) {
                return changed(changed).recipe(seen.task());
            }

            @Override
            public Dataset training(double changed) {
                Table augment = changed(changed).top().table("augment");
                return seen.with(Augmentations.read(augment, seen.task().form()));
            }

            @Override
            public double number() {
                return number.doubleValue();
            }
        };
    }

    /// @param examples to train on, whose classes may be weighed; null where weights do not matter
    private static Recipe recipe(Table top, Task task, Objective objective, @Nullable Examples examples) {
        Table layers = top.table("model");
        Models.demandTakes(layers, task.form());
        Layer model = Models.read(layers, objective.outputs(), usual(task.form()));
        Loss loss = task.perPosition() ? new PerPosition(objective) : objective;
        Table optimizer = top.table("optimizer");
        Table schedule = top.table("schedule");
        Table training = top.table("training");
        int epochs = training.whole("epochs", 20, 1);
        int batch = training.whole("batch", 32, 1);
        training.seed("seed", 0);
        training.whole("threads", 0, 0);
        precise(training);
        int patience = training.whole("patience", 0, 0);
        String metric = objective.metricName();
        Scoring scoring = Scores.read(training, objective);
        List<String> keys = new ArrayList<>(List.of("val_loss", "val_" + metric, "loss", metric));
        if (scoring != null) {
            scoring.names().forEach(name -> keys.add("val_" + name));
        }
        String watch = training.choice("watch", "val_loss", keys);
        boolean larger = training.flag("larger", Scores.isLargerBetter(watch));
        EarlyStopping.Goal goal = larger ? EarlyStopping.Goal.MAX : EarlyStopping.Goal.MIN;
        double change = training.number("min_delta", 0, x -> x >= 0, "a number from 0 up");
        String[] frozen = training.texts("freeze").toArray(String[]::new);
        boolean calibrate = training.flag("calibrate", false);
        boolean inspect = training.flag("inspect", false);
        training.end();
        Optimizers.Chosen chosen = Optimizers.read(optimizer, schedule, epochs);
        Table wanted = top.table("loss");
        if (optimizer.says("type", "lbfgs") && wanted.says("reduction", "sum")) {
            throw wanted.refused(
                    "reduction",
                    "`mean` or `batchmean` with the optimizer lbfgs, which adds batches up by their sizes",
                    wanted.value("reduction"));
        }
        if (schedule.says("type", "plateau")) {
            schedule.choice("metric", "val_loss", keys);
        }
        Auxiliary[] auxiliaries =
                Training.auxiliaries(top, task, loss, epochs, examples).toArray(Auxiliary[]::new);
        Map<String, Metric> metrics = Map.of(metric, objective.metric());
        EarlyStopping noBetter = patience == 0 ? null : new EarlyStopping(watch, goal, patience, change);
        Recipe plain = new Recipe(model, loss, metrics, chosen.optimizer(), batch, epochs)
                .with(auxiliaries)
                .freezing(frozen)
                .scoring(scoring);
        Recipe stopped = noBetter == null ? plain : plain.until(noBetter);
        Recipe seen = inspect ? stopped.inspected() : stopped;
        return chosen.in(calibrate ? seen.calibrated() : seen);
    }

    /// Whether convolutions are computed tap by tap, whatever their size.
    ///
    /// @throws GradusException naming the line that is wrong
    public boolean precise() {
        return precise(top().table("training"));
    }

    /// How files of data are to be read.
    ///
    /// @throws GradusException naming the line that is wrong
    public Reading reading() {
        Table top = top();
        return DataTable.reading(top.table("data"), top.table("loss"));
    }

    private static boolean precise(Table training) {
        return training.flag("precise", false);
    }

    private Table top() {
        return new Table(new Table.Source(name, options), "", tables, 1);
    }

    private static String absolute(String path) {
        return Path.of(path).toAbsolutePath().toString();
    }

    /// Says where a path stands that leads nowhere, if it was not given just now.
    private void demandThere(Table data, String path) {
        if (DataTable.isBundled(path) || Files.exists(Path.of(path)) || options.containsKey("data.path")) {
            return;
        }
        throw new GradusException(
                "file-missing",
                "There is no file or folder `" + absolute(path) + "`, which "
                        + (name.equals(RUN) ? RUN : data.place("path")) + " names as the data. If they have moved,"
                        + " `--data PATH` says where they are.");
    }

    /// The model where none is named.
    private static String usual(Form form) {
        if (form instanceof Form.Text) {
            return "lstm";
        }
        return form instanceof Form.Image(int channels, int height, int width) && Math.min(height, width) >= LEAST_SIDE
                ? "convnet"
                : "mlp";
    }
}
