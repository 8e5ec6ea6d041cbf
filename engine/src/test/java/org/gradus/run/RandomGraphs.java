package org.gradus.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Reduce;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Functions;
import org.gradus.ops.Indexing;
import org.gradus.ops.LogSoftmax;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;
import org.gradus.ops.Scans;
import org.gradus.ops.Softmax;
import org.gradus.ops.Views;

/// Random computations, made from a seed: every function keeps numbers in a range where all of them are smooth.
final class RandomGraphs {
    private final Random random;
    private final List<Tensor> pool = new ArrayList<>();

    private RandomGraphs(long seed) {
        this.random = new Random(seed);
    }

    /// The inputs of the graph with that seed: one to three tensors of up to three axes.
    static List<Array> inputs(long seed, Type type) {
        Random random = new Random(seed * 31 + 7);
        List<Array> inputs = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            int[] sizes = random.ints(random.nextInt(4), 1, 6).toArray();
            Array values = Array.zeros(new TensorType(type, Shape.of(sizes)));
            for (int k = 0; k < values.count(); k++) {
                values.set(k, (float) (random.nextDouble() * 3 - 1.5));
            }
            inputs.add(values);
        }
        return inputs;
    }

    /// Some values computed from the inputs, each a floating-point tensor.
    static List<Tensor> outputs(long seed, List<Tensor> inputs) {
        RandomGraphs graph = new RandomGraphs(seed);
        graph.pool.addAll(inputs);
        int size = 4 + graph.random.nextInt(20);
        for (int i = 0; i < size; i++) {
            graph.pool.add(graph.next(graph.pick()));
        }
        List<Tensor> outputs = new ArrayList<>(List.of(graph.pool.getLast()));
        for (int i = 0; i < graph.random.nextInt(3); i++) {
            outputs.add(graph.pick());
        }
        return outputs;
    }

    private Tensor pick() {
        return pool.get(Math.max(random.nextInt(pool.size()), random.nextInt(pool.size())));
    }

    private Tensor next(Tensor x) {
        int rank = x.shape().rank();
        return switch (random.nextInt(rank == 0 ? 9 : 24)) {
            case 0 -> x.tanh();
            case 1 -> x.sigmoid().plus(0.25);
            case 2 -> Functions.sin(x.times(0.7));
            case 3 -> x.minus(0.5).times(0.9);
            case 4 -> Activations.silu(x);
            case 5 -> Logic.where(Logic.less(x, 0.1234567), x.squared().times(0.3), Elementwise.log1p(x.exp()));
            case 6 -> binary(x, pick());
            case 7 -> Elementwise.stopGradient(x).plus(x.times(0.5));
            case 8 -> x.broadcastTo(x.shape().inserted(0, 1 + random.nextInt(2)));
            case 9 -> x.sum(axis(rank)).div(4);
            case 10 -> x.mean(axis(rank));
            case 11 -> x.reduce(random.nextBoolean() ? Reduce.Kind.MAX : Reduce.Kind.MIN, axis(rank));
            case 12 -> Reductions.logSumExp(x, axis(rank));
            case 13 -> Softmax.softmax(x, axis(rank));
            case 14 -> LogSoftmax.logSoftmax(x, axis(rank)).times(0.3);
            case 15 -> x.permute(shuffled(rank));
            case 16 -> x.reshape(-1);
            case 17 -> Views.flip(x, axis(rank));
            case 18 -> Views.slice(x, axis(rank), 0, Integer.MAX_VALUE, 1 + random.nextInt(2));
            case 19 -> Views.pad(x, axis(rank), random.nextInt(2), random.nextInt(2), 0.5);
            case 20 -> Views.concat(axis(rank), x, x.tanh());
            case 21 -> Scans.cumsum(x.times(0.3), axis(rank));
            case 22 ->
                rank < 2
                        ? Views.unsqueeze(x, 0)
                        : x.matmul(x.transposed()).div(x.shape().size(-1) + 1);
            default -> indexed(x, axis(rank));
        };
    }

    private Tensor indexed(Tensor x, int axis) {
        long last = x.shape().size(axis) - 1L;
        return Indexing.indexSelect(x, axis, x.tracer().constant(Array.of(Shape.of(3), last, 0L, last)));
    }

    private Tensor binary(Tensor x, Tensor other) {
        Tensor y = fits(x.shape(), other.shape()) ? other : other.mean();
        return switch (random.nextInt(4)) {
            case 0 -> x.plus(y).times(0.5);
            case 1 -> x.times(y.tanh());
            case 2 -> x.div(y.squared().plus(1));
            default -> Elementwise.maximum(x, y.plus(0.0123));
        };
    }

    private static boolean fits(Shape a, Shape b) {
        int rank = Math.min(a.rank(), b.rank());
        for (int back = 1; back <= rank; back++) {
            int left = a.size(-back);
            int right = b.size(-back);
            if (left != right && left != 1 && right != 1) {
                return false;
            }
        }
        return a.count() * b.count() < 4000;
    }

    private int axis(int rank) {
        return random.nextInt(rank);
    }

    private int[] shuffled(int rank) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            order.add(random.nextInt(i + 1), i);
        }
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
