package org.gradus.run;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.kernel.WarmUp;
import org.gradus.ops.Activations;
import org.gradus.ops.Convolutions;
import org.gradus.ops.CrossEntropy;
import org.gradus.ops.Pooling;
import org.gradus.ops.Products;
import org.gradus.ops.Randoms;
import org.gradus.ops.Standardization;

/// Small networks to train, in plain ops, with a rate of 0.05: inputs are examples and classes.
final class Networks {
    private static final int CLASSES = 10;

    /// What a machine without an optimizing compiler still does.
    static final int FEW_STEPS = 3;

    /// The sizes of a batch that is large enough for [#wide]; the last tiles of an image go beyond its end.
    static final int[] WIDE = {9, 3, 15, 12};

    private Networks() {}

    /// A network as a function of examples.
    interface Model {
        Tensor logits(Scope scope, Tensor x);
    }

    /// A training step: the mean cross-entropy, and gradient descent.
    static StepFunction training(Model model) {
        return (scope, in) -> {
            Tensor loss = CrossEntropy.crossEntropy(model.logits(scope, in.get(0)), in.get(1));
            Map<StateKey, Tensor> parameters = scope.parameters();
            descent(scope, loss).forEach((key, change) -> {
                Tensor parameter = parameters.get(key);
                scope.assign(parameter, parameter.minus(change));
            });
            return List.of(loss);
        };
    }

    /// The same with momentum.
    static StepFunction momentum(Model model) {
        return (scope, in) -> {
            Tensor loss = CrossEntropy.crossEntropy(model.logits(scope, in.get(0)), in.get(1));
            Map<StateKey, Tensor> parameters = scope.parameters();
            descent(scope, loss).forEach((key, change) -> {
                Tensor velocity = scope.buffer("velocity." + key.path(), key.type(), (type, _) -> Array.zeros(type));
                Tensor moved = velocity.times(0.9).plus(change);
                Tensor parameter = parameters.get(key);
                scope.assign(velocity, moved);
                scope.assign(parameter, parameter.minus(moved));
            });
            return List.of(loss);
        };
    }

    /// What each parameter changes by against its gradient.
    private static Map<StateKey, Tensor> descent(Scope scope, Tensor loss) {
        Map<StateKey, Tensor> changes = new LinkedHashMap<>();
        List<Tensor> gradients =
                Reverse.gradients(loss, List.copyOf(scope.parameters().values()));
        scope.parameters()
                .keySet()
                .forEach(key -> changes.put(key, gradients.get(changes.size()).times(0.05)));
        return changes;
    }

    /// A perceptron with these widths behind the input's.
    static Model perceptron(int... widths) {
        return (scope, x) -> {
            Tensor y = x;
            for (int i = 0; i < widths.length; i++) {
                y = linear(scope, "layer" + i, i == 0 ? y : Activations.relu(y), widths[i]);
            }
            return y;
        };
    }

    /// Batch norm of the input as it comes, by rows; instance norm; two convolutions of an odd number of channels, the
    /// second one in groups, both with a stride and one with batch norm; pooling of both kinds, dropout and a linear
    /// layer.
    static Model convolutional() {
        return (scope, x) -> {
            Tensor a = batchNorm(scope, "input", x);
            Tensor b = Standardization.standardize(a, 1e-5, 2, 3).values().plus(a.times(0.5));
            Tensor c = batchNorm(scope, "norm", convolution(scope, "first", b, 7, 5, 2, 2, 1));
            Tensor d = Pooling.maxPool(Activations.relu(c), 3, 1, 1);
            Tensor e = Activations.gelu(convolution(scope, "second", d, 14, 3, 2, 1, 7));
            Tensor f = Randoms.dropout(scope.random(), Pooling.avgPool(e, 2, 1, 0), 0.25);
            return linear(scope, "last", f.reshape(f.shape().size(0), -1), CLASSES);
        };
    }

    /// LeNet as Caffe has it.
    static Model lenet() {
        return (scope, x) -> {
            Tensor a = Pooling.maxPool(convolution(scope, "first", x, 20, 5, 1, 0, 1), 2, 2, 0);
            Tensor b = Pooling.maxPool(convolution(scope, "second", a, 50, 5, 1, 0, 1), 2, 2, 0);
            Tensor c = linear(scope, "third", b.reshape(b.shape().size(0), -1), 500);
            return linear(scope, "last", Activations.relu(c), CLASSES);
        };
    }

    /// Convolutions tap by tap and by Winograd's method, and two layers behind them, without batch normalisation.
    static Model inferring() {
        return (scope, x) -> {
            Tensor a = Activations.relu(convolution(scope, "first", x, 16, 5, 1, 2, 1));
            Tensor b = Activations.relu(convolution(scope, "wide", a, 20, 3, 1, 1, 1));
            Tensor c =
                    Activations.relu(linear(scope, "third", b.reshape(b.shape().size(0), -1), 40));
            return linear(scope, "last", c, CLASSES);
        };
    }

    /// Convolutions with batch normalisation, two of each width and a pooling behind them.
    static Model normalised(int... widths) {
        return (scope, x) -> {
            Tensor y = x;
            for (int i = 0; i < 2 * widths.length; i++) {
                y = Activations.relu(block(scope, "layer" + i, y, widths[i / 2], 3, 1));
                y = i % 2 == 0 ? y : Pooling.maxPool(y, 2, 2, 0);
            }
            return linear(scope, "last", y.reshape(y.shape().size(0), -1), CLASSES);
        };
    }

    /// A network whose second convolution goes by Winograd's method for images of [#WIDE].
    static Model wide() {
        return normalised(32);
    }

    /// A residual network of three widths with so many pairs of convolutions each: 3 of them make ResNet-20.
    static Model residual(int pairs) {
        return (scope, x) -> {
            Tensor y = Activations.relu(block(scope, "first", x, 16, 3, 1));
            for (int i = 0; i < 3 * pairs; i++) {
                int out = 16 << (i / pairs);
                int stride = out / y.shape().size(1);
                Tensor a = Activations.relu(block(scope, "a" + i, y, out, 3, stride));
                Tensor b = block(scope, "b" + i, a, out, 3, 1);
                Tensor same = stride == 1 ? y : block(scope, "same" + i, y, out, 1, stride);
                y = Activations.relu(b.plus(same));
            }
            return linear(scope, "last", y.mean(2, 3), CLASSES);
        };
    }

    /// A convolution and its normalisation, which keeps a running variance as `nn` does.
    private static Tensor block(Scope scope, String name, Tensor x, int out, int kernel, int stride) {
        int in = x.shape().size(1);
        Initial initial = normal(in * kernel * kernel);
        Tensor weight = scope.parameter(name + ".weight", Role.WEIGHT, initial, out, in, kernel, kernel);
        Tensor y = Convolutions.conv2d(x, weight, null, stride, kernel / 2, 1, 1);
        Standardization.Result batch = Standardization.standardize(y, 1e-5, 0, 2, 3);
        double count = y.shape().count() / (double) out;
        Tensor running = scope.buffer(
                name + ".variance", new TensorType(scope.type(), Shape.of(out)), (type, _) -> Array.zeros(type));
        Tensor unbiased = batch.variance().reshape(out).times(count / (count - 1));
        scope.assign(running, running.times(0.9).plus(unbiased.times(0.1)));
        Tensor scale = scope.parameter(name + ".scale", Role.NORM, normal(1), out);
        Tensor shift = scope.parameter(name + ".shift", Role.NORM, normal(1), out);
        return batch.values().times(scale.reshape(1, out, 1, 1)).plus(shift.reshape(1, out, 1, 1));
    }

    private static Tensor linear(Scope scope, String name, Tensor x, int out) {
        int in = x.shape().size(-1);
        Tensor weight = scope.parameter(name + ".weight", Role.WEIGHT, normal(in), out, in);
        return Products.linear(x, weight, scope.parameter(name + ".bias", Role.BIAS, normal(in), out));
    }

    private static Tensor convolution(
            Scope scope, String name, Tensor x, int out, int kernel, int stride, int padding, int groups) {
        int in = x.shape().size(1) / groups;
        int taps = in * kernel * kernel;
        Tensor weight = scope.parameter(name + ".weight", Role.WEIGHT, normal(taps), out, in, kernel, kernel);
        Tensor bias = scope.parameter(name + ".bias", Role.BIAS, normal(taps), out);
        return Convolutions.conv2d(x, weight, bias, stride, padding, 1, groups);
    }

    /// Over all axes but the channels, with running statistics.
    private static Tensor batchNorm(Scope scope, String name, Tensor x) {
        int channels = x.shape().size(1);
        Standardization.Result batch = Standardization.standardize(x, 1e-5, 0, 2, 3);
        follow(scope, name + ".mean", batch.mean().reshape(channels));
        follow(scope, name + ".variance", batch.variance().reshape(channels));
        Tensor weight = scope.parameter(name + ".weight", Role.NORM, normal(1), channels);
        Tensor bias = scope.parameter(name + ".bias", Role.NORM, normal(4), channels);
        return batch.values().times(weight.plus(1).reshape(1, channels, 1, 1)).plus(bias.reshape(1, channels, 1, 1));
    }

    private static void follow(Scope scope, String name, Tensor value) {
        Tensor running = scope.buffer(name, value.type(), (type, _) -> Array.zeros(type));
        scope.assign(running, running.times(0.9).plus(value.times(0.1)));
    }

    private static Initial normal(int inputs) {
        return (type, random) -> {
            Array values = Array.zeros(type);
            for (int i = 0; i < values.count(); i++) {
                values.set(i, random.normal(type.type(), i) / Math.sqrt(inputs));
            }
            return values;
        };
    }

    /// A batch of random examples and classes.
    static Array[] batch(Type type, int... sizes) {
        Philox random = Philox.of(1, 2, 3);
        Array x = Array.zeros(new TensorType(type, Shape.of(sizes)));
        for (int i = 0; i < x.count(); i++) {
            x.set(i, random.normal(type, i));
        }
        Array classes = Array.zeros(TensorType.of(Type.INT64, sizes[0]));
        for (int i = 0; i < sizes[0]; i++) {
            classes.setLong(i, Math.floorMod(random.bits(i), CLASSES));
        }
        return new Array[] {x, classes};
    }

    /// Trains some steps and gives all bits of the losses and the state, mixed, after each step of these numbers.
    private static String digests(Model model, Type type, int threads, List<Integer> after, int... sizes) {
        Session session = new Session(11, type, threads);
        Step step = session.step("train", Scope.Mode.TRAIN, momentum(model));
        Array[] batch = batch(type, sizes);
        StringBuilder text = new StringBuilder();
        long digest = 1;
        for (int i = 1; i <= after.getLast(); i++) {
            digest = mixed(digest, step.run(batch));
            if (after.contains(i)) {
                List<Array> states = session.states().stream()
                        .map(key -> session.state(key.path()))
                        .toList();
                text.append(" ").append(i).append(":").append(Long.toHexString(mixed(digest, states)));
            }
        }
        return text.toString();
    }

    /// All bits of these numbers, mixed into those before.
    static long mixed(long digest, List<Array> arrays) {
        long mixed = digest;
        for (Array array : arrays) {
            for (double value : array.toDoubles()) {
                if (!Double.isFinite(value)) {
                    throw new IllegalStateException("Of numbers that are not finite, bits say little.");
                }
                mixed = mixed * 31 + Double.doubleToRawLongBits(value);
            }
        }
        return mixed;
    }

    /// Prints, in a JVM of its own, the digests after so many steps and fewer (`digests STEPS`), also before and after
    /// kernels are compiled (`warming STEPS`), or what a step allocates (`allocation TYPE`).
    public static void main(String[] arguments) {
        int threads = Runtime.getRuntime().availableProcessors();
        switch (arguments[0]) {
            case "allocation" -> System.out.println("allocated " + allocated(Type.valueOf(arguments[1])));
            case "warming" -> warming(threads, Integer.parseInt(arguments[1]));
            default -> System.out.println(digests(threads, Integer.parseInt(arguments[1])));
        }
    }

    /// The digests before and after kernels have gone over to vector code, and then what a step allocates.
    private static void warming(int threads, int steps) {
        System.out.println(digests(threads, steps));
        for (int i = 0; i < 3; i++) {
            digests(threads, 4 * steps);
            WarmUp.await();
        }
        System.out.println("vector code");
        System.out.println(digests(threads, steps));
        System.out.println("allocated " + allocated(Type.FLOAT32));
        System.out.println("stay plain: " + WarmUp.plain());
    }

    /// The fewest bytes that a training step has allocated. Vector code that is not compiled yet allocates, and the
    /// compiler takes its time (of the processor, which others may use too): so the first run of many that allocates
    /// nothing ends it.
    private static long allocated(Type type) {
        Step step = new Session(1, type, 1).step("train", Scope.Mode.TRAIN, momentum(convolutional()));
        Array[] batch = batch(type, 33, 2, 16, 36);
        Array[] loss = step.run(batch).toArray(Array[]::new);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        while (least > 0 && system.getProcessCpuTime() < 90e9) {
            long before = threads.getCurrentThreadAllocatedBytes();
            step.runInto(loss, batch);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /// Sizes at which products, convolutions, pooling, folds and copies come in several parts, and what follows the input
    /// in slices; and Winograd's method. That many steps in `float32`, a few in `float64`.
    static String digests(int threads, int steps) {
        StringBuilder text = new StringBuilder("digests");
        for (Type type : new Type[] {Type.FLOAT32, Type.FLOAT64}) {
            text.append(" ").append(type);
            text.append(digests(perceptron(400, 130, CLASSES), type, threads, List.of(1), 67, 301));
            List<Integer> after =
                    type == Type.FLOAT64 || steps <= FEW_STEPS ? List.of(FEW_STEPS) : List.of(FEW_STEPS, steps);
            text.append(digests(convolutional(), type, threads, after, 39, 3, 16, 18));
        }
        List<Integer> after = steps <= FEW_STEPS ? List.of(FEW_STEPS) : List.of(FEW_STEPS, steps);
        text.append(" wide").append(digests(wide(), Type.FLOAT32, threads, after, WIDE));
        return text.toString();
    }
}
