package org.gradus.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Nearest;
import org.gradus.base.Shape;
import org.gradus.data.DataFiles;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Form;
import org.gradus.data.Reading;
import org.gradus.data.Split;
import org.gradus.formats.Toml;
import org.gradus.formats.TomlValue;
import org.gradus.graph.Layer;
import org.gradus.nn.L1Loss;
import org.gradus.nn.Loss;
import org.gradus.nn.Metric;
import org.gradus.optim.Optimizer;
import org.gradus.train.EarlyStopping;
import org.gradus.train.Recipe;
import org.jspecify.annotations.Nullable;

/// A training in words: tables `[data]`, `[model]`, `[loss]`, `[optimizer]`, `[schedule]` and `[training]` of a TOML file,
/// all of which may be left out. [#experiment] makes the real things of them. `docs/models-in-toml.md` lists the keys.
public final class Configuration {
    private static final String DIGITS = "digits";
    private static final double INK = 16; // the largest value of a pixel of the digits
    private static final int LEAST_SIDE = 4; // of images that the default model can halve twice

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
        return new Configuration("the run's configuration", TomlValue.of(tables).table(), Map.of());
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
        int point = key.indexOf('.');
        String table = key.substring(0, point);
        Map<String, TomlValue> changed = new LinkedHashMap<>(tables);
        TomlValue before = changed.getOrDefault(table, new TomlValue(Map.of(), 0));
        Map<String, TomlValue> entries =
                new LinkedHashMap<>(before.value() instanceof Map<?, ?> ? before.table() : Map.of());
        entries.put(key.substring(point + 1), TomlValue.of(value));
        changed.put(table, new TomlValue(entries, before.line()));
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
                        "There is no model `" + model + "`, and no such file; did you mean `"
                                + Nearest.to(model, Models.names()) + "`? There are "
                                + String.join(", ", Models.names()) + ", or give a TOML file with the table [model].");
            }
            Configuration file = read(Path.of(model));
            Table top = file.top();
            table = top.value("model");
            top.end();
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
        Reading asked = reading(data);
        String path = data.text("path", DIGITS);
        long cut = data.seed("split_seed", 0);
        boolean standardize = data.flag("standardize", true);
        data.end();
        DataFiles files = files(path, known == null ? asked : known.reading(asked));
        Split split = files.split(cut);
        Task task = known != null ? known : Task.fitted(files.form(), split.training(), standardize);
        Recipe recipe = recipe(top, task);
        Table training = top.table("training");
        if (recipe.batch() > split.training().size()) {
            throw new GradusException(
                    "config-value",
                    training.subject("batch") + " takes at most "
                            + split.training().size() + ", the number of training examples, but was given "
                            + recipe.batch() + ".");
        }
        return new Experiment(
                recipe,
                new Split(task.scaled(split.training()), task.scaled(split.validation()), task.scaled(split.test())),
                task,
                training.seed("seed", 0),
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
        return recipe(top, task);
    }

    private static Recipe recipe(Table top, Task task) {
        Table layers = top.table("model");
        Loss loss = Training.loss(top.table("loss"), task);
        Layer model = Models.read(layers, Training.outputs(loss, task), usual(task.form()));
        Table optimizer = top.table("optimizer");
        Table schedule = top.table("schedule");
        Table training = top.table("training");
        int epochs = training.whole("epochs", 20, 1);
        int batch = training.whole("batch", 32, 1);
        training.seed("seed", 0);
        training.whole("threads", 0, 0);
        precise(training);
        int patience = training.whole("patience", 0, 0);
        training.end();
        Optimizer chosen = Training.optimizer(optimizer, schedule, epochs);
        top.end();
        Metric absolute = (output, labels) -> new L1Loss().of(output, labels).times(task.labelSpread());
        Map<String, Metric> metrics =
                task.classes().isEmpty() ? Map.of("mae", absolute) : Map.of("accuracy", accuracy(loss));
        EarlyStopping noBetter = patience == 0 ? null : EarlyStopping.min("val_loss", patience);
        return new Recipe(model, loss, metrics, chosen, batch, epochs, noBetter);
    }

    /// Whether convolutions are computed tap by tap, whatever their size.
    ///
    /// @throws GradusException naming the line that is wrong
    public boolean precise() {
        return precise(top().table("training"));
    }

    private static boolean precise(Table training) {
        return training.flag("precise", false);
    }

    /// The share of examples whose class is the most probable one.
    private static Metric accuracy(Loss loss) {
        return loss instanceof OneAgainstRest all
                ? (output, labels) -> Metric.accuracy(all.probabilities(output), labels)
                : Metric::accuracy;
    }

    private Table top() {
        return new Table(new Table.Source(name, options), "", tables, 1);
    }

    private static Reading reading(Table data) {
        List<String> kinds = List.of("automatic", "classes", "numbers");
        String kind = data.choice("target", "automatic", kinds);
        Reading reading = Reading.DEFAULT
                .withLabel(data.text("label", ""))
                .withTarget(Reading.Target.valueOf(kind.toUpperCase(Locale.ROOT)))
                .withColumns(data.texts("columns"));
        int channels = data.whole("channels", 0, 0);
        int height = data.whole("height", 0, 0);
        int width = data.whole("width", 0, 0);
        return data.making(() -> reading.withChannels(channels).withSize(height, width));
    }

    private static DataFiles files(String path, Reading reading) {
        if (!path.equals(DIGITS) || Files.exists(Path.of(path))) {
            return DataFiles.read(Path.of(path), reading);
        }
        Examples digits = Datasets.digits();
        double[] pixels = digits.features().toDoubles();
        float[] shades = new float[pixels.length];
        for (int i = 0; i < shades.length; i++) {
            shades[i] = (float) (pixels[i] / INK);
        }
        Array images = Array.of(Shape.of(digits.size(), 1, 8, 8), shades);
        return new DataFiles(new Form.Image(1, 8, 8), digits.withFeatures(images), null);
    }

    /// The model where none is named.
    private static String usual(Form form) {
        return form instanceof Form.Image(int channels, int height, int width) && Math.min(height, width) >= LEAST_SIDE
                ? "convnet"
                : "mlp";
    }
}
