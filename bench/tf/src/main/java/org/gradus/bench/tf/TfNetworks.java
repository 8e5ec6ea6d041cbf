package org.gradus.bench.tf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gradus.bench.side.Numbers;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Weights;
import org.gradus.bench.side.Weights.Weight;
import org.gradus.bench.side.Work;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/// The networks in TensorFlow, channels last, with Gradus' initial weights, whose axes are put in TensorFlow's order.
final class TfNetworks {
    private static final int CLASSES = 10;

    private final TfGraph graph;
    private final Ops tf;
    private final int threads;
    private final Map<String, Weight> weights;
    private final Map<String, Variable<TFloat32>> variables = new LinkedHashMap<>();

    TfNetworks(TfGraph graph, int threads, Path file) {
        this.graph = graph;
        this.tf = graph.tf;
        this.threads = threads;
        this.weights = Weights.read(file);
    }

    Work work(Row row) {
        int[] sizes = Numbers.input(row);
        float[] numbers = Numbers.uniform(1, sizes);
        int[] last = sizes.length == 4 ? new int[] {sizes[0], sizes[2], sizes[3], sizes[1]} : sizes;
        TFloat32 batch =
                TfGraph.tensor(sizes.length == 4 ? Numbers.permuted(numbers, sizes, 0, 2, 3, 1) : numbers, last);
        Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(TfGraph.shape(last)));
        Placeholder<TFloat32> y = tf.placeholder(TFloat32.class, Placeholder.shape(TfGraph.shape(sizes[0], CLASSES)));
        if (row.name().contains("infer")) {
            return inference(x, batch, lenet(x));
        }
        TFloat32 labels = TfGraph.tensor(TfGraph.oneHot(row.samples(), CLASSES), row.samples(), CLASSES);
        Operand<TFloat32> loss = switch (row.name()) {
            case "mlp" -> loss(mlp(x), y);
            case "lenet", "cold" -> loss(lenet(x), y);
            case "lenet-deep" -> deeplySupervised(x, y);
            case "bnconv" -> loss(bnconv(x), y);
            case "resnet20" -> loss(resnet20(x), y);
            default -> throw new UnsupportedOperationException(row.name());
        };
        return training(x, batch, y, labels, loss);
    }

    private Work inference(Placeholder<TFloat32> x, TFloat32 batch, Operand<TFloat32> logits) {
        Session session = graph.start(threads);
        return new Work() {
            @Override
            public void run() {
                session.runner().feed(x, batch).fetch(logits).run().close();
            }

            @Override
            public float[] check() {
                try (Result result =
                        session.runner().feed(x, batch).fetch(logits).run()) {
                    return new float[] {TfGraph.rms((TFloat32) result.get(0))};
                }
            }
        };
    }

    private Work training(
            Placeholder<TFloat32> x, TFloat32 batch, Placeholder<TFloat32> y, TFloat32 labels, Operand<TFloat32> loss) {
        List<Variable<TFloat32>> trained = List.copyOf(variables.values());
        List<Operand<TFloat32>> gradients = graph.gradients(loss, trained);
        // Without it a weight may change before all gradients that depend on it have been computed.
        Ops afterwards = tf.withControlDependencies(List.<Op>copyOf(gradients));
        List<Op> updates = new ArrayList<>();
        for (int i = 0; i < trained.size(); i++) {
            updates.add(afterwards.train.applyMomentum(
                    trained.get(i),
                    graph.zeros(trained.get(i)),
                    tf.constant(Numbers.RATE),
                    gradients.get(i),
                    tf.constant(Numbers.MOMENTUM)));
        }
        Session session = graph.start(threads);
        return new Work() {
            private float last;

            @Override
            public void run() {
                Session.Runner runner =
                        session.runner().feed(x, batch).feed(y, labels).fetch(loss);
                updates.forEach(runner::addTarget);
                try (Result result = runner.run()) {
                    last = ((TFloat32) result.get(0)).getFloat();
                }
            }

            @Override
            public float[] check() {
                float[] losses = new float[Numbers.STEPS];
                for (int i = 0; i < losses.length; i++) {
                    run();
                    losses[i] = last;
                }
                return losses;
            }
        };
    }

    private Operand<TFloat32> loss(Operand<TFloat32> logits, Operand<TFloat32> labels) {
        return tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(logits, labels).loss(), tf.constant(0));
    }

    /// Kernels to height, width, in, out; matrices to in, out.
    private Variable<TFloat32> weight(String name) {
        Weight weight = Objects.requireNonNull(weights.get(name), name);
        int[] sizes = weight.sizes();
        return switch (sizes.length) {
            case 4 -> variable(name, weight, new int[] {sizes[2], sizes[3], sizes[1], sizes[0]}, 2, 3, 1, 0);
            case 2 -> variable(name, weight, new int[] {sizes[1], sizes[0]}, 1, 0);
            default -> variable(name, weight, sizes, 0);
        };
    }

    private Variable<TFloat32> variable(String name, Weight weight, int[] sizes, int... order) {
        Variable<TFloat32> variable = graph.variable(Numbers.permuted(weight.numbers(), weight.sizes(), order), sizes);
        variables.put(name, variable);
        return variable;
    }

    private Operand<TFloat32> linear(String name, Operand<TFloat32> x) {
        return tf.nn.biasAdd(tf.linalg.matMul(x, weight(name + ".weight")), weight(name + ".bias"));
    }

    /// A linear layer on a flattened image: its inputs come in the order of this image's axes.
    private Operand<TFloat32> linear(String name, Operand<TFloat32> x, int channels, int size) {
        Weight weight = Objects.requireNonNull(weights.get(name + ".weight"));
        int out = weight.sizes()[0];
        Variable<TFloat32> matrix = graph.variable(
                Numbers.permuted(weight.numbers(), new int[] {out, channels, size * size}, 2, 1, 0),
                size * size * channels,
                out);
        variables.put(name + ".weight", matrix);
        Operand<TFloat32> flat = tf.reshape(x, tf.constant(new int[] {-1, size * size * channels}));
        return tf.nn.biasAdd(tf.linalg.matMul(flat, matrix), weight(name + ".bias"));
    }

    private Operand<TFloat32> convolution(String name, Operand<TFloat32> x) {
        return tf.nn.biasAdd(graph.convolve(x, weight(name + ".weight"), 1, "VALID"), weight(name + ".bias"));
    }

    private Operand<TFloat32> pool(Operand<TFloat32> x) {
        Operand<org.tensorflow.types.TInt32> window = tf.constant(new int[] {1, 2, 2, 1});
        return tf.nn.maxPool(x, window, window, "VALID");
    }

    /// A 3x3 convolution padded by one pixel on each side, and batch norm.
    private Operand<TFloat32> normalised(String prefix, String number, Operand<TFloat32> x, int stride) {
        Operand<TFloat32> weight = weight(prefix + "conv" + number + ".weight");
        // With stride 2, "SAME" would pad at the end alone.
        Operand<TFloat32> y = stride == 1
                ? graph.convolve(x, weight, 1, "SAME")
                : graph.convolve(padded(x, 0, 1, 1, 0), weight, stride, "VALID");
        String bn = prefix + "bn" + number;
        return graph.batchNorm(y, weight(bn + ".weight"), weight(bn + ".bias"));
    }

    private Operand<TFloat32> padded(Operand<TFloat32> x, int... each) {
        int[][] sizes = new int[each.length][];
        for (int axis = 0; axis < each.length; axis++) {
            sizes[axis] = new int[] {each[axis], each[axis]};
        }
        return tf.pad(x, tf.constant(sizes), tf.constant(0f));
    }

    private Operand<TFloat32> mlp(Operand<TFloat32> x) {
        return linear("4", tf.nn.relu(linear("2", tf.nn.relu(linear("0", x)))));
    }

    private Operand<TFloat32> lenet(Operand<TFloat32> x) {
        Operand<TFloat32> y = pool(convolution("conv2", pool(convolution("conv1", x))));
        return linear("ip2", tf.nn.relu(linear("ip1", y, 50, 4)));
    }

    private Operand<TFloat32> deeplySupervised(Operand<TFloat32> x, Operand<TFloat32> labels) {
        Operand<TFloat32> y = pool(convolution("conv1", x));
        Operand<TFloat32> z = pool(convolution("conv2", y));
        Operand<TFloat32> sides =
                tf.math.add(loss(linear("side1", y, 20, 12), labels), loss(linear("side2", z, 50, 4), labels));
        return tf.math.add(
                loss(linear("ip2", tf.nn.relu(linear("ip1", z, 50, 4))), labels),
                tf.math.mul(sides, tf.constant(Numbers.SIDE_WEIGHT)));
    }

    private Operand<TFloat32> bnconv(Operand<TFloat32> x) {
        Operand<TFloat32> y = x;
        for (int i = 1; i <= 6; i++) {
            y = tf.nn.relu(normalised("", String.valueOf(i), y, 1));
            y = i % 2 == 0 ? pool(y) : y;
        }
        return linear("fc", y, 128, 4);
    }

    private Operand<TFloat32> resnet20(Operand<TFloat32> x) {
        Operand<TFloat32> y = tf.nn.relu(normalised("", "1", x, 1));
        int width = 16;
        for (int stage = 1; stage <= 3; stage++) {
            for (int i = 0; i < 3; i++) {
                int stride = stage > 1 && i == 0 ? 2 : 1;
                String prefix = "layer" + stage + "." + i + ".";
                Operand<TFloat32> z = tf.nn.relu(normalised(prefix, "1", y, stride));
                Operand<TFloat32> shortcut = stride == 1 ? y : narrowed(y, width / 2);
                width *= stride;
                y = tf.nn.relu(tf.math.add(normalised(prefix, "2", z, 1), shortcut));
            }
        }
        return linear("fc", tf.math.mean(y, tf.constant(new int[] {1, 2})));
    }

    /// Every second pixel, with as many channels of zeros around.
    private Operand<TFloat32> narrowed(Operand<TFloat32> x, int zeros) {
        Operand<TFloat32> y =
                tf.stridedSlice(x, tf.constant(new int[4]), tf.shape(x), tf.constant(new int[] {1, 2, 2, 1}));
        return padded(y, 0, 0, 0, zeros);
    }
}
