package org.gradus.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.CRC32C;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.nn.Activation;
import org.gradus.nn.BatchNorm;
import org.gradus.nn.Conv;
import org.gradus.nn.Flatten;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.nn.MaxPool;
import org.gradus.nn.Sequential;
import org.gradus.run.Session;
import org.gradus.run.StepFunction;
import picocli.CommandLine.Command;

/// `gradus checks`: whether this machine computes right.
@Command(
        name = "checks",
        customSynopsis = "gradus checks",
        description = {
            "Says what Gradus found on this machine, and computes a few things in two ways that must agree: compiled and by"
                    + " the plain interpreter, on one thread and on all.",
            "",
            "The digest stands for the bits of the results; it is the same on every machine. Exit code 1 when something"
                    + " is wrong."
        },
        optionListHeading = "%nOptions:%n",
        footer = {"", "For example:", "  gradus checks"})
final class ChecksCommand implements Callable<Integer> {
    /// In float32 against the interpreter in float32 with sums in double: some hundred roundings of 2⁻²⁴ each, of numbers
    /// around 1.
    private static final double TOLERANCE = 0x1p-14;

    private static final int BATCH = 8;

    private final Terminal terminal;

    ChecksCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int processors = Runtime.getRuntime().availableProcessors();
        long memory = Runtime.getRuntime().maxMemory() >> 20;
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        tell("Java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
        tell("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        tell("vector module", vectors ? "there" : "absent: start Java with --add-modules jdk.incubator.vector");
        tell("arithmetic", Session.arithmetic());
        tell("threads", String.valueOf(processors));
        tell("memory", memory + " MiB at most");
        boolean right = true;
        CRC32C digest = new CRC32C();
        for (Check check : checks()) {
            List<Array> expected =
                    new Session(3, Type.FLOAT32, 1).eagerly(Scope.Mode.TRAIN, check.step(), check.input());
            List<Array> one = compiled(check, 1);
            List<Array> all = compiled(check, Math.max(2, processors));
            double error = error(expected, one);
            boolean same = digest(one) == digest(all);
            right &= error <= TOLERANCE && same;
            tell(
                    check.name(),
                    (error <= TOLERANCE ? "right" : "WRONG")
                            + String.format(Locale.ROOT, " (error %.1e)", error)
                            + (same ? "" : ", and OTHER BITS on several threads"));
            digest.update(Long.toHexString(digest(one)).getBytes(StandardCharsets.US_ASCII));
        }
        tell("digest", String.format("%08x", digest.getValue()));
        terminal.out().println(right ? "All is well." : "Something is wrong. Please report it with these lines.");
        return (right ? ExitCode.DONE : ExitCode.USER_ERROR).code();
    }

    private void tell(String what, String fact) {
        terminal.out().printf("%-14s %s%n", what, fact);
    }

    /// Something to compute in two ways.
    private record Check(String name, StepFunction step, Array input) {}

    private static List<Check> checks() {
        Array image = normal("image", BATCH, 3, 12, 12);
        Array rows = normal("rows", BATCH, 65);
        return List.of(
                new Check(
                        "elementwise",
                        (scope, in) -> List.of(in.get(0).tanh().times(in.get(0).sigmoid())),
                        rows),
                new Check(
                        "sums",
                        (scope, in) -> List.of(in.get(0).sum(0), in.get(0).sum(1)),
                        rows),
                new Check("products", gradients(Sequential.of(Linear.of(33), Activation.TANH, Linear.of(10))), rows),
                new Check(
                        "convolutions",
                        gradients(Sequential.of(
                                Conv.conv2d(16, 3).padding(1),
                                BatchNorm.of(),
                                Activation.RELU,
                                MaxPool.maxPool2d(2),
                                Conv.conv2d(5, 3).stride(2),
                                new Flatten(),
                                Linear.of(10))),
                        image));
    }

    /// The loss of a model that should say class 3 always, and its gradients.
    private static StepFunction gradients(Layer model) {
        return (scope, in) -> {
            Tensor labels = in.get(0).tracer().constant(Array.full(new TensorType(Type.INT64, Shape.of(BATCH)), 3));
            Tensor loss = Losses.crossEntropy(model.forward(scope, in.get(0)), labels);
            List<Tensor> results = new ArrayList<>(List.of(loss));
            results.addAll(
                    Reverse.gradients(loss, List.copyOf(scope.parameters().values())));
            return results;
        };
    }

    private static Array normal(String name, int... sizes) {
        Philox random = Philox.of(3, Philox.stream(name, 0), 0);
        Array array = Array.zeros(new TensorType(Type.FLOAT32, Shape.of(sizes)));
        for (int i = 0; i < array.count(); i++) {
            array.set(i, random.normal(Type.FLOAT32, i));
        }
        return array;
    }

    private static List<Array> compiled(Check check, int threads) {
        return new Session(3, Type.FLOAT32, threads)
                .step("check", Scope.Mode.TRAIN, check.step())
                .run(check.input());
    }

    /// The largest difference, relative to the largest number of each result or to 1.
    private static double error(List<Array> expected, List<Array> found) {
        double worst = 0;
        for (int i = 0; i < expected.size(); i++) {
            double largest = 1;
            double difference = 0;
            for (int k = 0; k < expected.get(i).count(); k++) {
                double apart = Math.abs(expected.get(i).get(k) - found.get(i).get(k));
                difference = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(difference, apart);
                largest = Math.max(largest, Math.abs(expected.get(i).get(k)));
            }
            worst = Math.max(worst, difference / largest);
        }
        return worst;
    }

    private static long digest(List<Array> arrays) {
        CRC32C digest = new CRC32C();
        for (Array array : arrays) {
            for (int i = 0; i < array.count(); i++) {
                int bits = Float.floatToIntBits((float) array.get(i));
                for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                    digest.update(bits >>> shift);
                }
            }
        }
        return digest.getValue();
    }
}
