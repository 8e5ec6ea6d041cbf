package org.gradus.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.bench.side.Worker;
import org.gradus.formats.WholeFile;
import org.gradus.graph.Layer;
import org.gradus.nn.LeNet;
import org.gradus.nn.Mlp;
import org.gradus.nn.ResNet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command `./gradus bench --scaling`: what a training step costs in networks of one kind and several sizes.
@Command(
        name = "bench --scaling",
        customSynopsis = "./gradus bench --scaling [OPTIONS]",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Times training steps of networks that grow in batch, depth or width, and fits the power of the size that they"
                    + " take.",
            "",
            "All sizes of a sweep are planned and warmed up in one process, then measure in turn."
        })
final class Scaling implements Callable<Integer> {
    private static final int PLANS = 3; // of each network; the one that took least counts

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many threads compute (default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "3",
            description = "How long each network warms up, and how long it is measured (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "In how many turns it is measured (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--svg", paramLabel = "FILE", description = "Also draw the times into this file.")
    private @Nullable Path svg;

    private final PrintStream out;
    private final List<Sweep> sweeps;

    /// @param out where the tables go
    Scaling(PrintStream out) {
        this(
                out,
                List.of(
                        new Sweep("batch", "Caffe's LeNet", "sample", 1, batches(8, 16, 32, 64, 128, 256, 512, 1024)),
                        new Sweep("depth", "blocks of a ResNet, batch 8", "block", 1, depths(8, 14, 20, 32, 56, 110)),
                        new Sweep(
                                "width",
                                "three hidden layers, batch 64",
                                "million weights",
                                2,
                                widths(64, 128, 256, 512, 1024, 2048))));
    }

    /// @param sweeps what to time
    Scaling(PrintStream out, List<Sweep> sweeps) {
        this.out = out;
        this.sweeps = sweeps;
    }

    /// Networks that grow in one way.
    ///
    /// @param name of what grows
    /// @param unit what the time of a step is divided by
    /// @param power of the size that the time should grow by
    record Sweep(String name, String network, String unit, int power, List<Size> sizes) {}

    /// A network of a sweep.
    ///
    /// @param size what the power is taken of
    /// @param units how many of the sweep's unit there are
    /// @param step makes its training step, for so many threads
    record Size(String name, double size, double units, IntFunction<StepWork> step) {}

    /// A step that is ready to run, and how long that took.
    private record Planned(StepWork step, double millis) {}

    /// What a size took.
    ///
    /// @param planning the time in ms from a model to a step that is ready to run
    record Cost(Size size, Timing timing, double planning) {}

    /// The costs of a sweep, in order of size.
    record Curve(Sweep sweep, List<Cost> costs) {
        /// The power of the size that the time grows by, from one size on: the slope of the line through the logarithms, by
        /// least squares.
        double power(int from) {
            List<Cost> fitted = costs.subList(from, costs.size());
            double[] x = fitted.stream()
                    .mapToDouble(cost -> Math.log(cost.size.size))
                    .toArray();
            double[] y = fitted.stream()
                    .mapToDouble(cost -> Math.log(cost.timing.median()))
                    .toArray();
            double middle = IntStream.range(0, x.length)
                    .mapToDouble(i -> x[i])
                    .average()
                    .orElseThrow();
            double products = 0;
            double squares = 0;
            for (int i = 0; i < x.length; i++) {
                products += (x[i] - middle) * y[i];
                squares += (x[i] - middle) * (x[i] - middle);
            }
            return products / squares;
        }
    }

    private static List<Size> batches(int... batches) {
        return sizes(batches, b -> new Size("" + b, b, b, step(new LeNet(Networks.CLASSES), b, 1, 28, 28)));
    }

    private static List<Size> depths(int... depths) {
        return sizes(depths, depth -> {
            int blocks = (depth - 2) / 2;
            return new Size("" + depth, blocks, blocks, step(new ResNet(depth, Networks.CLASSES), 8, 3, 32, 32));
        });
    }

    private static List<Size> widths(int... widths) {
        return sizes(widths, w -> {
            Layer mlp = Mlp.of(w, w, w, Networks.CLASSES);
            return new Size("" + w, w, 3e-6 * w * w, step(mlp, 64, w));
        });
    }

    private static List<Size> sizes(int[] numbers, IntFunction<Size> size) {
        return IntStream.of(numbers).mapToObj(size).toList();
    }

    private static IntFunction<StepWork> step(Layer classifier, int... input) {
        return threads -> Networks.training(classifier, threads, input);
    }

    @Override
    public Integer call() throws IOException {
        Bench.demandSome(spec.commandLine(), seconds, rounds, List.of(threads));
        if (svg != null) {
            WholeFile.demandWritable(svg);
        }
        String machine = Bench.machine();
        out.println(machine);
        List<Curve> curves = new ArrayList<>();
        for (Sweep sweep : sweeps) {
            Curve curve = new Curve(sweep, time(sweep));
            curves.add(curve);
            print(curve);
        }
        if (svg != null) {
            byte[] picture = ScalingPicture.svg(curves, threads).getBytes(StandardCharsets.UTF_8);
            WholeFile.write(svg, file -> file.write(picture));
        }
        return 0;
    }

    private List<Cost> time(Sweep sweep) {
        List<Planned> all = new ArrayList<>();
        for (Size size : sweep.sizes()) {
            Planned least = Stream.generate(() -> planned(size))
                    .limit(PLANS)
                    .min(Comparator.comparingDouble(Planned::millis))
                    .orElseThrow();
            Worker.warm(least.step(), seconds);
            all.add(least);
        }
        List<List<Double>> millis =
                all.stream().<List<Double>>map(planned -> new ArrayList<>()).toList();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < all.size(); i++) {
                millis.get(i).add(Worker.measure(all.get(i).step(), seconds / rounds));
            }
        }
        return IntStream.range(0, all.size())
                .mapToObj(i -> {
                    StepWork step = all.get(i).step();
                    Size size = sweep.sizes().get(i);
                    Timing timing = new Timing(
                            "Gradus",
                            size.name(),
                            threads,
                            0,
                            millis.get(i),
                            List.of(),
                            List.of(),
                            step.flops(),
                            step.bytes());
                    return new Cost(size, timing, all.get(i).millis());
                })
                .toList();
    }

    private Planned planned(Size size) {
        long start = System.nanoTime();
        StepWork step = size.step().apply(threads);
        return new Planned(step, (System.nanoTime() - start) * 1e-6);
    }

    private void print(Curve curve) {
        Sweep sweep = curve.sweep();
        Table table =
                new Table(List.of(sweep.name(), "ms", "spread", "ms per " + sweep.unit(), "GFLOP/s", "ready in ms"));
        for (Cost cost : curve.costs()) {
            double millis = cost.timing().median();
            table.add(List.of(
                    cost.size().name(),
                    Table.number(millis),
                    String.format(Locale.ROOT, "%.0f %%", 100 * cost.timing().spread()),
                    Table.number(millis / cost.size().units()),
                    Table.number(cost.timing().gigaflops()),
                    String.format(Locale.ROOT, "%.0f", cost.planning())));
        }
        int half = curve.costs().size() / 2;
        out.printf("%n%s: %s%n%n%s%n", sweep.name(), sweep.network(), table);
        out.printf(
                Locale.ROOT,
                "The time grows by the power %.2f from %s on, by %.2f from %s on; %d is expected.%n",
                curve.power(0),
                curve.costs().getFirst().size().name(),
                curve.power(half),
                curve.costs().get(half).size().name(),
                sweep.power());
    }
}
