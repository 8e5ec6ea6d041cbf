package org.gradus.kernel;

import com.sun.management.ThreadMXBean;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.gradus.base.Array;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.expr.Term;
import org.gradus.graph.Scope.Mode;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;
import org.gradus.kernel.ReduceKernel.Along;
import org.gradus.kernel.ReduceKernel.Kind;
import org.gradus.ops.Products;
import org.gradus.run.Session;
import org.gradus.run.Step;

/// A program that runs in a virtual machine of its own, for [KernelProbeTest]: what kernels compute and allocate
/// depends on how the machine was started, and on what it ran before.
final class KernelProbe {
    private KernelProbe() {}

    /// @param arguments `bits`, for numbers that show every bit computed, `allocation`, for the bytes of a run, `session`, for the
    ///     result of a small step, `many arrays`, to run a map that reads twelve, or `compilation`, to run every sort of kernel
    ///     until HotSpot is done with it
    public static void main(String[] arguments) throws JMException {
        System.out.println(Lanes.describe());
        switch (arguments[0]) {
            case "bits" -> bits();
            case "session" -> session();
            case "many arrays" -> manyArrays();
            case "compilation" -> compilation();
            default -> allocation();
        }
    }

    /// Two sessions, each on two threads: what is said once for the program must not be said for each.
    private static void session() {
        Array x = Array.zeros(TensorType.of(Type.FLOAT32, 64, 64));
        for (int i = 0; i < x.count(); i++) {
            x.set(i, i % 7 / 8.0);
        }
        for (int i = 0; i < 2; i++) {
            Step step = new Session(1, Type.FLOAT32, 2)
                    .step(
                            "probe",
                            Mode.EVAL,
                            (scope, in) -> List.of(
                                    Products.matmul(in.get(0), in.get(0)).tanh()));
            System.out.println(Forms.hash(step.run(x).get(0).storage()));
        }
    }

    private static void manyArrays() {
        Body sum = Body.of(12, x -> List.of(x.stream().reduce(Term::plus).orElseThrow()));
        List<Input> dense = Collections.nCopies(12, new Input(Type.FLOAT32, Access.RUN));
        Kernel map = new MapKernel(sum, Type.FLOAT32, dense, 1).kernel();
        Object[] arrays = Collections.nCopies(13, new float[1024]).toArray();
        int[] numbers = new int[26];
        numbers[13] = 75; // the length of a row
        for (int i = 0; i < 20_000; i++) {
            map.run(arrays, numbers, 0, i % 2 == 0 ? 150 : 0);
        }
        report("many arrays", () -> map.run(arrays, numbers, 0, 0));
    }

    private static void bits() {
        for (Type type : List.of(Type.FLOAT32, Type.FLOAT64)) {
            Object x = Forms.random(type, 1511, new Random(1), true);
            for (Code code : Code.values()) {
                boolean power = code == Code.POW;
                if (power || (code.arity() == 1 && code != Code.NOT)) {
                    Object y = Forms.random(type, 1511, new Random(2), false);
                    Body body = Body.of(1, a -> {
                        Term x0 = a.get(0);
                        return List.of(power ? x0.abs().with(code, x0.times(3)) : x0.with(code));
                    });
                    Kernel kernel = new MapKernel(body, type, List.of(new Input(type, Access.FLAT)), 0).kernel();
                    for (int from = 0; from < 1511; from += 151) {
                        kernel.run(new Object[] {x, y}, new int[2], from, Math.min(1511, from + 151));
                    }
                    System.out.println(code + " " + Forms.hash(y));
                }
            }
            Object numbers = Forms.random(type, 1511, new Random(1), false);
            Object y = Forms.random(type, 200, new Random(2), false);
            ReduceKernel.of(Kind.SUM, Along.ROWS, type)
                    .kernel()
                    .run(new Object[] {numbers, y}, new int[] {0, 0, 211, 0, 211}, 0, 7);
            ReduceKernel.of(Kind.SUM, Along.COLUMNS, type)
                    .kernel()
                    .run(new Object[] {numbers, y}, new int[] {0, 7, 83, 18, 0, 18}, 0, 83);
            System.out.println("sums " + Forms.hash(y));
            for (Convolution c : convolutions()) {
                System.out.println("forward " + hash(type, c.forward(type, Lanes.of(type), Epilogue.NONE)));
                System.out.println("input gradient " + hash(type, c.inputGradient(type, Lanes.of(type))));
                System.out.println("weight gradient " + hash(type, c.weightGradient(type, Lanes.of(type))));
            }
            if (type == Type.FLOAT32) {
                for (Contraction kernel : winograd()) {
                    System.out.println("Winograd " + hash(type, kernel));
                }
            }
            for (Product p : List.of(Product.of(9, 70, 400, false, true), Product.of(31, 35, 20))) {
                System.out.println("product " + hash(type, p.kernel(type, Lanes.of(type))));
            }
        }
    }

    /// One whose input gradient goes window by window, with columns that fill no vector, and one that goes tap by tap.
    private static List<Convolution> convolutions() {
        return List.of(
                Convolution.of(3, 3, 20, Axis.of(9, 5), Axis.of(8, 5)),
                Convolution.of(
                        2, 17, 21, Axis.of(5, 3).padded(1, 1), Axis.of(6, 3).padded(1, 1)));
    }

    /// Winograd's method with tiles that go beyond the end.
    private static List<Contraction> winograd() {
        Convolution c = convolutions().get(1);
        int lanes = Lanes.of(Type.FLOAT32);
        return List.of(
                new WinogradCorrelation(Winograd.FOUR, c, false, lanes, new Epilogue(true, true)),
                new WinogradCorrelation(Winograd.TWO, c, true, lanes, Epilogue.NONE),
                new WinogradWeightGradient(Winograd.FOUR, c, lanes));
    }

    private static long hash(Type type, Contraction kernel) {
        Object result = Contractions.untouched(type, 5000);
        work(type, kernel, result).run();
        return Forms.hash(result);
    }

    private static Work work(Type type, Contraction kernel, Object result) {
        Object a = Contractions.random(type, 10_000, 1);
        Object b = Contractions.random(type, 30_000, 2);
        Object work = Contractions.workspace(type, kernel.workspace());
        return kernel.bind(new Object[] {a, b, result, b, work}, new int[5]);
    }

    /// Runs all that the allocation is asked of, and a map so long that it comes in parts, until nothing is rehearsed
    /// and all is compiled that has to be. Says nothing before, for HotSpot tells meanwhile what it compiles, and lines of
    /// both would run into each other.
    private static void compilation() throws JMException {
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), /* autoFlush */ false, StandardCharsets.UTF_8));
        Body longer = Body.of(1, x -> {
            Term y = x.get(0);
            for (int i = 0; i < 12; i++) {
                y = y.times(0.5 + i).tanh().plus(y.sigmoid());
            }
            return List.of(y);
        });
        Kernel map = new MapKernel(longer, Type.FLOAT32, List.of(new Input(Type.FLOAT32, Access.FLAT)), 0).kernel();
        Object[] arrays = {new float[4000], new float[4000]};
        int[] offsets = new int[2];
        Body four = Body.of(
                1,
                x -> List.of(
                        x.get(0), x.get(0).squared(), x.get(0).abs(), x.get(0).exp()));
        Object[] matrix = {new float[5000], new float[100], new float[100], new float[100], new float[100]};
        for (Along along : Along.values()) {
            List<Input> inputs = List.of(new Input(Type.FLOAT32, Access.FLAT));
            Kernel folds = new ReduceKernel(Kind.SUM, along, new MapKernel(four, Type.FLOAT32, inputs, 1)).kernel();
            int[] numbers = along == Along.ROWS
                    ? new int[] {0, 0, 0, 0, 0, 75, 0, 75}
                    : new int[] {0, 0, 0, 0, 0, 75, 60, 0, 60};
            report("four folds", () -> folds.run(matrix, numbers, 0, 60));
        }
        Object[] images = {new float[20_000], new float[5000], new int[5000]};
        Pooling pooling =
                Pooling.of(2, 20, Axis.of(12, 2).strided(2), Axis.of(12, 2).strided(2));
        Work maxima = pooling.max(Type.FLOAT32, Lanes.of(Type.FLOAT32), images, 0, 0, 0);
        Work places = pooling.scatter(Type.FLOAT32, Lanes.of(Type.FLOAT32), images, 0, 0, 0);
        Pooling few = Pooling.of(2, 6, Axis.of(12, 2).strided(2), Axis.of(12, 2).strided(2)); // under masks
        Work fewMaxima = few.max(Type.FLOAT32, Lanes.of(Type.FLOAT32), images, 0, 0, 0);
        Work fewPlaces = few.scatter(Type.FLOAT32, Lanes.of(Type.FLOAT32), images, 0, 0, 0);
        Pooling over =
                Pooling.of(2, 20, Axis.of(13, 3).strided(2), Axis.of(13, 3).strided(2));
        Work overlapping = over.scatter(Type.FLOAT32, Lanes.of(Type.FLOAT32), images, 0, 0, 0);
        Work copying = work(
                Type.FLOAT32,
                Product.of(20, 70, 400, false, false).kernel(Type.FLOAT32, Lanes.of(Type.FLOAT32)),
                new float[5000]);
        int rounds = 0;
        do {
            long end = System.nanoTime() + 1_000_000_000L;
            while (System.nanoTime() < end) {
                allocation();
                report("copies", copying::run);
                report("max pool", maxima::run);
                report("max pool's gradient", places::run);
                report("max pool of few channels", fewMaxima::run);
                report("its gradient", fewPlaces::run);
                report("gradient of windows that overlap", overlapping::run);
                report("long map", () -> map.run(arrays, offsets, 0, 4000));
            }
            WarmUp.await();
        } while (++rounds < 60 && !unfinished().isEmpty());
        out.println("stay plain: " + WarmUp.plain());
        out.println("unfinished: " + unfinished());
    }

    /// The tiles, transforms and maps in parts that HotSpot's last compiler has not compiled, and the sorts of kernels of
    /// which it has compiled none. Plain ones, which run only at first, have other names.
    private static List<String> unfinished() throws JMException {
        Set<String> open = new TreeSet<>(List.of("Copy", "Turn", "Sum", "Pool", "map", "reduce"));
        compiled().forEach((name, methods) -> {
            boolean inParts = name.startsWith("map") && methods.containsKey("part0");
            List<String> whole = inParts
                    ? methods.keySet().stream()
                            .filter(m -> m.startsWith("part"))
                            .toList()
                    : List.of("run");
            boolean done = whole.stream().allMatch(m -> methods.getOrDefault(m, false));
            if (done) {
                open.remove(name.replaceAll("[_\\d].*", ""));
            } else if (inParts || name.matches("T(ile|ransform).*")) {
                open.add(name);
            }
        });
        return List.copyOf(open);
    }

    /// The methods that HotSpot has compiled of each emitted class, and whether its last compiler has done so.
    private static Map<String, Map<String, Boolean>> compiled() throws JMException {
        String list = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "compilerCodelist",
                        new Object[0],
                        new String[0]);
        Pattern line = Pattern.compile("\\d+ ([1-4]) 0 org\\.gradus\\.kernel\\.(\\w*\\d)[./]\\w+\\.(\\w+)\\(.*");
        Map<String, Map<String, Boolean>> classes = new TreeMap<>();
        list.lines()
                .map(line::matcher)
                .filter(Matcher::matches)
                .forEach(match -> classes.computeIfAbsent(match.group(2), name -> new TreeMap<>())
                        .merge(match.group(3), match.group(1).equals("4"), Boolean::logicalOr));
        return classes;
    }

    private static void allocation() {
        Body body = Body.of(
                3,
                x -> List.of(
                        x.get(0).times(x.get(1)).plus(x.get(2)).tanh(), x.get(0).less(0)));
        List<Input> inputs = List.of(
                new Input(Type.FLOAT32, Access.FLAT),
                new Input(Type.FLOAT32, Access.RUN),
                new Input(Type.FLOAT32, Access.SAME));
        Kernel map = new MapKernel(body, Type.FLOAT32, inputs, 1).kernel();
        Object[] arrays = {new float[4000], new float[40], new float[100], new float[4000], new boolean[4000]};
        int[] numbers = {0, 0, 0, 0, 0, 40, 0, 1};
        report("map", () -> map.run(arrays, numbers, 0, 4000));
        Kernel rows = ReduceKernel.of(Kind.SUM, Along.ROWS, Type.FLOAT32).kernel();
        Kernel columns = ReduceKernel.of(Kind.MAX, Along.COLUMNS, Type.FLOAT32).kernel();
        Object[] matrix = {new float[5000], new float[100]};
        int[] rowNumbers = {0, 0, 75, 0, 75};
        int[] columnNumbers = {0, 0, 75, 60, 0, 60};
        report("rows", () -> rows.run(matrix, rowNumbers, 0, 60));
        report("columns", () -> columns.run(matrix, columnNumbers, 0, 75));
        Object result = new float[5000];
        Convolution c = convolutions().get(0);
        int lanes = Lanes.of(Type.FLOAT32);
        report("forward", work(Type.FLOAT32, c.forward(Type.FLOAT32, lanes, Epilogue.NONE), result)::run);
        report("input gradient", work(Type.FLOAT32, c.inputGradient(Type.FLOAT32, lanes), result)::run);
        report("weight gradient", work(Type.FLOAT32, c.weightGradient(Type.FLOAT32, lanes), result)::run);
        for (Contraction kernel : winograd()) {
            report("Winograd", work(Type.FLOAT32, kernel, result)::run);
        }
        Product p = Product.of(9, 70, 400, false, true);
        report("product", work(Type.FLOAT32, p.kernel(Type.FLOAT32, lanes), result)::run);
        try (Pool pool = new Pool(2)) {
            long[] sums = new long[64];
            Pool.Task task = part -> sums[part * 32]++;
            report("pool", () -> pool.run(2, task));
        }
    }

    /// Prints the bytes of a hundred runs, once they are 0 or half a minute is over: cold vector code allocates.
    private static void report(String name, Runnable run) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 1;
        long end = System.nanoTime() + 30_000_000_000L;
        while (bytes > 0 && System.nanoTime() < end) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                run.run();
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        System.out.println(name + " " + bytes);
    }
}
