package org.gradus.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.gradus.config.Configuration;
import org.gradus.config.Experiment;
import org.gradus.config.RunFolder;
import org.gradus.data.DataFiles;
import org.gradus.data.Split;
import org.gradus.metrics.Numbers;
import org.gradus.run.Session;
import org.gradus.strategies.RateFinder;
import org.gradus.train.Checkpoint;
import org.gradus.train.Checkpoints;
import org.gradus.train.Event.Ending;
import org.gradus.train.LayersFile;
import org.gradus.train.Listener;
import org.gradus.train.MetricsFile;
import org.gradus.train.ProgressPrinter;
import org.gradus.train.ProgressPrinter.Style;
import org.gradus.train.Trainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gradus train`: trains a model on the bundled digits or on one's own data.
@Command(
        name = "train",
        customSynopsis = "gradus train [OPTIONS]",
        description = {
            "Trains a model, on the bundled handwritten digits or on your own data.",
            "",
            "Of the examples 60 %% are for training, 20 %% to watch progress by, 20 %% to test at the end; where the"
                    + " data have a test part of their own, that is it. The split is the same for every seed. Inputs"
                    + " are standardised. Prints a line for each epoch, and at last how good the model is on the"
                    + " test part. Writes config.toml, metrics.csv and checkpoints into DIR/NAME, or DIR/NAME-2 and"
                    + " so on after earlier runs."
        },
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "For example:",
            "  gradus train --data flowers/ --epochs 30 --patience 5",
            "  gradus train --data houses.csv --label price --name houses",
            "  gradus train --model lenet --data mnist/ --print-config > lenet.toml",
            "  gradus train --config lenet.toml --lr 0.002",
            "  gradus train --resume runs/houses --epochs 40",
            "",
            "Exit codes: 0 done, 1 an option or a file is wrong, 2 the loss diverged, 130 interrupted."
        })
final class TrainCommand implements Callable<Integer> {
    private static final List<String> WITH_RESUME = List.of("--resume", "--data", "--epochs", "--threads", "--quiet");
    private static final int RATES = 100; // that --find-lr tries

    private final Terminal terminal;
    private final Interruption interruption;

    @Mixin
    private TrainingOptions options = new TrainingOptions();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the run is called (default: the name of the data).")
    private @Nullable String name;

    @Option(
            names = "--runs-dir",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where runs are kept (default ${DEFAULT-VALUE}).")
    private Path runs = Path.of("");

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Go on with the run in this folder, from its last checkpoint and with its configuration;"
                    + " --epochs may be another number, and --data says where the same data have moved to.")
    private @Nullable Path resume;

    @Option(names = "--print-config", description = "Print the complete configuration as TOML, and do nothing else.")
    private boolean printing;

    @Option(
            names = "--dry-run",
            description = "Read everything and try the model's shapes, then say what would be done.")
    private boolean dry;

    @Option(
            names = "--find-lr",
            description = "Try learning rates from small to large, print the losses and suggest one; train nothing.")
    private boolean finding;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print the result on the test part alone.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    TrainCommand(Terminal terminal, Interruption interruption) {
        this.terminal = terminal;
        this.interruption = interruption;
    }

    @Override
    public Integer call() {
        if (name != null && !RunFolder.isName(name)) {
            throw new UserError(
                    "The option --name takes letters (A to Z, a to z), digits, and . _ - after the first, but was"
                            + " given " + name + ".");
        }
        Checkpoint before = null;
        Experiment experiment;
        if (resume == null) {
            experiment = options.configuration().experiment();
        } else {
            demandOnly(WITH_RESUME);
            Experiment parts = inParts(resume);
            if (parts != null) {
                return inParts(parts, new RunFolder(resume));
            }
            before = RunFolder.open(resume).checkpoints().last();
            experiment = Experiment.again(options.over(Experiment.configuration(before)), before);
        }
        if (printing) {
            terminal.out().print(experiment.toml());
            return ExitCode.DONE.code();
        }
        Session session = experiment.session();
        // What cannot be computed is found out before anything is written.
        experiment.demandFits(session);
        if (finding) {
            terminal.out()
                    .print(RateFinder.search(
                            experiment.session(), experiment.recipe(), experiment.training(), 1e-6, 10, RATES));
            return ExitCode.DONE.code();
        }
        Trainer first = experiment.trainer(session);
        first.plan(experiment.training());
        if (before == null && experiment.strategy() == null) {
            experiment.begin(first);
        }
        if (dry) {
            introduce(experiment, session, "none: this is a dry run");
            return ExitCode.DONE.code();
        }
        RunFolder folder = resume == null ? RunFolder.create(runs, runName(experiment)) : new RunFolder(resume);
        if (experiment.strategy() != null) {
            introduceUnlessQuiet(experiment, session, folder, "");
            return inParts(experiment, folder);
        }
        return train(experiment, session, folder, before);
    }

    /// What goes on in the folder of a run, if that is a training in several parts: it has its configuration, and
    /// checkpoints in the folders of its parts.
    private @Nullable Experiment inParts(Path run) {
        Path file = new RunFolder(run).configuration();
        if (!Files.exists(file)) {
            return null;
        }
        Experiment experiment = options.over(Configuration.read(file)).experiment();
        return experiment.strategy() == null ? null : experiment;
    }

    private int inParts(Experiment experiment, RunFolder folder) {
        return new PartsTraining(terminal, interruption, quiet)
                .train(experiment, Objects.requireNonNull(experiment.strategy()), folder);
    }

    private void introduceUnlessQuiet(Experiment experiment, Session session, RunFolder folder, String lastLine) {
        if (!quiet) {
            introduce(experiment, session, folder.toString());
            terminal.out().println(lastLine);
        }
    }

    private int train(Experiment experiment, Session session, RunFolder folder, @Nullable Checkpoint before) {
        Split split = experiment.split();
        List<Listener> listeners =
                new ArrayList<>(List.of(new MetricsFile(folder.metrics()), new LayersFile(folder.layers())));
        boolean finished = before != null
                && before.facts().position().epochs() >= experiment.recipe().epochs();
        introduceUnlessQuiet(
                experiment,
                session,
                folder,
                !finished
                        ? ""
                        : "The run has its " + experiment.recipe().epochs() + " epochs; `gradus train --resume "
                                + folder + " --epochs N` goes on to N of them.");
        if (!quiet) {
            Style style = !terminal.interactive() ? Style.LINES : terminal.colour() ? Style.COLOUR : Style.IN_PLACE;
            listeners.add(new ProgressPrinter(terminal.out(), style, terminal.columns()));
        }
        experiment.write(folder.configuration());
        Trainer trainer = experiment.trainer(session, listeners.toArray(Listener[]::new));
        Checkpoints checkpoints = folder.checkpoints().with(experiment.notes());
        trainer.keep(checkpoints);
        interruption.react(trainer::stop);
        Ending ending = before == null
                ? trainer.fit(experiment.training(), experiment.validation())
                : trainer.resume(before, experiment.training(), experiment.validation());
        if (ending == Ending.STOPPED) {
            Complaints.print(
                    terminal.err(),
                    "Interrupted; the epochs that were finished are in " + folder.metrics() + "."
                            + (checkpoints.lastFolder().isPresent()
                                    ? " `gradus train --resume " + folder + "` goes on."
                                    : ""));
            return ExitCode.INTERRUPTED.code();
        }
        Map<String, Double> test = trainer.evaluate(split.test());
        test.forEach((name, value) -> {
            if (!name.equals("loss")) {
                terminal.out().printf(Locale.ROOT, "test %s %s%n", name, Numbers.text(value));
            }
        });
        terminal.out().flush();
        return ExitCode.DONE.code();
    }

    /// Refuses options that cannot be given with --resume.
    private void demandOnly(List<String> allowed) {
        spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(option -> !allowed.contains(option))
                .findFirst()
                .ifPresent(option -> {
                    throw new UserError("The option " + option + " cannot be given with --resume: the run goes on with"
                            + " its own configuration. Only --epochs and --threads may be other numbers, and --data"
                            + " says where the same data have moved to.");
                });
    }

    /// The name of the data, where none is given.
    private String runName(Experiment experiment) {
        Path file = Path.of(experiment.dataPath()).toAbsolutePath().normalize().getFileName();
        String usual = file == null ? "" : file.toString().replaceAll("\\.(csv|tsv|txt)(\\.gz)?$", "");
        String clean = usual.replaceAll("[^A-Za-z0-9_.-]", "_").replaceAll("^[.-]+", "");
        return name != null ? name : clean.isEmpty() ? "run" : clean;
    }

    private void introduce(Experiment experiment, Session session, String folder) {
        Split split = experiment.split();
        long parameters = session.states().stream()
                .filter(key -> key.role().isTrained())
                .mapToLong(key -> key.type().shape().count())
                .sum();
        int classes = experiment.task().classes().size();
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "Data: %s; %d examples to train on, %d for validation, %d to test; inputs %s, %s%n",
                        experiment.dataPath(),
                        split.training().size(),
                        split.validation().size(),
                        split.test().size(),
                        experiment.task().form().shape(),
                        classes > 0
                                ? classes + " classes"
                                : experiment.task().outputs() == 1
                                        ? "a number to predict"
                                        : experiment.task().outputs() + " numbers to predict");
        int skipped = DataFiles.skipped(Path.of(experiment.dataPath()));
        if (skipped > 0) {
            terminal.out().println("Skipped: " + skipped + " files in these folders that are no PNG or JPEG pictures");
        }
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "Model: %s, %,d parameters%nTraining: %s%nRun: %s%n",
                        experiment.modelName(),
                        parameters,
                        experiment.trainingDescription(),
                        folder);
    }
}
