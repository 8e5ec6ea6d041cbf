package org.gradus.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Type;
import org.gradus.formats.Json;
import org.gradus.formats.Safetensors;
import org.gradus.formats.WholeFolder;
import org.gradus.graph.StateKey;
import org.gradus.optim.AverageWeights;
import org.gradus.run.Session;
import org.jspecify.annotations.Nullable;

/// Everything that it takes to go on with a run in another process, bit for bit as if it had not been interrupted.
///
/// On the disk it is a folder:
///
/// | file                    | holds |
/// |-------------------------|-------|
/// | `model.safetensors`     | the model's parameters and buffers, by path (PyTorch's names) |
/// | `best.safetensors`      | the same as the model is used, where that is not how it stands: after the best epoch if [EarlyStopping] asks for it, with averages, calibrated |
/// | `optimizer.safetensors` | what the update rules remember, by path |
/// | `checkpoint.json`       | [Facts] |
///
/// @param model the model's states
/// @param best the same as the model is used, empty where that is `model`
/// @param optimizer the states of the update rules
/// @param facts the rest
public record Checkpoint(Map<String, Array> model, Map<String, Array> best, Map<String, Array> optimizer, Facts facts) {
    /// The first part of the path of every state of an update rule.
    static final String OPTIMIZER = "optimizer.";

    private static final int FORMAT = 1;
    private static final String MODEL_FILE = "model.safetensors";
    private static final String BEST_FILE = "best.safetensors";
    private static final String OPTIMIZER_FILE = "optimizer.safetensors";
    private static final String FACTS_FILE = "checkpoint.json";

    /// What a checkpoint says in JSON.
    ///
    /// @param format the version of this format
    /// @param model the model's description, for people
    /// @param states what each state is declared as, such as `float32[10, 64] weight`
    /// @param conditions what a run that goes on must have in common with the one before
    /// @param position where training stood
    /// @param best the best epoch so far, if one is watched for
    /// @param notes what the program that trains wants to find again, such as class names: anything that JSON can say
    public record Facts(
            int format,
            String model,
            Map<String, String> states,
            Conditions conditions,
            Position position,
            @Nullable Best best,
            Map<String, Object> notes) {
        /// Copies the maps; none of the parts but the best epoch may be absent.
        public Facts {
            Objects.requireNonNull(model);
            Objects.requireNonNull(conditions);
            Objects.requireNonNull(position);
            states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
            notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
        }
    }

    /// What decides, besides recipe and data, which numbers come out of training.
    ///
    /// @param seed of the session
    /// @param type of the parameters
    /// @param examples the size of the training data
    /// @param batch the examples in each step
    /// @param metrics the numbers that each step gives, `loss` first
    public record Conditions(long seed, Type type, int examples, int batch, List<String> metrics) {
        /// Copies the list.
        public Conditions {
            Objects.requireNonNull(type);
            metrics = List.copyOf(metrics);
        }

        @Override
        public String toString() {
            return "seed " + seed + ", " + type + ", " + examples + " examples in batches of " + batch + ", " + metrics;
        }
    }

    /// Where training stands between two steps.
    ///
    /// @param step the steps that the session has taken
    /// @param updates the steps that its optimizer has made, which is fewer where another one trained before
    /// @param epochs the passes over the data that are finished
    /// @param batches of the current pass that are done
    /// @param epochStep the session's steps when the current pass began; the order of the pass derives from it
    /// @param sums of each metric over the examples of the current pass
    /// @param counted these examples
    /// @param learningRate of the last step
    /// @param history the metrics of each finished pass, by name
    public record Position(
            long step,
            long updates,
            int epochs,
            int batches,
            long epochStep,
            List<Double> sums,
            long counted,
            double learningRate,
            List<Map<String, Double>> history) {
        /// Copies the lists.
        public Position {
            sums = List.copyOf(sums);
            history = List.copyOf(history);
        }
    }

    /// The best epoch of a run so far.
    ///
    /// @param metric what was watched
    /// @param goal which value of it is better
    /// @param value after that epoch
    /// @param epoch counted from 1
    public record Best(String metric, EarlyStopping.Goal goal, double value, int epoch) {}

    /// The numbers that a session has now.
    static Checkpoint of(
            Session session,
            String model,
            Conditions conditions,
            Position position,
            @Nullable Best best,
            Map<String, Array> bestModel) {
        Map<String, String> states = new LinkedHashMap<>();
        Map<String, Array> optimizer = new LinkedHashMap<>();
        for (StateKey key : session.states()) {
            states.put(key.path(), key.described());
            if (key.path().startsWith(OPTIMIZER)) {
                optimizer.put(key.path(), session.state(key.path()));
            }
        }
        Facts facts = new Facts(FORMAT, model, states, conditions, position, best, Map.of());
        return new Checkpoint(model(session), bestModel, optimizer, facts);
    }

    /// A copy of the states of a session's model.
    static Map<String, Array> model(Session session) {
        Map<String, Array> model = new LinkedHashMap<>();
        for (StateKey key : session.states()) {
            if (!key.path().startsWith(OPTIMIZER)) {
                model.put(key.path(), session.state(key.path()));
            }
        }
        return model;
    }

    /// Checks that these numbers are those of the declared states: no more, no fewer, and of their types.
    static void demandFits(List<StateKey> declared, Map<String, Array> given) {
        for (StateKey key : declared) {
            Array value = given.get(key.path());
            if (value == null || !value.type().equals(key.type())) {
                throw new GradusException(
                        "checkpoint-model",
                        "The state `" + key.path() + "` is " + key.type() + " in this model, but "
                                + (value == null ? "not in the checkpoint" : value.type() + " in the checkpoint")
                                + ". The checkpoint is of another model or optimizer; nothing was changed.");
            }
        }
        Set<String> paths = declared.stream().map(StateKey::path).collect(Collectors.toSet());
        given.forEach((path, value) -> {
            if (!paths.contains(path)) {
                throw new GradusException(
                        "checkpoint-model",
                        "The state `" + path + "` is " + value.type() + " in the checkpoint, but not in this model. The"
                                + " checkpoint is of another model or optimizer; nothing was changed.");
            }
        });
    }

    /// The checkpoint in a folder.
    ///
    /// @throws GradusException when there is none, or what is wrong with it
    public static Checkpoint read(Path folder) {
        Path file = folder.resolve(FACTS_FILE);
        Object format = Json.read(file, Map.class).get("format");
        if (!Objects.equals(format, FORMAT)) {
            throw new GradusException(
                    "checkpoint-format",
                    "`" + file + "` is of format " + format + ", but this version of Gradus reads format " + FORMAT
                            + ". Read it with the version that wrote it.");
        }
        Facts facts = Json.read(file, Facts.class);
        Map<String, Array> best = Files.exists(folder.resolve(BEST_FILE)) ? arrays(folder, BEST_FILE) : Map.of();
        return new Checkpoint(arrays(folder, MODEL_FILE), best, arrays(folder, OPTIMIZER_FILE), facts);
    }

    /// Writes it into a folder that does not exist yet. The folder is written whole or not at all.
    ///
    /// @throws GradusException when it cannot be written
    public void write(Path folder) {
        WholeFolder.write(folder, inside -> {
            Map<String, String> framework = Map.of("format", "pt"); // what PyTorch's readers look for
            new Safetensors(model, framework).write(inside.resolve(MODEL_FILE));
            if (!best.isEmpty()) {
                new Safetensors(best, framework).write(inside.resolve(BEST_FILE));
            }
            new Safetensors(optimizer, framework).write(inside.resolve(OPTIMIZER_FILE));
            Json.write(inside.resolve(FACTS_FILE), facts);
        });
    }

    /// The same with these notes.
    public Checkpoint with(Map<String, Object> notes) {
        return new Checkpoint(
                model,
                best,
                optimizer,
                new Facts(
                        facts.format(),
                        facts.model(),
                        facts.states(),
                        facts.conditions(),
                        facts.position(),
                        facts.best(),
                        notes));
    }

    /// The model as it is used: after the best epoch if one was watched for, with averages of its parameters if there are
    /// any, else as it stands.
    public Map<String, Array> bestModel() {
        if (!best.isEmpty()) {
            return best;
        }
        Map<String, Array> used = new LinkedHashMap<>(model);
        used.replaceAll((path, value) -> optimizer.getOrDefault(AverageWeights.STATE + path, value));
        return used;
    }

    private static Map<String, Array> arrays(Path folder, String file) {
        return Safetensors.read(folder.resolve(file)).arrays();
    }
}
