package org.gradus.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.nn.Activation;
import org.gradus.nn.Mlp;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.Checkpoint;
import org.gradus.train.Checkpoints;
import org.gradus.train.Event.Ending;
import org.gradus.train.Listener;
import org.gradus.train.MetricsFile;
import org.gradus.train.ProgressPrinter;
import org.gradus.train.ProgressPrinter.Style;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gradus train`: trains a multi-layer perceptron on the bundled digits.
@Command(
        name = "train",
        customSynopsis = "gradus train [OPTIONS]",
        description = {
            "Trains a multi-layer perceptron on the bundled handwritten digits.",
            "",
            "Of the 1,797 images 60 %% are for training, 20 %% to watch progress by, 20 %% to test at the"
                    + " end; the split is the same for every seed. Prints a line for each epoch and at last the"
                    + " test accuracy. Writes metrics.csv and checkpoints into DIR/NAME, or DIR/NAME-2 and so on"
                    + " after earlier runs."
        },
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "For example:",
            "  gradus train --hidden 128,64 --lr 0.05 --epochs 50",
            "  gradus train --seed 7 --name seven --quiet",
            "  gradus train --resume runs/seven --epochs 40",
            "",
            "Exit codes: 0 done, 1 an option or a file is wrong, 2 the loss diverged, 130 interrupted."
        })
final class TrainCommand implements Callable<Integer> {
    private static final double INK = 16; // the largest pixel value
    private static final int MOST_UNITS = 1 << 16;
    private static final long SPLIT_SEED = 0;

    private final Terminal terminal;
    private final Interruption interruption;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "What every random number derives from; same seed, same run (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "20",
            description = "Passes over the training images (default ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Images in each step (default ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--lr",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "The learning rate (default ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(
            names = "--momentum",
            paramLabel = "X",
            defaultValue = "0.9",
            description = "The part of the speed that is kept in each step, below 1 (default ${DEFAULT-VALUE}).")
    private double momentum;

    @Option(
            names = "--hidden",
            paramLabel = "N[,N...]",
            split = ",",
            hideParamSyntax = true,
            defaultValue = "64",
            description = "The units of each hidden layer (default ${DEFAULT-VALUE}).")
    private List<Integer> hidden = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "digits",
            description = "What the run is called (default ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--runs-dir",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where runs are kept (default ${DEFAULT-VALUE}).")
    private Path runs = Path.of("");

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Go on with the run in this folder, from its last checkpoint and with its options; --epochs"
                    + " may be another number.")
    private @Nullable Path resume;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print the test accuracy alone.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    TrainCommand(Terminal terminal, Interruption interruption) {
        this.terminal = terminal;
        this.interruption = interruption;
    }

    @Override
    public Integer call() {
        Examples digits = Datasets.digits();
        Split split = Split.stratified(digits, SPLIT_SEED).with(Scaling.by(Shape.of(64), INK));
        Checkpoint before =
                resume == null ? null : takenOver(checkpoints(resume).last());
        check(split.training().size());

        Path folder = resume == null ? RunFolder.create(runs, name) : resume;
        Path metrics = folder.resolve("metrics.csv");
        Trainer trainer = trainer(metrics);
        Checkpoints checkpoints = checkpoints(folder).with(options());
        trainer.keep(checkpoints);
        if (!quiet) {
            introduce(split, metrics);
        }
        interruption.react(trainer::stop);
        Ending ending = before == null
                ? trainer.fit(split.training(), split.validation())
                : trainer.resume(before, split.training(), split.validation());
        if (ending == Ending.STOPPED) {
            Complaints.print(
                    terminal.err(),
                    "Interrupted; the epochs that were finished are in " + metrics + "."
                            + (checkpoints.lastFolder().isPresent()
                                    ? " `gradus train --resume " + folder + "` goes on."
                                    : ""));
            return ExitCode.INTERRUPTED.code();
        }
        Map<String, Double> test = trainer.evaluate(split.test());
        terminal.out().printf(Locale.ROOT, "test accuracy %.4f%n", test.getOrDefault("accuracy", Double.NaN));
        terminal.out().flush();
        return ExitCode.DONE.code();
    }

    private static Checkpoints checkpoints(Path folder) {
        return Checkpoints.in(folder.resolve("checkpoints"));
    }

    /// What a checkpoint does not know, for [#takenOver].
    private Map<String, Object> options() {
        return Map.of("hidden", hidden, "lr", learningRate, "momentum", momentum, "epochs", epochs);
    }

    /// Takes the options over from the run that goes on.
    private Checkpoint takenOver(Checkpoint checkpoint) {
        List<String> given = spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .toList();
        for (String option : given) {
            if (!List.of("--resume", "--epochs", "--quiet").contains(option)) {
                throw new UserError("The option " + option + " cannot be given with --resume: the run goes on with its"
                        + " own options. Only --epochs may be another number.");
            }
        }
        Map<String, Object> notes = checkpoint.facts().notes();
        if (!(notes.get("hidden") instanceof List<?> widths
                && notes.get("lr") instanceof Double rate
                && notes.get("momentum") instanceof Double kept
                && notes.get("epochs") instanceof Integer passes)) {
            throw new UserError("The run in " + resume + " was not made by `gradus train`, so it cannot go on here.");
        }
        hidden = widths.stream().map(width -> ((Number) width).intValue()).toList();
        learningRate = rate;
        momentum = kept;
        epochs = given.contains("--epochs") ? epochs : passes;
        seed = checkpoint.facts().conditions().seed();
        batch = checkpoint.facts().conditions().batch();
        return checkpoint;
    }

    private void check(int examples) {
        demand(epochs >= 1, "--epochs", "1 or more", epochs);
        demand(batch >= 1, "--batch", "1 or more", batch);
        demand(batch <= examples, "--batch", "at most " + examples + ", the number of training images", batch);
        demand(
                (float) learningRate > 0 && learningRate <= Float.MAX_VALUE,
                "--lr",
                "a number greater than 0",
                learningRate);
        demand(momentum >= 0 && momentum < 1, "--momentum", "a number from 0 to below 1", momentum);
        for (int units : hidden) {
            demand(units >= 1 && units <= MOST_UNITS, "--hidden", "1 to " + MOST_UNITS + " units a layer", units);
        }
        demand(RunFolder.isName(name), "--name", "letters (a to z), digits, and . _ - after the first", name);
    }

    private static void demand(boolean fine, String option, String wanted, Object given) {
        if (!fine) {
            throw new UserError("The option " + option + " takes " + wanted + ", but was given " + given + ".");
        }
    }

    private Trainer trainer(Path metrics) {
        List<Integer> widths = new ArrayList<>(hidden);
        widths.add(10);
        Recipe recipe = Recipe.classifier(
                new Mlp(widths, Activation.RELU), Optimizer.of(learningRate, Sgd.of(momentum)), batch, epochs);
        List<Listener> listeners = new ArrayList<>(List.of(new MetricsFile(metrics)));
        if (!quiet) {
            Style style = !terminal.interactive() ? Style.LINES : terminal.colour() ? Style.COLOUR : Style.IN_PLACE;
            listeners.add(new ProgressPrinter(terminal.out(), style));
        }
        return new Trainer(new Session(seed, Type.FLOAT32), recipe, listeners.toArray(Listener[]::new));
    }

    private void introduce(Split split, Path metrics) {
        String widths = hidden.stream().map(String::valueOf).collect(Collectors.joining("-"));
        terminal.out()
                .println("Digits: " + split.training().size() + " images to train on, "
                        + split.validation().size() + " for validation, "
                        + split.test().size() + " to test");
        terminal.out()
                .println("Model: 64-" + widths + "-10 with ReLU; SGD, learning rate " + learningRate + ", momentum "
                        + momentum + "; batches of " + batch + ", seed " + seed);
        terminal.out().println("Metrics: " + metrics);
        terminal.out().println();
    }
}
