package org.gradus.bench.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.gradus.bench.side.Numbers;
import org.gradus.bench.side.Product;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Work;
import org.gradus.bench.side.Worker;

/// The rows in DJL on PyTorch's native CPU engine, as a program.
final class DjlSide {
    private final Engine engine = Engine.getEngine("PyTorch");
    private final NDManager manager = engine.newBaseManager();

    /// What is computed under a manager, which it belongs to.
    @FunctionalInterface
    private interface Operation {
        NDList results(NDManager sub);
    }

    private DjlSide() {}

    /// Serves a row, as [Worker] says.
    public static void main(String... arguments) throws IOException {
        Worker.serve((row, _, weights) -> new DjlSide().work(row, weights), arguments);
    }

    private Work work(Row row, Path weights) {
        return switch (row.name()) {
            case "batchnorm" -> batchNorm();
            case "layernorm" -> layerNorm();
            case "crossentropy" -> crossEntropy();
            case "conv-forward" -> convolution();
            case "conv-input", "conv-weight" ->
                throw new UnsupportedOperationException("DJL gives gradients only behind a pass forward");
            case "elementwise" -> elementwise();
            case "momentum" -> update(momentum());
            case "adam" ->
                update(Optimizer.adam()
                        .optLearningRateTracker(Tracker.fixed(Numbers.RATE))
                        .build());
            default ->
                row.name().startsWith("gemm")
                        ? product(Product.of(row))
                        : new DjlNetworks(engine, manager, weights).work(row);
        };
    }

    static Optimizer momentum() {
        return Optimizer.sgd()
                .setLearningRateTracker(Tracker.fixed(Numbers.RATE))
                .optMomentum(Numbers.MOMENTUM)
                .build();
    }

    private NDArray uniform(int seed, int... sizes) {
        return manager.create(Numbers.uniform(seed, sizes), shape(sizes));
    }

    static Shape shape(int... sizes) {
        return new Shape(IntStream.of(sizes).mapToLong(size -> size).toArray());
    }

    /// Work whose results are checked by their root mean squares.
    private Work of(Operation operation) {
        return new Work() {
            @Override
            public void run() {
                try (NDManager sub = manager.newSubManager()) {
                    operation.results(sub);
                }
            }

            @Override
            public float[] check() {
                try (NDManager sub = manager.newSubManager()) {
                    NDList all = operation.results(sub);
                    float[] check = new float[all.size()];
                    for (int i = 0; i < check.length; i++) {
                        check[i] = Numbers.rms(all.get(i).toFloatArray());
                    }
                    return check;
                }
            }
        };
    }

    private Work product(Product p) {
        NDArray a = p.transposeA() ? uniform(0, p.left()).transpose() : uniform(0, p.left());
        NDArray b = p.transposeB() ? uniform(1, p.right()).transpose() : uniform(1, p.right());
        return of(sub -> {
            NDArray c = a.matMul(b);
            c.attach(sub);
            return new NDList(c);
        });
    }

    /// The result of a function, and its gradients for a given one; fresh leaves, so that gradients do not add up.
    private Work differentiated(List<NDArray> arguments, NDArray cotangent, Function<List<NDArray>, NDArray> function) {
        return of(sub -> {
            try (GradientCollector _ = engine.newGradientCollector()) {
                List<NDArray> leaves = new ArrayList<>();
                for (NDArray argument : arguments) {
                    NDArray leaf = argument.stopGradient();
                    leaf.attach(sub);
                    leaf.setRequiresGradient(true);
                    leaves.add(leaf);
                }
                NDArray y = function.apply(leaves);
                JniUtils.backward((PtNDArray) y, (PtNDArray) cotangent, false, false);
                NDList results = new NDList(y);
                for (NDArray leaf : leaves) {
                    NDArray gradient = leaf.getGradient();
                    gradient.attach(sub);
                    results.add(gradient);
                }
                return results;
            }
        });
    }

    private Work batchNorm() {
        int[] sizes = {64, 64, 32, 32};
        NDArray mean = manager.zeros(new Shape(64));
        NDArray variance = manager.ones(new Shape(64));
        return differentiated(
                List.of(uniform(0, sizes), manager.ones(new Shape(64)), manager.zeros(new Shape(64))),
                uniform(1, sizes),
                xs -> BatchNorm.batchNorm(xs.get(0), mean, variance, xs.get(1), xs.get(2), 1, 0.9f, 1e-5f, true)
                        .singletonOrThrow());
    }

    private Work layerNorm() {
        Shape line = new Shape(1024);
        return differentiated(
                List.of(uniform(0, 4096, 1024), manager.ones(line), manager.zeros(line)),
                uniform(1, 4096, 1024),
                xs -> LayerNorm.layerNorm(xs.get(0), line, xs.get(1), xs.get(2), 1e-5f)
                        .singletonOrThrow());
    }

    private Work crossEntropy() {
        NDArray labels = manager.create(Numbers.labels(4096, 1024));
        Loss loss = Loss.softmaxCrossEntropyLoss();
        return differentiated(List.of(uniform(0, 4096, 1024)), manager.ones(new Shape()), xs -> {
            labels.tempAttach(xs.getFirst().getManager());
            return loss.evaluate(new NDList(labels), new NDList(xs.getFirst()));
        });
    }

    private Work convolution() {
        NDArray x = manager.create(
                Numbers.permuted(Numbers.uniform(0, 64, 32, 32, 32), new int[] {64, 32, 32, 32}, 0, 3, 1, 2),
                new Shape(64, 32, 32, 32));
        NDArray w = uniform(1, 32, 32, 3, 3);
        return of(sub -> {
            NDArray y = DjlNetworks.convolve(x, w, null, 1, 1);
            y.attach(sub);
            return new NDList(y);
        });
    }

    private Work elementwise() {
        return differentiated(List.of(uniform(0, 4 << 20)), uniform(1, 4 << 20), xs -> {
            NDArray x = xs.getFirst();
            return x.mul(1.3f).add(0.1f).tanh().mul(Activation.sigmoid(x)).add(Activation.relu(x));
        });
    }

    private Work update(Optimizer optimizer) {
        List<NDArray> weights = new ArrayList<>();
        List<NDArray> gradients = new ArrayList<>();
        for (int i = 0; i < Numbers.MATRICES; i++) {
            weights.add(manager.zeros(new Shape(Numbers.MATRIX_SIZE, Numbers.MATRIX_SIZE)));
            gradients.add(uniform(i, Numbers.MATRIX_SIZE, Numbers.MATRIX_SIZE));
        }
        return of(_ -> {
            for (int i = 0; i < Numbers.MATRICES; i++) {
                optimizer.update("weight" + i, weights.get(i), gradients.get(i));
            }
            return new NDList(weights);
        });
    }
}
