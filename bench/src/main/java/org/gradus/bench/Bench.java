package org.gradus.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.gradus.base.GradusException;
import org.gradus.bench.side.Row;
import org.gradus.formats.Json;
import org.gradus.run.Machine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command: for each number of threads and each row it starts the sides, warms them up one after the other, and lets
/// them measure in turn, round after round.
@Command(
        name = "bench",
        customSynopsis = "./gradus bench [OPTIONS]",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Times training steps and kernels, and compares them with other libraries.",
            "",
            "Each side of a row runs in a process of its own, is warmed up, and measures in turn with the others. A time is"
                    + " the median of the rounds' medians, the spread half the distance between the extreme rounds,"
                    + " the interval of a ratio that of its median, with 95 %% confidence.",
            "",
            "`./gradus bench --jmh [OPTIONS OF JMH]` runs the benchmarks of single kernels instead,"
                    + " `./gradus bench --scaling [OPTIONS]` times networks that grow in batch, depth or width,"
                    + " `./gradus bench --accuracy [OPTIONS]` trains networks on real data and tells how good they are."
        })
final class Bench implements Callable<Integer> {
    private static final List<String> LANES_MATTER =
            List.of("gemm-512", "mlp", "lenet", "bnconv", "batchnorm", "elementwise");
    private static final int MOST_SECONDS = 600;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "A row, or the beginning of the names of rows, such as gemm-; or cold (default: all).")
    private List<String> only = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N[,N...]",
            split = ",",
            defaultValue = "1",
            description = "How many threads each side may use (default ${DEFAULT-VALUE}).")
    private List<Integer> threads = List.of();

    @Option(
            names = "--warm",
            paramLabel = "S",
            defaultValue = "5",
            description = "How many seconds each side warms up for a row (default ${DEFAULT-VALUE}).")
    private double warm;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "How many seconds each side measures for a row (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "10",
            description = "In how many turns a side measures (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--precise", description = "Gradus computes convolutions tap by tap, never by Winograd's method.")
    private boolean precise;

    @Option(names = "--peers", description = "Compare with PyTorch (DJL) and TensorFlow for Java.")
    private boolean peers;

    @Option(
            names = "--lanes",
            description =
                    "Compare with Gradus on vectors of fewer lanes and on none, by a few rows unless --only says which.")
    private boolean lanes;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write all numbers to this file.")
    private @Nullable Path json;

    private final PrintStream out = System.out;
    private final Path root = Path.of(System.getProperty("gradus.root", "")).toAbsolutePath();
    private final List<Timing> timings = new ArrayList<>();
    private final List<Machine> machines = new ArrayList<>();
    private boolean agreed = true;

    private Bench() {}

    /// What `--json` writes.
    ///
    /// @param colds by side: ms to the end of the first and the 100th step, most memory in MiB, MB on disk
    record Report(String machine, List<Machine> machines, List<Timing> timings, Map<String, List<Double>> colds) {}

    /// Runs the command and ends the process.
    public static void main(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        Object command = words.remove("--accuracy")
                ? new Accuracy(System.out)
                : words.remove("--scaling") ? new Scaling(System.out) : new Bench();
        System.exit(new CommandLine(command)
                .setExecutionExceptionHandler(Bench::complain)
                .execute(words.toArray(String[]::new)));
    }

    /// Bad data are a message; all else is a fault of ours.
    private static int complain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (!(failure instanceof GradusException)) {
            throw failure;
        }
        err(String.valueOf(failure.getMessage()));
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    /// Refuses times, turns and threads of which there would be none.
    static void demandSome(CommandLine command, double seconds, int rounds, List<Integer> threads) {
        if (!(seconds > 0 && seconds <= MOST_SECONDS)
                || rounds < 1
                || threads.stream().anyMatch(count -> count < 1)) {
            throw new CommandLine.ParameterException(
                    command,
                    "--seconds takes more than 0 and at most " + MOST_SECONDS
                            + ", --rounds and --threads 1 or more, but were given " + seconds + ", " + rounds
                            + " and " + threads + ".");
        }
    }

    @Override
    public Integer call() throws IOException {
        demandSome(spec.commandLine(), seconds, rounds, threads);
        if (!(warm >= 0 && warm <= MOST_SECONDS)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--warm takes 0 to " + MOST_SECONDS + ", but was given " + warm + ".");
        }
        if (peers && lanes) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "--peers and --lanes are two comparisons; give one of them.");
        }
        if (lanes && only.isEmpty()) {
            only = LANES_MATTER;
        }
        List<Row> rows = rows();
        String machine = machine();
        out.println(machine);
        List<Contender> sides = new ArrayList<>(List.of(Contender.gradus(precise)));
        if (peers) {
            sides.addAll(Contender.peers(root, preload()));
        }
        if (lanes) {
            addFewerLanes(sides);
        }
        Map<String, List<Double>> colds = new LinkedHashMap<>();
        Path folder = Files.createTempDirectory("gradus-bench");
        try {
            for (int count : threads) {
                compare(rows, sides, count, folder);
                if (only.isEmpty() || only.contains(Row.COLD.name())) {
                    colds.putAll(cold(sides, count, folder));
                }
            }
        } finally {
            delete(folder);
        }
        if (json != null) {
            Json.write(json, new Report(machine, machines, timings, colds));
        }
        return agreed ? 0 : 1;
    }

    /// Adds those that compute in another way than the one before.
    private void addFewerLanes(List<Contender> sides) {
        String before = sides.getFirst().arithmetic();
        out.printf("%nGradus: %s%n", before);
        for (Contender side : Contender.fewerLanes(precise)) {
            String now = side.arithmetic();
            out.printf("%s: %s%s%n", side.name(), now, now.equals(before) ? " too, so it is left out" : "");
            if (!now.equals(before)) {
                sides.add(side);
            }
            before = now;
        }
    }

    private List<Row> rows() {
        for (String name : only) {
            if (!Row.COLD.name().equals(name) && Row.ALL.stream().noneMatch(row -> matches(row, name))) {
                throw new CommandLine.ParameterException(
                        new CommandLine(this),
                        "No row's name begins with " + name + "; there are cold and "
                                + String.join(
                                        ", ", Row.ALL.stream().map(Row::name).toList()) + ".");
            }
        }
        return Row.ALL.stream()
                .filter(row -> only.isEmpty() || only.stream().anyMatch(name -> matches(row, name)))
                .toList();
    }

    /// A row's whole name stands for that row alone, the beginning of names for all of these.
    private static boolean matches(Row row, String name) {
        return Row.ALL.stream().anyMatch(each -> each.name().equals(name))
                ? row.name().equals(name)
                : row.name().startsWith(name);
    }

    /// The processor, the JDK and how busy the machine is before it begins.
    static String machine() throws IOException {
        Path processors = Path.of("/proc/cpuinfo");
        String processor = Files.exists(processors)
                ? Files.readAllLines(processors).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 2))
                        .findFirst()
                        .orElse("processor")
                : System.getProperty("os.arch");
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %s, Java %s; load before: %.1f",
                processor,
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("java.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private void compare(List<Row> rows, List<Contender> sides, int count, Path folder) {
        if (rows.isEmpty()) {
            return;
        }
        Machine most = Machine.measure(count);
        machines.add(most);
        out.printf(
                Locale.ROOT,
                "%n%d thread%s; the machine's peak %.0f GFLOP/s, its memory %.1f GB/s%n%n",
                count,
                count == 1 ? "" : "s",
                most.flops() * 1e-9,
                most.bytes() * 1e-9);
        List<String> header =
                new ArrayList<>(List.of("row", "ms", "spread", "samples/s", "GFLOP/s", "of peak", "GB/s"));
        List<Contender> others = sides.subList(1, sides.size());
        others.forEach(side -> header.addAll(List.of(side.name() + " ms", "ratio")));
        if (peers) {
            header.add("to the best");
        }
        if (!others.isEmpty()) {
            header.add("differ by");
        }
        Table table = new Table(header);
        List<Double> logarithms = new ArrayList<>();
        for (Row row : rows) {
            List<Timing> all = time(row, sides, count, folder);
            err(row.name()
                    + all.stream()
                            .map(timing -> "  " + timing.side() + " " + Table.number(timing.median()) + " ms")
                            .collect(Collectors.joining()));
            table.add(line(all, others, logarithms));
        }
        out.print(table);
        if (!logarithms.isEmpty()) {
            double mean = logarithms.stream().mapToDouble(x -> x).average().orElseThrow();
            out.printf(
                    Locale.ROOT,
                    "%nGeometric mean of the ratios to the best peer, without matrix products: %.2f over %d rows%n",
                    Math.exp(mean),
                    logarithms.size());
        }
    }

    private List<String> line(List<Timing> all, List<Contender> others, List<Double> logarithms) {
        Timing ours = all.getFirst();
        List<String> cells = new ArrayList<>(List.of(
                ours.row(),
                Table.number(ours.median()),
                String.format(Locale.ROOT, "%.0f %%", 100 * ours.spread()),
                Table.number(ours.samplesPerSecond()),
                Table.number(ours.gigaflops()),
                String.format(Locale.ROOT, "%.0f %%", 100 * ours.ofPeak()),
                Table.number(ours.gigabytes())));
        List<Double> best = List.of();
        double apart = 0;
        for (Contender other : others) {
            Timing theirs = all.stream()
                    .filter(timing -> timing.side().equals(other.name()))
                    .findFirst()
                    .orElse(null);
            if (theirs == null) {
                cells.addAll(List.of("-", "-"));
                continue;
            }
            List<Double> ratios = theirs.ratios(ours);
            cells.addAll(List.of(Table.number(theirs.median()), Table.number(Timing.median(ratios))));
            best = best.isEmpty() || Timing.median(ratios) < Timing.median(best) ? ratios : best;
            apart = Math.max(apart, ours.disagreement(theirs));
        }
        if (peers) {
            cells.add(
                    best.isEmpty()
                            ? "-"
                            : "%s (%s to %s)"
                                    .formatted(
                                            Table.number(Timing.median(best)),
                                            Table.number(Timing.interval(best).getFirst()),
                                            Table.number(Timing.interval(best).getLast())));
        }
        if (!others.isEmpty()) {
            cells.add(String.format(Locale.ROOT, "%.1e%s", apart, apart < Timing.TOLERANCE ? "" : " WRONG"));
            agreed &= apart < Timing.TOLERANCE;
        }
        if (peers && !best.isEmpty() && !ours.row().startsWith("gemm")) {
            logarithms.add(Math.log(Timing.median(best)));
        }
        return cells;
    }

    /// Lets all sides that can do a row measure it in turn. Gradus comes first.
    private List<Timing> time(Row row, List<Contender> sides, int count, Path folder) {
        Path weights = folder.resolve(row.name());
        List<Child> children = new ArrayList<>();
        try {
            for (Contender side : sides) {
                Child child = new Child(side, row, count, weights);
                children.add(child);
            }
            children.removeIf(child -> {
                boolean refuses = !child.refusal().isEmpty();
                if (refuses) {
                    err("  " + child.name() + " cannot: " + child.refusal());
                    child.close();
                }
                return refuses;
            });
            List<List<Double>> checks = new ArrayList<>();
            List<List<Double>> millis = new ArrayList<>();
            for (Child child : children) {
                checks.add(DoubleStream.of(child.ask("check")).boxed().toList());
                millis.add(new ArrayList<>());
                child.ask("warm " + warm);
            }
            List<Double> peaks = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                peaks.add(Machine.flops(count));
                for (int i = 0; i < children.size(); i++) {
                    millis.get(i).add(children.get(i).ask("measure " + seconds / rounds)[0]);
                }
            }
            long flops = children.getFirst().known(0);
            long bytes = children.getFirst().known(1);
            List<Timing> result = new ArrayList<>();
            for (int i = 0; i < children.size(); i++) {
                String name = children.get(i).name();
                result.add(new Timing(
                        name, row.name(), count, row.samples(), millis.get(i), checks.get(i), peaks, flops, bytes));
            }
            timings.addAll(result);
            return result;
        } finally {
            children.forEach(Child::close);
        }
    }

    /// From process start to the end of the first and of the 100th training step of LeNet.
    private Map<String, List<Double>> cold(List<Contender> sides, int count, Path folder) {
        Path weights = folder.resolve("lenet");
        try (Child writer = new Child(sides.getFirst(), Row.of("lenet"), count, weights)) {
            err(Row.COLD.name() + writer.refusal());
        }
        Table table = new Table(List.of("LeNet from process start", "first step", "100th step", "memory", "on disk"));
        Map<String, List<Double>> result = new LinkedHashMap<>();
        for (Contender side : sides) {
            List<List<Double>> runs = new ArrayList<>();
            for (int i = 0; i <= rounds; i++) { // the very first may unpack natives
                long start = System.currentTimeMillis();
                try (Child child = new Child(side, Row.COLD, count, weights)) {
                    double[] cold = child.ask("cold");
                    runs.add(List.of(cold[0] - start, cold[1] - start, cold[2]));
                }
            }
            List<Double> middle = Stream.of(0, 1, 2)
                    .map(column -> Timing.median(runs.subList(1, runs.size()).stream()
                            .map(run -> run.get(column))
                            .toList()))
                    .toList();
            double disk = side.bytesOnDisk() * 1e-6;
            table.add(List.of(
                    side.name(),
                    "%.0f ms".formatted(middle.get(0)),
                    "%.0f ms".formatted(middle.get(1)),
                    "%.0f MiB".formatted(middle.get(2)),
                    "%.1f MB".formatted(disk)));
            result.put(
                    side.name() + ", threads " + count,
                    Stream.concat(middle.stream(), Stream.of(disk)).toList());
        }
        out.println();
        out.print(table);
        return result;
    }

    /// A library with one function, which makes MKL take the processor for one of Intel's; empty when there is no C
    /// compiler.
    private Path preload() {
        Path library = root.resolve("bench/djl/target/intel.so");
        if (Files.exists(library)) {
            return library;
        }
        Path source = root.resolve("bench/djl/src/main/c/intel.c");
        try {
            int code = new ProcessBuilder("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code == 0) {
                return library;
            }
            err("The C compiler failed: PyTorch runs as shipped alone.");
        } catch (IOException e) {
            err("There is no C compiler (" + e.getMessage() + "): PyTorch runs as shipped alone.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Path.of("");
    }

    private static void err(String line) {
        System.err.println(line);
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : Stream.concat(files, Stream.of(folder)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
