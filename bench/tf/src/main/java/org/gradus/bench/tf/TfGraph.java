package org.gradus.bench.tf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.gradus.bench.side.Numbers;
import org.gradus.bench.side.Work;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/// A graph of TensorFlow with variables that start with given numbers, and a session that runs it.
final class TfGraph {
    final Graph graph = new Graph();
    final Ops tf = Ops.create(graph);
    final List<Variable<TFloat32>> variables = new ArrayList<>();
    private final Map<Placeholder<TFloat32>, TFloat32> starts = new LinkedHashMap<>();
    private final List<Op> assignments = new ArrayList<>();

    /// A variable, which starts with these numbers.
    Variable<TFloat32> variable(float[] numbers, int... sizes) {
        Shape shape = shape(sizes);
        Variable<TFloat32> variable = tf.variable(shape, TFloat32.class);
        Placeholder<TFloat32> start = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
        starts.put(start, tensor(numbers, sizes));
        assignments.add(tf.assign(variable, start));
        variables.add(variable);
        return variable;
    }

    Variable<TFloat32> zeros(Variable<TFloat32> like) {
        int[] sizes =
                LongStream.of(like.shape().asArray()).mapToInt(Math::toIntExact).toArray();
        return variable(new float[Numbers.count(sizes)], sizes);
    }

    static Shape shape(int... sizes) {
        return Shape.of(IntStream.of(sizes).mapToLong(size -> size).toArray());
    }

    static TFloat32 tensor(float[] numbers, int... sizes) {
        return TFloat32.tensorOf(shape(sizes), DataBuffers.of(numbers));
    }

    /// The gradients of tensors, given those that flow back into them.
    List<Operand<TFloat32>> gradients(
            Operand<TFloat32> y, Operand<TFloat32> flowing, List<? extends Operand<TFloat32>> by) {
        Output<?>[] gradients = graph.addGradients(
                null, new Output<?>[] {y.asOutput()}, outputs(by), new Output<?>[] {flowing.asOutput()});
        return operands(gradients);
    }

    /// The gradients of a scalar.
    List<Operand<TFloat32>> gradients(Operand<TFloat32> loss, List<? extends Operand<TFloat32>> by) {
        return operands(graph.addGradients(loss.asOutput(), outputs(by)));
    }

    private static Output<?>[] outputs(List<? extends Operand<TFloat32>> operands) {
        return operands.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
    }

    @SuppressWarnings("unchecked") // gradients are of the type of what they belong to
    private static List<Operand<TFloat32>> operands(Output<?>... outputs) {
        return Arrays.stream(outputs).map(each -> (Operand<TFloat32>) each).toList();
    }

    Operand<TFloat32> convolve(Operand<TFloat32> x, Operand<TFloat32> weight, int stride, String padding) {
        return tf.nn.conv2d(x, weight, List.of(1L, (long) stride, (long) stride, 1L), padding);
    }

    Operand<TFloat32> batchNorm(Operand<TFloat32> x, Operand<TFloat32> scale, Operand<TFloat32> offset) {
        Operand<TFloat32> none = tf.constant(new float[0]);
        return tf.nn.fusedBatchNorm(
                        x, scale, offset, none, none, FusedBatchNorm.isTraining(true), FusedBatchNorm.epsilon(1e-5f))
                .y();
    }

    /// Gives all variables their numbers, and a session.
    Session start(int threads) {
        Session session = new Session(
                graph,
                ConfigProto.newBuilder()
                        .setIntraOpParallelismThreads(threads)
                        .setInterOpParallelismThreads(threads)
                        .build());
        Session.Runner runner = session.runner();
        starts.forEach(runner::feed);
        assignments.forEach(runner::addTarget);
        runner.run().close();
        starts.values().forEach(TFloat32::close);
        starts.clear();
        return session;
    }

    /// Work that computes these and fetches nothing; checked by their root mean squares.
    Work work(int threads, List<? extends Operand<TFloat32>> results) {
        Session session = start(threads);
        return new Work() {
            @Override
            public void run() {
                Session.Runner runner = session.runner();
                results.forEach(runner::addTarget);
                runner.run().close();
            }

            @Override
            public float[] check() {
                Session.Runner runner = session.runner();
                results.forEach(runner::fetch);
                try (Result fetched = runner.run()) {
                    float[] check = new float[results.size()];
                    for (int i = 0; i < check.length; i++) {
                        check[i] = rms((TFloat32) fetched.get(i));
                    }
                    return check;
                }
            }
        };
    }

    /// The labels as rows of probabilities: TensorFlow's C++ gradients know no others.
    static float[] oneHot(int count, int classes) {
        long[] labels = Numbers.labels(count, classes);
        float[] rows = new float[count * classes];
        for (int i = 0; i < count; i++) {
            rows[i * classes + (int) labels[i]] = 1;
        }
        return rows;
    }

    static float rms(TFloat32 tensor) {
        float[] numbers = new float[(int) tensor.size()];
        tensor.asRawTensor().data().asFloats().read(numbers);
        return Numbers.rms(numbers);
    }
}
