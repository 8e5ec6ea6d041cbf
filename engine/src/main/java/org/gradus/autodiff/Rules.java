package org.gradus.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Body.Instruction;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.graph.Index;
import org.gradus.graph.MapOp;
import org.gradus.graph.Node;
import org.gradus.graph.Op;
import org.gradus.graph.Reduce;
import org.gradus.graph.Scan;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.gradus.graph.View;
import org.jspecify.annotations.Nullable;

/// Pieces that the rules of both modes share.
final class Rules {
    private static final Formula ALIAS = Formula.unary("alias", x -> x);
    private static final Formula EQUAL =
            Formula.binary("equal", (x, y) -> x.same(y).select(1, 0));

    private Rules() {}

    static void floats(String what, List<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            if (!tensor.type().type().isFloating()) {
                throw new GradusException(
                        "gradient-type",
                        what + " must be float32 or float64, but is " + tensor.described()
                                + ". Only floats have derivatives: write numbers with a point (`tensor(1.0, 2.0)`), or"
                                + " cast with `x.to(Type.FLOAT32)`.");
            }
        }
    }

    /// Refuses a rule that gives too few or too many.
    static void count(Node node, int given, int wanted, String what) {
        if (given != wanted) {
            throw new GradusException(
                    "rule-results",
                    "The derivative rule of " + node.op().name() + " gives " + given + " tensors, but should give "
                            + wanted + ": one " + what + ", or `null` for nothing.");
        }
    }

    static Tensor zeros(Tensor like) {
        return like.tracer()
                .constant(Array.zeros(like.type().with(Shape.SCALAR)))
                .broadcastTo(like.shape());
    }

    /// The same value as a new tensor of `tracer`, so that derivatives with respect to it end here.
    static Tensor alias(Tracer tracer, Tensor x) {
        return tracer.applyOne(new MapOp(ALIAS, type(x) == Type.BOOL ? Type.INT32 : type(x)), x);
    }

    /// A node's inputs as new tensors.
    static List<Tensor> aliases(Node node) {
        return node.inputs().stream().map(x -> alias(x.tracer(), x)).toList();
    }

    /// The only output of an op on tensors of one tracer.
    static Tensor apply(Op op, Tensor... inputs) {
        return inputs[0].tracer().applyOne(op, inputs);
    }

    /// The positions of those that are there.
    static List<Integer> present(List<@Nullable Tensor> tensors) {
        return IntStream.range(0, tensors.size())
                .filter(i -> tensors.get(i) != null)
                .boxed()
                .toList();
    }

    /// A list that may hold `null`.
    static List<@Nullable Tensor> list(@Nullable Tensor... tensors) {
        return new ArrayList<>(Arrays.asList(tensors));
    }

    /// What max-pooling picked from an image of the same size.
    ///
    /// @param positions row-major in the spatial axes
    static Tensor pooled(Tensor x, Tensor positions) {
        int[] outer = x.shape().part(0, 2).sizes();
        return apply(new Index.Gather(2), x.reshape(outer[0], outer[1], -1), positions.reshape(outer[0], outer[1], -1))
                .reshape(positions.shape());
    }

    static @Nullable Tensor sum(@Nullable Tensor a, @Nullable Tensor b) {
        return a == null ? b : b == null ? a : a.plus(b);
    }

    /// The results of a derivative body, as few ops as possible: a result that is an argument is that tensor, a zero is
    /// `null`, the others are one map over the arguments that they read.
    static List<@Nullable Tensor> map(String name, Body body, List<Tensor> arguments) {
        List<@Nullable Tensor> results =
                new ArrayList<>(Collections.nCopies(body.results().size(), null));
        List<Integer> computed = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            int register = body.results().get(i);
            if (register < body.arity()) {
                results.set(i, arguments.get(register));
            } else if (!isZero(body.code().get(register - body.arity()))) {
                computed.add(i);
            }
        }
        if (!computed.isEmpty()) {
            List<Integer> read = new ArrayList<>();
            Body lean =
                    body.restricted(computed.stream().map(body.results()::get).toList(), read);
            List<Tensor> made = Tensor.map(
                    Formula.of(name, lean), read.stream().map(arguments::get).toList());
            for (int i = 0; i < made.size(); i++) {
                results.set(computed.get(i), made.get(i));
            }
        }
        return results;
    }

    private static boolean isZero(Instruction made) {
        return made.code() == Code.CONSTANT && made.value() == 0;
    }

    /// The share of each element in a maximum or minimum: 1 for the winner, equal parts for equals.
    static Tensor shares(Tensor x, Tensor y, List<Integer> axes) {
        Tensor wins = Tensor.map(EQUAL, x, y);
        return wins.div(x.tracer().applyOne(new Reduce(Reduce.Kind.SUM, axes), wins));
    }

    /// For each element the product of all others over `axes`, without dividing, so that zeros are no trouble.
    static Tensor productOfOthers(Tensor x, List<Integer> axes) {
        Shape shape = x.shape();
        List<Integer> order = new ArrayList<>(shape.axes());
        order.removeAll(axes);
        List<Integer> kept = List.copyOf(order);
        order.addAll(axes);
        Shape keptShape = Shape.of(kept.stream().map(shape::size).toList());
        View.Permute permute = new View.Permute(order);
        Tensor moved = apply(permute, x);
        Tensor line = moved.reshape(keptShape.joined(Shape.of(shape.count() / Math.max(1, keptShape.count()))));
        Tensor others = before(line, false).times(before(line, true));
        return apply(permute.inverse(), others.reshape(moved.shape()));
    }

    /// The product of all elements before each one along the last axis (after it, when reversed).
    private static Tensor before(Tensor line, boolean reversed) {
        int axis = line.shape().rank() - 1;
        Tensor factors = shifted(line, axis, reversed, 1);
        Array first = Array.zeros(line.type().with(Shape.of(line.shape().size(axis))));
        if (first.count() > 0) {
            first.set(reversed ? first.count() - 1 : 0, 1);
        }
        Tensor start = line.tracer().constant(first).broadcastTo(line.shape());
        return line.tracer().applyOne(new Scan.Recurrence(axis, reversed), factors, start);
    }

    /// Every element moved one place along an axis (towards its start when `back`), with `fill` in the free place.
    static Tensor shifted(Tensor x, int axis, boolean back, double fill) {
        int size = x.shape().size(axis);
        if (size == 0) {
            return x;
        }
        return refilled(slice(x, axis, back ? 1 : 0, size - 1), axis, back, fill);
    }

    /// One more place along an axis, at its start (at its end, when `back`), with `fill` in it.
    private static Tensor refilled(Tensor rest, int axis, boolean back, double fill) {
        List<Integer> none = Collections.nCopies(rest.shape().rank(), 0);
        List<Integer> place = new ArrayList<>(none);
        place.set(axis, 1);
        return apply(back ? new View.Pad(none, place, none, fill) : new View.Pad(place, none, none, fill), rest);
    }

    /// Each element times the one of `y` that comes before it along an axis (behind it, when `back`); 0 where there is
    /// none, whatever the element.
    static Tensor timesNeighbour(Tensor x, Tensor y, int axis, boolean back) {
        int rest = x.shape().size(axis) - 1;
        if (rest < 0) {
            return x;
        }
        return refilled(slice(x, axis, back ? 0 : 1, rest).times(slice(y, axis, back ? 1 : 0, rest)), axis, back, 0);
    }

    /// `size` elements from `start` along an axis.
    static Tensor slice(Tensor x, int axis, int start, int size) {
        int rank = x.shape().rank();
        List<Integer> starts = new ArrayList<>(Collections.nCopies(rank, 0));
        List<Integer> sizes =
                new ArrayList<>(IntStream.of(x.shape().sizes()).boxed().toList());
        starts.set(axis, start);
        sizes.set(axis, size);
        return apply(new View.Slice(starts, sizes, Collections.nCopies(rank, 1)), x);
    }

    /// The lower triangle with half of the diagonal.
    static Tensor halfLower(Tensor matrix) {
        int n = matrix.shape().size(-1);
        Array mask = Array.zeros(matrix.type().with(Shape.of(n, n)));
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                mask.set(i * n + j, i == j ? 0.5 : 1);
            }
        }
        return matrix.times(matrix.tracer().constant(mask));
    }

    /// Identity matrices like `matrix`.
    static Tensor identity(Tensor matrix) {
        int n = matrix.shape().size(-1);
        Array eye = Array.zeros(matrix.type().with(Shape.of(n, n)));
        for (int i = 0; i < n; i++) {
            eye.set(i * n + i, 1);
        }
        return matrix.tracer().constant(eye).broadcastTo(matrix.shape());
    }

    /// One number per matrix, repeated over the matrix.
    static Tensor perMatrix(Tensor numbers, Tensor matrix) {
        return numbers.reshape(numbers.shape().joined(Shape.of(1, 1))).broadcastTo(matrix.shape());
    }

    static Type type(Tensor tensor) {
        return tensor.type().type();
    }
}
