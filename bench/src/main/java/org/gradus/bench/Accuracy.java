package org.gradus.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.gradus.base.Type;
import org.gradus.bench.Goal.Figure;
import org.gradus.config.Configuration;
import org.gradus.config.Experiment;
import org.gradus.formats.Json;
import org.gradus.run.Session;
import org.gradus.strategies.Part;
import org.gradus.strategies.Place;
import org.gradus.strategies.Strategy;
import org.gradus.train.Event;
import org.gradus.train.Listener;
import org.gradus.train.Trainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command `./gradus bench --accuracy`: trains networks on real data and compares how good they are with what they must
/// reach.
@Command(
        name = "bench --accuracy",
        customSynopsis = "./gradus bench --accuracy [OPTIONS]",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Trains networks on real data, and compares how good they are on the test part with what they must reach.",
            "",
            "Data sets that are not there are skipped, and said so. Exit codes: 0 all was reached, 1 something was missed."
        })
final class Accuracy implements Callable<Integer> {
    private static final long PAUSE = 5_000_000_000L; // ns between two lines of a part

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "A task, or the beginning of the names of tasks, such as mnist- (default: all).")
    private List<String> only = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder with a folder for each data set (default: ../shared/data beside the project).")
    private @Nullable Path data;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many threads compute (default ${DEFAULT-VALUE}); the figures are the same.")
    private int threads;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to this file.")
    private @Nullable Path json;

    private final PrintStream out;
    private final Path root = Path.of(System.getProperty("gradus.root", "")).toAbsolutePath();

    /// @param out where the table goes; how training goes on is told on the standard error
    Accuracy(PrintStream out) {
        this.out = out;
    }

    /// What became of a goal.
    ///
    /// @param bar what the figure was compared with
    /// @param parameters of the models that answer
    /// @param seconds that all of it took, with what it is compared with
    /// @param processorSeconds that all threads of the process have used meanwhile; NaN where the system does not say
    record Outcome(
            String task,
            double figure,
            double bar,
            long parameters,
            double seconds,
            double processorSeconds,
            boolean passed) {}

    /// What `--json` writes.
    ///
    /// @param skipped the tasks whose data are not there
    record Report(String machine, int threads, List<Outcome> outcomes, List<String> skipped) {}

    @Override
    public Integer call() throws IOException {
        List<Goal> goals = goals();
        Path sets = data != null ? data : root.resolve("../shared/data").normalize();
        String machine = Bench.machine();
        out.println(machine);
        Table table = new Table(List.of("task", "figure", "target", "parameters", "seconds", "CPU s", "result"));
        List<Outcome> outcomes = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        Path folder = Files.createTempDirectory("gradus-accuracy");
        try {
            for (Goal goal : goals) {
                Path source = sets.resolve(goal.data());
                if (!Files.exists(source)) {
                    err(goal.name() + " is skipped: there is no " + source);
                    skipped.add(goal.name());
                    table.add(List.of(goal.name(), "-", "-", "-", "-", "-", "skipped"));
                    continue;
                }
                Outcome outcome = reach(goal, RawTables.withHeader(source, folder));
                table.add(line(goal, outcome));
                outcomes.add(outcome);
            }
        } finally {
            Bench.delete(folder);
        }
        long missed = outcomes.stream().filter(outcome -> !outcome.passed()).count();
        out.printf(
                "%n%s%n%d reached, %d missed, %d skipped%n", table, outcomes.size() - missed, missed, skipped.size());
        if (json != null) {
            Json.write(json, new Report(machine, threads, outcomes, skipped));
        }
        return missed == 0 ? 0 : 1;
    }

    private List<Goal> goals() {
        for (String name : only) {
            if (Goal.ALL.stream().noneMatch(goal -> goal.name().startsWith(name))) {
                throw new CommandLine.ParameterException(
                        new CommandLine(this),
                        "No task's name begins with " + name + "; there are "
                                + Goal.ALL.stream().map(Goal::name).collect(Collectors.joining(", ")) + ".");
            }
        }
        List<String> whole =
                Goal.ALL.stream().map(Goal::name).filter(only::contains).toList();
        return Goal.ALL.stream()
                .filter(goal -> only.isEmpty()
                        || only.stream()
                                .anyMatch(name -> whole.contains(name)
                                        ? goal.name().equals(name)
                                        : goal.name().startsWith(name)))
                .toList();
    }

    /// The recipe of a goal, for data in this place.
    static Configuration recipe(Goal goal, Path source) {
        String file = "accuracy/" + goal.name() + ".toml";
        try (InputStream in = Accuracy.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The benchmark lacks " + file + ".");
            }
            return Configuration.parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .with("data.path", source.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Outcome reach(Goal goal, Path source) {
        err(goal.name());
        long begun = System.nanoTime();
        double processor = processorSeconds();
        Experiment experiment = recipe(goal, source).experiment();
        Strategy strategy = Goal.strategy(experiment);
        Map<String, Map<String, Double>> measured = train(strategy, experiment);
        double figure = figure(goal, measured, experiment);
        double bar = switch (goal.bar()) {
            case Goal.Fixed(double number) -> number;
            case Goal.BestMember() ->
                measured.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("member-"))
                        .mapToDouble(entry -> goal.figure().of(entry.getValue(), experiment))
                        .max()
                        .orElseThrow();
            case Goal.Without(boolean beaten, var without) -> {
                double plain = figure(goal, train(without.apply(strategy), experiment), experiment);
                int size = experiment.split().test().size();
                yield beaten ? plain : plain - 2 * Math.sqrt(plain * (1 - plain) / size);
            }
        };
        boolean passed =
                goal.figure() != Figure.ACCURACY ? figure <= bar : goal.bar().beaten() ? figure > bar : figure >= bar;
        long parameters =
                Goal.models(strategy).stream().mapToLong(Accuracy::parameters).sum();
        return new Outcome(
                goal.name(),
                figure,
                bar,
                parameters,
                (System.nanoTime() - begun) * 1e-9,
                processorSeconds() - processor,
                passed);
    }

    private static double processorSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(used -> used.toMillis() * 1e-3)
                .orElse(Double.NaN);
    }

    private Map<String, Map<String, Double>> train(Strategy strategy, Experiment experiment) {
        Map<String, Map<String, Double>> measured = strategy.train(Place.inMemory()
                        .on(threads)
                        .loading(experiment.loaders())
                        .precise(experiment.precise())
                        .telling(part -> List.of(teller(part.name()))))
                .measured();
        measured.forEach((part, metrics) -> err("  test " + part + ": " + numbers(metrics)));
        return measured;
    }

    /// Of the model that comes of it all, or the mean over the folds.
    private static double figure(Goal goal, Map<String, Map<String, Double>> measured, Experiment experiment) {
        Map<String, Double> mean = measured.get("mean");
        return goal.figure()
                .of(mean != null ? mean : List.copyOf(measured.values()).getLast(), experiment);
    }

    private static long parameters(Part part) {
        Session session = new Session(part.seed(), Type.FLOAT32, 1);
        new Trainer(session, part.recipe()).plan(part.training());
        return session.states().stream()
                .filter(key -> key.role().isTrained())
                .mapToLong(key -> key.type().shape().count())
                .sum();
    }

    /// Tells how a part goes on, but not every short epoch of it.
    private static Listener teller(String part) {
        long[] told = {System.nanoTime()};
        return event -> {
            if (event instanceof Event.EpochDone done && System.nanoTime() - told[0] > PAUSE) {
                told[0] = System.nanoTime();
                err(String.format(
                        Locale.ROOT,
                        "  %s, epoch %d, %.1f s: %s",
                        part,
                        done.epoch(),
                        done.seconds(),
                        numbers(done.metrics())));
            }
        };
    }

    private static String numbers(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %.4f", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static List<String> line(Goal goal, Outcome outcome) {
        boolean share = goal.figure() == Figure.ACCURACY;
        String relation = share ? goal.bar().beaten() ? "> " : "≥ " : "≤ ";
        return List.of(
                outcome.task(),
                number(outcome.figure(), share),
                relation + number(outcome.bar(), share),
                String.format(Locale.ROOT, "%,d", outcome.parameters()),
                String.format(Locale.ROOT, "%.0f", outcome.seconds()),
                String.format(Locale.ROOT, "%.0f", outcome.processorSeconds()),
                outcome.passed() ? "reached" : "MISSED");
    }

    private static String number(double value, boolean share) {
        return share ? String.format(Locale.ROOT, "%.2f %%", 100 * value) : String.format(Locale.ROOT, "%.3f", value);
    }

    private static void err(String line) {
        System.err.println(line);
    }
}
