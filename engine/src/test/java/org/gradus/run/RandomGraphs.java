package org.gradus.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Reduce;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;
import org.gradus.ops.Convolutions;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Functions;
import org.gradus.ops.Indexing;
import org.gradus.ops.LogSoftmax;
import org.gradus.ops.Logic;
import org.gradus.ops.Pooling;
import org.gradus.ops.Reductions;
import org.gradus.ops.Scans;
import org.gradus.ops.Softmax;
import org.gradus.ops.Standardization;
import org.gradus.ops.Views;

/// Random computations, made from a seed: every function keeps numbers in a range where all of them are smooth.
///
/// There are graphs of small tensors of up to three axes, of images with convolutions, and some of a tensor that is
/// large enough for stages. Half of all also change states. What occurred is counted, so that a test can see that it did.
final class RandomGraphs {
    private static final int SMALL = 30; // of a hundred
    private static final int LARGE = 96;

    private final Random random;
    private final Map<String, Integer> seen;
    private final List<Tensor> pool = new ArrayList<>();

    private RandomGraphs(long seed, Map<String, Integer> seen) {
        this.random = new Random(seed);
        this.seen = seen;
    }

    /// The inputs of the graph with that seed: one to three tensors of up to three axes; or an image and weights; or a
    /// large tensor.
    static List<Array> inputs(long seed, Type type) {
        Random random = new Random(seed * 31 + 7);
        int kind = random.nextInt(100);
        List<int[]> sizes = new ArrayList<>();
        if (kind >= LARGE) {
            int[][] large = {{257, 131}, {41, 8, 11, 10}, {3, 121, 93}, {34_000}, {37, 3, 300}};
            sizes.add(large[random.nextInt(large.length)]);
        } else if (kind >= 100 - SMALL) {
            int channels = 1 + random.nextInt(4);
            sizes.add(new int[] {1 + random.nextInt(3), channels, 3 + random.nextInt(4), 3 + random.nextInt(4)});
            sizes.add(new int[] {1 + random.nextInt(5), channels, 1 + random.nextInt(3), 1 + random.nextInt(3)});
        } else {
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                sizes.add(random.ints(random.nextInt(4), 1, 6).toArray());
            }
        }
        return sizes.stream().map(size -> values(random, type, size)).toList();
    }

    private static Array values(Random random, Type type, int... sizes) {
        Array values = Array.zeros(new TensorType(type, Shape.of(sizes)));
        for (int k = 0; k < values.count(); k++) {
            values.set(k, (float) (random.nextDouble() * 3 - 1.5));
        }
        return values;
    }

    /// Some values computed from the inputs, each a floating-point tensor.
    ///
    /// @param seen counts what occurs
    static List<Tensor> outputs(long seed, Scope scope, List<Tensor> inputs, Map<String, Integer> seen) {
        RandomGraphs graph = new RandomGraphs(seed, seen);
        graph.pool.addAll(inputs);
        boolean isLarge = inputs.get(0).shape().count() > 30_000;
        int size = isLarge ? 2 + graph.random.nextInt(4) : 4 + graph.random.nextInt(20);
        for (int i = 0; i < size; i++) {
            Tensor x = graph.pick();
            graph.pool.add(
                    isLarge
                            ? graph.large(x)
                            : x.shape().rank() == 4 && graph.random.nextInt(3) > 0
                                    ? graph.image(x, inputs.getLast())
                                    : graph.next(x));
        }
        List<Tensor> outputs = new ArrayList<>(List.of(graph.pool.getLast()));
        for (int i = 0; i < graph.random.nextInt(3); i++) {
            outputs.add(graph.pick());
        }
        if (graph.random.nextBoolean()) {
            outputs.addAll(graph.changed(scope, graph.pick()));
        }
        return outputs;
    }

    private Tensor note(String what, Tensor tensor) {
        seen.merge(what, 1, Integer::sum);
        return tensor;
    }

    /// Two states of the shape of a value change, each in one of the ways in which one can hang on the other.
    private List<Tensor> changed(Scope scope, Tensor x) {
        Initial initial = (type, stream) ->
                values(new Random(stream.bits(0)), type.type(), type.shape().sizes());
        Tensor a = scope.buffer("a", x.type(), initial);
        Tensor b = scope.buffer("b", x.type(), initial);
        Tensor last = a.times(0.5).plus(x.times(0.3));
        switch (random.nextInt(10)) {
            case 0 -> scope.assign(a, note("state: read once", last));
            case 1 -> scope.assign(a, note("state: read twice", a.tanh().plus(last)));
            case 2 -> {
                scope.assign(a, note("state: swapped", b));
                scope.assign(b, a);
            }
            case 3 -> {
                scope.assign(a, note("state: another one's old value", b));
                scope.assign(b, b.times(0.7).plus(x));
            }
            case 4 -> {
                scope.assign(a, note("state: a result as it was", last));
                return List.of(a);
            }
            case 5 -> {
                scope.assign(a, note("state: a result as it becomes", last));
                return List.of(last, last.sigmoid());
            }
            case 6 -> {
                scope.update(
                        a, old -> note("state: changed twice", old.times(0.5).plus(x)));
                scope.update(a, old -> old.tanh().plus(b));
                scope.assign(b, a.minus(b).times(0.5));
            }
            case 7 -> {
                scope.assign(a, note("state: one value for two", last));
                scope.assign(b, last);
            }
            case 8 -> {
                int rank = x.shape().rank();
                scope.assign(
                        a,
                        note("state: turned over itself", rank == 0 ? a : Views.flip(a, axis(rank)))
                                .times(0.5));
                scope.assign(b, b.minus(b.mean()));
            }
            default -> {
                scope.assign(a, note("state: momentum", last));
                scope.assign(b, b.minus(last.times(0.1)));
            }
        }
        return List.of();
    }

    /// What makes stages, of a tensor with many elements, or anything of one with few.
    private Tensor large(Tensor x) {
        if (x.shape().count() < 30_000) {
            return x.shape().count() < 3_000 ? next(x) : x.times(0.5).sigmoid();
        }
        int axis = axis(x.shape().rank());
        return switch (random.nextInt(8)) {
            case 0 -> note("large softmax", Softmax.softmax(x, axis));
            case 1 -> note("large log-softmax", LogSoftmax.logSoftmax(x, axis).times(0.3));
            case 2 -> note("large log-sum-exp", Reductions.logSumExp(x, axis));
            case 3 -> note("large standardisation of what is around an axis", standardized(x, others(x, axis)));
            case 4 -> note("large standardisation of an axis", standardized(x, axis));
            case 5 ->
                x.minus(x.mean(axis).reshape(x.shape().with(axis, 1)))
                        .times(0.5)
                        .tanh();
            case 6 -> note("large pad", Views.pad(x, axis, 1, 0, 0.5)).times(0.7);
            default -> x.squared().times(0.2).mean(axis);
        };
    }

    private static int[] others(Tensor x, int axis) {
        return IntStream.range(0, x.shape().rank()).filter(k -> k != axis).toArray();
    }

    /// With so large a constant under the root that slopes stay around 1 where all numbers are the same.
    private static Tensor standardized(Tensor x, int... axes) {
        Standardization.Result all = Standardization.standardize(x, 0.2, axes);
        return axes.length == 0
                ? x
                : all.values().plus(all.mean()).times(0.5).plus(all.variance().times(0.1));
    }

    /// What takes images with their channels last, and what may follow.
    private Tensor image(Tensor x, Tensor weight) {
        int[] size = x.shape().sizes();
        return switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> convolved(x, weight);
            case 4 ->
                size[2] < 2 || size[3] < 2
                        ? x.times(0.5)
                        : note("maximum pooling", Pooling.maxPool(x, 2, 1 + random.nextInt(2), random.nextInt(2)));
            case 5 ->
                size[2] < 2 || size[3] < 2
                        ? x.times(0.5)
                        : note("average pooling", Pooling.avgPool(x, 2, 1 + random.nextInt(2), random.nextInt(2)));
            case 6 -> note("image: standardised over 0, 2, 3", standardized(x, 0, 2, 3));
            case 7 -> note("image: folded over 0, 2, 3", x.sigmoid().mean(0, 2, 3));
            case 8 -> note("image: softmax over channels", Softmax.softmax(x, 1));
            case 9 -> note("image: channels last", x.permute(0, 2, 3, 1).tanh());
            case 10 -> {
                Tensor joined = Views.concat(1, x.tanh(), x.times(0.5));
                yield note("image: channels joined and split", joined.reshape(size[0], 2, size[1], size[2], size[3]))
                        .mean(random.nextInt(5));
            }
            case 11 ->
                note("image: padded channels", Views.pad(x, random.nextInt(4), 1, 1, 0.5))
                        .plus(0.1);
            case 12 -> note("image: gathered", indexed(x, random.nextInt(4)));
            default ->
                note("image: a map read twice", x.times(0.5).plus(0.2))
                        .squared()
                        .mean(0, 2, 3)
                        .reshape(1, size[1], 1, 1)
                        .plus(x.times(0.5).plus(0.2));
        };
    }

    private Tensor convolved(Tensor x, Tensor weight) {
        Shape shape = x.shape();
        int padding = random.nextInt(2);
        boolean fits = weight.shape().rank() == 4
                && shape.size(1) == weight.shape().size(1)
                && shape.size(2) + 2 * padding >= weight.shape().size(2)
                && shape.size(3) + 2 * padding >= weight.shape().size(3);
        if (!fits) {
            return note(
                    "convolution of any channels",
                    Convolutions.conv2d(
                                    x,
                                    x.mean(0).reshape(1, shape.size(1), shape.size(2), shape.size(3)),
                                    null,
                                    1,
                                    1,
                                    1,
                                    1)
                            .div(shape.part(1, 4).count()));
        }
        Tensor scaled = weight.div(Math.sqrt(weight.shape().part(1, 4).count()));
        Tensor bias = random.nextBoolean() ? weight.mean(1, 2, 3) : null;
        Tensor y = Convolutions.conv2d(x, scaled, bias, 1 + random.nextInt(2), padding, 1, 1);
        return switch (random.nextInt(3)) {
            case 0 -> note("convolution", y);
            case 1 -> note("convolution and relu", Activations.relu(y));
            default -> note("convolution and a map", Activations.silu(y));
        };
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
                rank < 2 ? Views.unsqueeze(x, 0) : product(x, x.div(x.shape().size(-1) + 1));
            default -> indexed(x, axis(rank));
        };
    }

    /// A product of matrices as it is, or with what a layer adds.
    private Tensor product(Tensor x, Tensor y) {
        Tensor product = x.matmul(y.transposed());
        int columns = product.shape().size(-1);
        return random.nextInt(3) > 0
                ? product
                : Activations.relu(product.plus(y.sum(-1).reshape(-1, columns).mean(0)));
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
