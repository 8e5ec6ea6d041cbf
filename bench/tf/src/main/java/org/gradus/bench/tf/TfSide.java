package org.gradus.bench.tf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.gradus.bench.side.Numbers;
import org.gradus.bench.side.Product;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Work;
import org.gradus.bench.side.Worker;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/// The rows in TensorFlow for Java, as a program. Images lie channels last, as TensorFlow wants them on a CPU; operands
/// are variables, so that nothing is folded or copied in.
final class TfSide {
    private final TfGraph graph = new TfGraph();
    private final Ops tf = graph.tf;
    private final int threads;

    private TfSide(int threads) {
        this.threads = threads;
    }

    /// Serves a row, as [Worker] says.
    public static void main(String... arguments) throws IOException {
        Worker.serve((row, threads, weights) -> new TfSide(threads).work(row, weights), arguments);
    }

    private Work work(Row row, Path weights) {
        return switch (row.name()) {
            case "batchnorm" -> batchNorm();
            case "layernorm" -> layerNorm();
            case "crossentropy" -> crossEntropy();
            case "conv-forward", "conv-input", "conv-weight" -> convolution(row.name());
            case "elementwise" -> elementwise();
            case "momentum", "adam" -> update(row.name());
            default ->
                row.name().startsWith("gemm")
                        ? product(Product.of(row))
                        : new TfNetworks(graph, threads, weights).work(row);
        };
    }

    private Variable<TFloat32> uniform(int seed, int... sizes) {
        return graph.variable(Numbers.uniform(seed, sizes), sizes);
    }

    private Work results(Operand<TFloat32> y, List<Operand<TFloat32>> gradients) {
        List<Operand<TFloat32>> all = new ArrayList<>(List.of(y));
        all.addAll(gradients);
        return graph.work(threads, all);
    }

    private Work product(Product p) {
        return graph.work(
                threads,
                List.of(tf.linalg.matMul(
                        uniform(0, p.left()),
                        uniform(1, p.right()),
                        MatMul.transposeA(p.transposeA()),
                        MatMul.transposeB(p.transposeB()))));
    }

    private Variable<TFloat32> image(int seed) {
        int[] sizes = {64, 64, 32, 32};
        return graph.variable(Numbers.permuted(Numbers.uniform(seed, sizes), sizes, 0, 2, 3, 1), 64, 32, 32, 64);
    }

    private Variable<TFloat32> line(int count, float value) {
        float[] numbers = new float[count];
        java.util.Arrays.fill(numbers, value);
        return graph.variable(numbers, count);
    }

    private Work batchNorm() {
        Variable<TFloat32> x = image(0);
        Variable<TFloat32> dy = image(1);
        Variable<TFloat32> scale = line(64, 1);
        Variable<TFloat32> offset = line(64, 0);
        Operand<TFloat32> y = graph.batchNorm(x, scale, offset);
        return results(y, graph.gradients(y, dy, List.of(x, scale, offset)));
    }

    /// TensorFlow has no layer norm of its own: this is what Keras does.
    private Work layerNorm() {
        Variable<TFloat32> x = uniform(0, 4096, 1024);
        Variable<TFloat32> dy = uniform(1, 4096, 1024);
        Variable<TFloat32> scale = line(1024, 1);
        Variable<TFloat32> offset = line(1024, 0);
        Operand<TFloat32> ones = tf.constant(filled(4096, 1));
        Operand<TFloat32> zeros = tf.constant(filled(4096, 0));
        Operand<TFloat32> image = tf.reshape(x, tf.constant(new int[] {1, 4096, 1024, 1}));
        Operand<TFloat32> none = tf.constant(new float[0]);
        Operand<TFloat32> normal = tf.nn.fusedBatchNorm(
                        image,
                        ones,
                        zeros,
                        none,
                        none,
                        org.tensorflow.op.nn.FusedBatchNorm.isTraining(true),
                        org.tensorflow.op.nn.FusedBatchNorm.epsilon(1e-5f),
                        org.tensorflow.op.nn.FusedBatchNorm.dataFormat("NCHW"))
                .y();
        Operand<TFloat32> flat = tf.reshape(normal, tf.constant(new int[] {4096, 1024}));
        Operand<TFloat32> y = tf.math.add(tf.math.mul(flat, scale), offset);
        return results(y, graph.gradients(y, dy, List.of(x, scale, offset)));
    }

    private Work crossEntropy() {
        Variable<TFloat32> x = uniform(0, 4096, 1024);
        Operand<TFloat32> losses = tf.nn.softmaxCrossEntropyWithLogits(
                        x, graph.variable(TfGraph.oneHot(4096, 1024), 4096, 1024))
                .loss();
        Operand<TFloat32> loss = tf.math.mean(losses, tf.constant(0));
        return results(loss, graph.gradients(loss, List.of(x)));
    }

    private Work convolution(String name) {
        int[] sizes = {64, 32, 32, 32};
        int[] kernel = {32, 32, 3, 3};
        Variable<TFloat32> x = uniform(0, sizes);
        Variable<TFloat32> dy = uniform(2, sizes);
        Variable<TFloat32> w =
                graph.variable(Numbers.permuted(Numbers.uniform(1, kernel), kernel, 2, 3, 1, 0), 3, 3, 32, 32);
        List<Long> strides = List.of(1L, 1L, 1L, 1L);
        return graph.work(
                threads,
                List.of(
                        switch (name) {
                            case "conv-forward" -> tf.nn.conv2d(x, w, strides, "SAME");
                            case "conv-input" -> tf.nn.conv2dBackpropInput(tf.constant(sizes), w, dy, strides, "SAME");
                            default ->
                                tf.nn.conv2dBackpropFilter(
                                        x, tf.constant(new int[] {3, 3, 32, 32}), dy, strides, "SAME");
                        }));
    }

    private Work elementwise() {
        Variable<TFloat32> x = uniform(0, 4 << 20);
        Variable<TFloat32> dy = uniform(1, 4 << 20);
        Operand<TFloat32> wave = tf.math.tanh(tf.math.add(tf.math.mul(x, tf.constant(1.3f)), tf.constant(0.1f)));
        Operand<TFloat32> y = tf.math.add(tf.math.mul(wave, tf.math.sigmoid(x)), tf.nn.relu(x));
        return results(y, graph.gradients(y, dy, List.of(x)));
    }

    private Work update(String name) {
        int size = Numbers.MATRIX_SIZE;
        List<Operand<TFloat32>> updates = new ArrayList<>();
        for (int i = 0; i < Numbers.MATRICES; i++) {
            Variable<TFloat32> gradient = uniform(i, size, size);
            Variable<TFloat32> weight = graph.zeros(gradient);
            Operand<TFloat32> rate = tf.constant(Numbers.RATE);
            updates.add(
                    name.equals("momentum")
                            ? tf.train.applyMomentum(
                                    weight, graph.zeros(weight), rate, gradient, tf.constant(Numbers.MOMENTUM))
                            : tf.train.applyAdam(
                                    weight,
                                    graph.zeros(weight),
                                    graph.zeros(weight),
                                    tf.constant(0.9f),
                                    tf.constant(0.999f),
                                    rate,
                                    tf.constant(0.9f),
                                    tf.constant(0.999f),
                                    tf.constant(1e-8f),
                                    gradient));
        }
        return graph.work(threads, updates);
    }

    private static float[] filled(int count, float value) {
        float[] numbers = new float[count];
        java.util.Arrays.fill(numbers, value);
        return numbers;
    }
}
