package org.gradus.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.bench.side.Numbers;
import org.gradus.bench.side.Product;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Work;
import org.gradus.graph.Contract;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.nn.Activation;
import org.gradus.nn.BatchNorm;
import org.gradus.nn.LayerNorm;
import org.gradus.nn.Losses;
import org.gradus.ops.Convolutions;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.run.Step;

/// Single ops and updates, through sessions as users reach them. What they read and write is state of the session, so
/// that nothing but the work itself is timed: inputs and results of a step would be copied.
final class Operations {
    private static final int[] IMAGES = {64, 64, 32, 32};
    private static final int[] ROWS = {4096, 1024};
    private static final int[] LINE = {4 << 20};

    /// Results of arguments, all of them states.
    @FunctionalInterface
    private interface Operation {
        List<Tensor> results(Scope scope, List<Tensor> arguments);
    }

    private Operations() {}

    static Work work(Row row, int threads) {
        return switch (row.name()) {
            case "batchnorm" -> layer(threads, BatchNorm.of(), IMAGES);
            case "layernorm" -> layer(threads, LayerNorm.of(), ROWS);
            case "elementwise" -> layer(threads, Operations::chain, LINE);
            case "crossentropy" -> crossEntropy(threads);
            case "conv-forward", "conv-input", "conv-weight" -> convolution(threads, row.name());
            case "momentum" -> update(threads, Optimizer.of(Numbers.RATE, Sgd.of(Numbers.MOMENTUM)));
            case "adam" -> update(threads, Optimizer.of(Numbers.RATE, Adam.of()));
            default -> product(threads, Product.of(row));
        };
    }

    private static Work product(int threads, Product p) {
        Contract op = new Contract.MatMul(p.transposeA(), p.transposeB());
        return work(
                threads,
                arrays(p.left(), p.right()),
                (_, xs) -> List.of(xs.getFirst().tracer().applyOne(op, xs.get(0), xs.get(1))));
    }

    /// A layer forward, and the gradients by its input and its parameters.
    private static Work layer(int threads, Layer layer, int... sizes) {
        return work(threads, arrays(sizes, sizes), (scope, xs) -> {
            Tensor y = layer.forward(scope, xs.get(0));
            List<Tensor> all = Stream.concat(Stream.of(xs.get(0)), scope.parameters().values().stream())
                    .toList();
            return Stream.concat(Stream.of(y), Reverse.pullback(List.of(y), List.of(xs.get(1)), all).stream())
                    .toList();
        });
    }

    private static Tensor chain(Scope scope, Tensor x) {
        Tensor y = x.times(1.3).plus(0.1).tanh().times(x.sigmoid());
        return y.plus(Activation.RELU.forward(scope, x));
    }

    private static Work crossEntropy(int threads) {
        List<Array> arrays = new ArrayList<>(arrays(ROWS));
        arrays.add(Array.of(Shape.of(ROWS[0]), Numbers.labels(ROWS[0], ROWS[1])));
        return work(threads, arrays, (_, xs) -> {
            Tensor loss = Losses.crossEntropy(xs.get(0), xs.get(1));
            return List.of(loss, Reverse.gradients(loss, List.of(xs.get(0))).getFirst());
        });
    }

    /// Images and gradients lie channels last, as they do between the layers of a network.
    private static Work convolution(int threads, String name) {
        int[] images = {64, 32, 32, 32};
        List<Array> arrays = arrays(images, new int[] {32, 32, 3, 3}, images);
        return work(threads, arrays, (_, xs) -> {
            Tensor x = xs.get(0).permute(0, 3, 1, 2);
            Tensor w = xs.get(1);
            Tensor dy = xs.get(2).permute(0, 3, 1, 2);
            Tensor y = Convolutions.conv2d(x, w, null, 1, 1, 1, 1);
            return switch (name) {
                case "conv-forward" -> List.of(y.permute(0, 2, 3, 1));
                case "conv-input" ->
                    List.of(Reverse.pullback(List.of(y), List.of(dy), List.of(x))
                            .getFirst()
                            .permute(0, 2, 3, 1));
                default -> Reverse.pullback(List.of(y), List.of(dy), List.of(w));
            };
        });
    }

    /// What an optimizer does with ten matrices and their gradients.
    private static Work update(int threads, Optimizer optimizer) {
        int[] matrix = {Numbers.MATRIX_SIZE, Numbers.MATRIX_SIZE};
        List<String> names =
                IntStream.range(0, Numbers.MATRICES).mapToObj(i -> "weight" + i).toList();
        Session session = new Session(1, Type.FLOAT32, threads);
        for (int i = 0; i < names.size(); i++) {
            session.setState(gradient(names.get(i)), Array.of(Shape.of(matrix), Numbers.uniform(i, matrix)));
        }
        Step step = session.step("update", Mode.TRAIN, (scope, inputs) -> {
            List<Tensor> gradients = new ArrayList<>();
            for (String name : names) {
                Tensor weight = scope.parameter(name, StateKey.Role.WEIGHT, Initial.constant(0), matrix);
                gradients.add(scope.buffer(gradient(name), weight.type(), Initial.constant(0)));
            }
            optimizer.update(scope, scope.parameters(), gradients, inputs);
            return List.of();
        });
        return new StepWork(step, optimizer.inputs(Progress.START, Type.FLOAT32), work -> {
            work.run();
            return rms(session, names);
        });
    }

    private static String gradient(String weight) {
        return weight + ".gradient";
    }

    private static List<Array> arrays(int[]... sizes) {
        List<Array> arrays = new ArrayList<>();
        for (int[] each : sizes) {
            arrays.add(Array.of(Shape.of(each), Numbers.uniform(arrays.size(), each)));
        }
        return arrays;
    }

    /// An operation whose arguments and results are states.
    private static Work work(int threads, List<Array> arguments, Operation operation) {
        Session session = new Session(1, Type.FLOAT32, threads);
        List<String> names = new ArrayList<>();
        for (Array argument : arguments) {
            String name = "argument" + names.size();
            session.setState(name, argument);
            names.add(name);
        }
        Map<String, TensorType> results = new LinkedHashMap<>();
        Step step = session.step("operation", Mode.TRAIN, (scope, _) -> {
            List<Tensor> states = IntStream.range(0, names.size())
                    .mapToObj(i -> scope.buffer(names.get(i), arguments.get(i).type(), Initial.constant(0)))
                    .toList();
            for (Tensor result : operation.results(scope, states)) {
                String name = "result" + results.size();
                results.put(name, result.type());
                scope.assign(scope.buffer(name, result.type(), Initial.constant(0)), result);
            }
            return List.of();
        });
        return new StepWork(step, List.of(), work -> {
            work.run();
            return rms(session, List.copyOf(results.keySet()));
        });
    }

    private static float[] rms(Session session, List<String> states) {
        float[] all = new float[states.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = Numbers.rms((float[]) session.state(states.get(i)).storage());
        }
        return all;
    }
}
