package org.gradus.bench.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.gradus.bench.side.Numbers;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Weights;
import org.gradus.bench.side.Work;
import org.jspecify.annotations.Nullable;

/// The networks in DJL, with Gradus' initial weights under Gradus' names.
final class DjlNetworks {
    private final Engine engine;
    private final NDManager manager;
    private final Map<String, NDArray> weights = new LinkedHashMap<>();
    private final Map<String, NDArray> statistics = new LinkedHashMap<>();

    DjlNetworks(Engine engine, NDManager manager, Path file) {
        this.engine = engine;
        this.manager = manager;
        Weights.read(file)
                .forEach((name, weight) ->
                        weights.put(name, manager.create(weight.numbers(), DjlSide.shape(weight.sizes()))));
    }

    Work work(Row row) {
        int[] sizes = Numbers.input(row);
        NDArray x = manager.create(Numbers.uniform(1, sizes), DjlSide.shape(sizes));
        if (row.name().contains("infer")) {
            return inference(x);
        }
        NDArray y = manager.create(Numbers.labels(row.samples(), 10));
        return switch (row.name()) {
            case "mlp" -> training(x, y, () -> loss(mlp(x), y));
            case "lenet", "cold" -> training(x, y, () -> loss(lenet(x), y));
            case "lenet-deep" -> training(x, y, () -> deeplySupervised(x, y));
            case "bnconv" -> training(x, y, () -> loss(bnconv(x), y));
            case "resnet20" -> training(x, y, () -> loss(resnet20(x), y));
            default -> throw new UnsupportedOperationException(row.name());
        };
    }

    private Work inference(NDArray x) {
        return new Work() {
            @Override
            public void run() {
                try (NDManager sub = manager.newSubManager()) {
                    x.tempAttach(sub);
                    lenet(x);
                }
            }

            @Override
            public float[] check() {
                return new float[] {Numbers.rms(lenet(x).toFloatArray())};
            }
        };
    }

    private Work training(NDArray x, NDArray labels, Supplier<NDArray> objective) {
        Optimizer optimizer = DjlSide.momentum();
        weights.values().forEach(weight -> weight.setRequiresGradient(true));
        return new Work() {
            private float last;

            @Override
            public void run() {
                try (NDManager sub = manager.newSubManager()) {
                    try (GradientCollector collector = engine.newGradientCollector()) {
                        // What is computed belongs to the manager of the first array that it is computed from.
                        weights.values().forEach(weight -> weight.tempAttach(sub));
                        x.tempAttach(sub);
                        labels.tempAttach(sub);
                        NDArray loss = objective.get();
                        collector.backward(loss);
                        last = loss.getFloat();
                    }
                    weights.forEach((name, weight) -> {
                        try (NDArray gradient = weight.getGradient()) {
                            optimizer.update(name, weight, gradient);
                        }
                    });
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

    private static NDArray loss(NDArray logits, NDArray labels) {
        return Loss.softmaxCrossEntropyLoss().evaluate(new NDList(labels), new NDList(logits));
    }

    private NDArray weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    private NDArray linear(String name, NDArray x) {
        return Linear.linear(x, weight(name + ".weight"), weight(name + ".bias"))
                .singletonOrThrow();
    }

    static NDArray convolve(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding) {
        return Conv2d.conv2d(x, weight, bias, new Shape(stride, stride), new Shape(padding, padding), new Shape(1, 1))
                .singletonOrThrow();
    }

    private NDArray convolution(String name, NDArray x) {
        return convolve(x, weight(name + ".weight"), weight(name + ".bias"), 1, 0);
    }

    private static NDArray pool(NDArray x) {
        return x.getNDArrayInternal().maxPool(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false);
    }

    private static NDArray flat(NDArray x) {
        return x.reshape(x.getShape().get(0), -1);
    }

    /// A 3x3 convolution without bias, and batch norm.
    private NDArray normalised(String prefix, String number, NDArray x, int stride) {
        NDArray y = convolve(x, weight(prefix + "conv" + number + ".weight"), null, stride, 1);
        String bn = prefix + "bn" + number;
        NDArray scale = weight(bn + ".weight");
        NDArray mean = statistics.computeIfAbsent(bn + " mean", _ -> manager.zeros(scale.getShape()));
        NDArray variance = statistics.computeIfAbsent(bn + " variance", _ -> manager.ones(scale.getShape()));
        return BatchNorm.batchNorm(y, mean, variance, scale, weight(bn + ".bias"), 1, 0.9f, 1e-5f, true)
                .singletonOrThrow();
    }

    private NDArray mlp(NDArray x) {
        return linear("4", Activation.relu(linear("2", Activation.relu(linear("0", x)))));
    }

    private NDArray lenet(NDArray x) {
        NDArray y = flat(pool(convolution("conv2", pool(convolution("conv1", x)))));
        return linear("ip2", Activation.relu(linear("ip1", y)));
    }

    private NDArray deeplySupervised(NDArray x, NDArray labels) {
        NDArray y = pool(convolution("conv1", x));
        NDArray z = flat(pool(convolution("conv2", y)));
        NDArray sides = loss(linear("side1", flat(y)), labels).add(loss(linear("side2", z), labels));
        return loss(linear("ip2", Activation.relu(linear("ip1", z))), labels).add(sides.mul(Numbers.SIDE_WEIGHT));
    }

    private NDArray bnconv(NDArray x) {
        NDArray y = x;
        for (int i = 1; i <= 6; i++) {
            y = Activation.relu(normalised("", String.valueOf(i), y, 1));
            y = i % 2 == 0 ? pool(y) : y;
        }
        return linear("fc", flat(y));
    }

    private NDArray resnet20(NDArray x) {
        NDArray y = Activation.relu(normalised("", "1", x, 1));
        for (int stage = 1; stage <= 3; stage++) {
            for (int i = 0; i < 3; i++) {
                int stride = stage > 1 && i == 0 ? 2 : 1;
                String prefix = "layer" + stage + "." + i + ".";
                NDArray z = Activation.relu(normalised(prefix, "1", y, stride));
                y = Activation.relu(normalised(prefix, "2", z, 1).add(stride == 1 ? y : narrowed(y)));
            }
        }
        return linear("fc", flat(y.getNDArrayInternal().globalAvgPool()));
    }

    /// Every second pixel, with as many channels of zeros around.
    private static NDArray narrowed(NDArray x) {
        NDArray y = x.get(":, :, ::2, ::2");
        Shape shape = y.getShape();
        NDArray zeros = y.getManager().zeros(new Shape(shape.get(0), shape.get(1) / 2, shape.get(2), shape.get(3)));
        return NDArrays.concat(new NDList(zeros, y, zeros), 1);
    }
}
