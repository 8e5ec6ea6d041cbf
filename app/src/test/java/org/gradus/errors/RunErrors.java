package org.gradus.errors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.config.Configuration;
import org.gradus.config.Experiment;
import org.gradus.config.RunFolder;
import org.gradus.config.TrainedModel;
import org.gradus.data.Examples;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.Checkpoints;
import org.gradus.train.EarlyStopping;
import org.gradus.train.MetricsFile;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// The errors of runs that end early, go on, or leave files.
final class RunErrors {
    /// y = 2x.
    private static final Examples LINE = new Examples(
            Array.of(Shape.of(4, 1), -2f, -1f, 1f, 2f), Array.of(Shape.of(4, 1), -4f, -2f, 2f, 4f), List.of());

    private RunErrors() {}

    static Stream<ErrorEntry> all() {
        return Stream.concat(configurations(), runs());
    }

    private static Stream<ErrorEntry> configurations() {
        return Stream.of(
                entry(
                        "toml",
                        "A configuration is no TOML.",
                        "Look at the line: texts stand in quotes, and each key stands once in its table.",
                        () -> Configuration.parse("train.toml", "[training]\nepochs = ten")),
                entry(
                        "config-key",
                        "A configuration has a key that nobody knows.",
                        "The message offers the nearest one that is known.",
                        () -> Configuration.parse("train.toml", "[optimizer]\nlrr = 0.1")
                                .experiment()),
                entry(
                        "config-value",
                        "A key of a configuration, or an option of a command, has a value that it cannot have.",
                        "The message says what it takes.",
                        () -> Configuration.parse("train.toml", "[training]\nepochs = 0")
                                .experiment()),
                entry(
                        "model-outputs",
                        "A model of a configuration gives another number of outputs than there are classes.",
                        "Say `out = \"classes\"` in its last linear layer.",
                        () -> {
                            Experiment experiment = Configuration.parse(
                                            "train.toml", "model.layer = ['flatten', { type = 'linear', out = 3 }]")
                                    .experiment();
                            experiment.demandFits(experiment.session());
                        }),
                entry(
                        "run-missing",
                        "A folder is none of a run.",
                        "Give the folder that training named, such as `runs/digits`.",
                        () -> RunFolder.open(Path.of("runs/none"))),
                entry(
                        "run-notes",
                        "A checkpoint does not say how its model was made.",
                        "Restore it into a model that was made in Java: `Trainer.restore`.",
                        () -> TrainedModel.of(trained().checkpoint())));
    }

    private static Stream<ErrorEntry> runs() {
        return Stream.of(
                entry(
                        "early-stopping",
                        "Early stopping has no patience, or asks for a change below 0.",
                        "Usual is a patience of 3 to 10 epochs.",
                        () -> EarlyStopping.min("val_loss", 0)),
                entry(
                        "early-stopping-metric",
                        "Early stopping watches a number that the run does not measure.",
                        "Give `fit` validation data for one that begins with `val_`, or watch another one.",
                        () -> new Trainer(session(1), recipe(1).until(EarlyStopping.min("val_loss", 3))).fit(LINE)),
                entry(
                        "checkpoint-none",
                        "There is no checkpoint to go on from.",
                        "Look at the folder: it is the one whose folders are called like `epoch-12-step-816`.",
                        () -> FileErrors.inFolder(folder ->
                                Checkpoints.in(folder.resolve("checkpoints")).last())),
                entry(
                        "checkpoint-format",
                        "A checkpoint was written by another version of Gradus.",
                        "Read it with that version.",
                        () -> FileErrors.inFolder(RunErrors::readTheFuture)),
                entry(
                        "checkpoint-model",
                        "A checkpoint has other states than the model and the optimizer that should go on.",
                        "Make both the same as in the run that wrote it.",
                        () -> new Trainer(session(1), recipe(3))
                                .resume(trained().checkpoint(), LINE, null)),
                entry(
                        "checkpoint-run",
                        "A run should go on under other conditions than it began with.",
                        "Give the session the same seed and type, and the same number of examples.",
                        () -> new Trainer(session(7), recipe(1))
                                .resume(trained().checkpoint(), LINE, null)),
                entry(
                        "checkpoint-later",
                        "A new run would write its checkpoints beside those of another one that has come further.",
                        "Resume that run, or give each run a folder of its own.",
                        () -> FileErrors.inFolder(folder -> {
                            Checkpoints.in(folder).write(trained().checkpoint());
                            Trainer fresh = new Trainer(session(1), recipe(1));
                            fresh.keep(Checkpoints.in(folder));
                            fresh.fit(LINE);
                        })),
                entry(
                        "metrics-columns",
                        "A run that goes on measures other numbers than its metrics file has columns.",
                        "Measure the same, with validation data if the run before had some.",
                        () -> FileErrors.inFolder(RunErrors::measureMore)));
    }

    private static void readTheFuture(Path folder) throws IOException {
        Path last = Files.createDirectory(folder.resolve("epoch-1-step-1"));
        Files.writeString(last.resolve("checkpoint.json"), "{\"format\": 2}");
        Checkpoints.in(folder).last();
    }

    private static void measureMore(Path folder) {
        MetricsFile metrics = new MetricsFile(folder.resolve("metrics.csv"));
        Trainer trainer = new Trainer(session(1), recipe(1), metrics);
        trainer.fit(LINE);
        trainer.resume(trainer.checkpoint(), LINE, LINE);
    }

    private static Trainer trained() {
        Trainer trainer = new Trainer(session(1), recipe(1));
        trainer.fit(LINE);
        return trainer;
    }

    private static Session session(long seed) {
        return new Session(seed, Type.FLOAT32);
    }

    private static Recipe recipe(int width) {
        return new Recipe(Linear.of(width), Losses::meanSquaredError, Map.of(), Optimizer.of(0.1, Sgd.of()), 4, 1);
    }

    private static ErrorEntry entry(String kind, String when, String remedy, ThrowingCallable cause) {
        return new ErrorEntry(kind, when, remedy, cause);
    }
}
