package org.gradus.autodiff;

import static org.gradus.autodiff.Rules.apply;
import static org.gradus.autodiff.Rules.list;
import static org.gradus.autodiff.Rules.present;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.expr.Derivative;
import org.gradus.graph.Assign;
import org.gradus.graph.Contract;
import org.gradus.graph.Index;
import org.gradus.graph.Library;
import org.gradus.graph.MapOp;
import org.gradus.graph.Named;
import org.gradus.graph.Node;
import org.gradus.graph.Reduce;
import org.gradus.graph.Scan;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;
import org.gradus.graph.Window;
import org.jspecify.annotations.Nullable;

/// The reverse rule of each op family: the cotangents of a node's inputs for those of its outputs.
final class ReverseRules {
    private ReverseRules() {}

    /// One cotangent per input; `null` where nothing flows back. At least one output has a cotangent.
    ///
    /// @param wanted the inputs whose cotangents are asked for; rules may skip others
    static List<@Nullable Tensor> of(Node node, List<@Nullable Tensor> outputs, Predicate<Tensor> wanted) {
        Tensor first = outputs.get(0);
        return switch (node.op()) {
            case Source _ -> none(node);
            case MapOp map -> map(map, node, outputs, wanted);
            case Named named -> named(named, node, outputs);
            case Reduce reduce -> one(first == null ? null : reduce(reduce, node, first));
            case View.Concat(int axis) -> first == null ? none(node) : parts(axis, node, first);
            case View view ->
                one(first == null ? null : view(view, node.inputs().get(0), first));
            case Contract contract -> first == null ? none(node) : contract(contract, node, first, wanted);
            case Window.MaxPoolInput back -> two(first == null ? null : window(back, node, first));
            case Window window -> one(first == null ? null : window(window, node, first));
            case Index.Gather(int axis) ->
                two(
                        first == null
                                ? null
                                : apply(
                                        new Index.ScatterAdd(axis, shape(node, 0)),
                                        first,
                                        node.inputs().get(1)));
            case Index.ScatterAdd(int axis, Shape _) ->
                two(
                        first == null
                                ? null
                                : apply(
                                        new Index.Gather(axis),
                                        first,
                                        node.inputs().get(1)));
            case Scan scan -> first == null ? none(node) : scan(scan, node, first);
            case Library library -> library(library, node, outputs);
            case Assign _ -> one(first);
        };
    }

    private static List<@Nullable Tensor> map(
            MapOp op, Node node, List<@Nullable Tensor> outputs, Predicate<Tensor> wanted) {
        if (!op.type().isFloating()) {
            return none(node);
        }
        Tensor input = node.inputs().get(0);
        Tensor cotangent = outputs.get(0);
        if (node.inputs().size() == 1 && cotangent != null && Rules.type(input) != op.type()) {
            return one(Rules.type(input).isFloating() ? cotangent.to(Rules.type(input)) : null); // a cast
        }
        List<Integer> driven = present(outputs);
        List<Integer> asked = IntStream.range(0, node.inputs().size())
                .filter(i -> wanted.test(node.inputs().get(i)))
                .boxed()
                .toList();
        List<Tensor> arguments = new ArrayList<>(node.inputs());
        arguments.addAll(node.outputs());
        driven.forEach(i -> arguments.add(outputs.get(i)));
        List<@Nullable Tensor> found =
                Rules.map(op.name() + "-gradient", Derivative.reverse(op.formula(), driven, asked), arguments);
        List<@Nullable Tensor> sent = none(node);
        for (int i = 0; i < asked.size(); i++) {
            sent.set(asked.get(i), found.get(i));
        }
        return sent;
    }

    private static List<@Nullable Tensor> named(Named op, Node node, List<@Nullable Tensor> outputs) {
        List<@Nullable Tensor> stated = op.definition().pullback(node.inputs(), node.outputs(), outputs);
        if (!stated.isEmpty()) {
            return stated;
        }
        List<Tensor> inputs = Rules.aliases(node);
        List<Tensor> defined = op.definition().define(inputs);
        List<Integer> driven = present(outputs);
        List<Integer> floats = IntStream.range(0, inputs.size())
                .filter(i -> Rules.type(inputs.get(i)).isFloating())
                .boxed()
                .toList();
        List<@Nullable Tensor> cotangents = new ArrayList<>();
        driven.forEach(i -> cotangents.add(outputs.get(i)));
        List<@Nullable Tensor> found = Reverse.flow(
                driven.stream().map(defined::get).toList(),
                cotangents,
                floats.stream().map(inputs::get).toList());
        List<@Nullable Tensor> sent = none(node);
        for (int i = 0; i < floats.size(); i++) {
            sent.set(floats.get(i), found.get(i));
        }
        return sent;
    }

    private static @Nullable Tensor reduce(Reduce reduce, Node node, Tensor cotangent) {
        Tensor x = node.inputs().get(0);
        Tensor spread = cotangent.broadcastTo(x.shape());
        return switch (reduce.kind()) {
            case SUM -> spread;
            case PROD -> spread.times(Rules.productOfOthers(x, reduce.axes()));
            case MAX, MIN -> spread.times(Rules.shares(x, node.outputs().get(0), reduce.axes()));
            case ARGMAX, ARGMIN -> null;
        };
    }

    private static Tensor view(View view, Tensor x, Tensor cotangent) {
        Shape shape = x.shape();
        return switch (view) {
            case View.Reshape _ -> cotangent.reshape(shape);
            case View.Permute permute -> apply(permute.inverse(), cotangent);
            case View.Broadcast _ -> cotangent.sumTo(shape);
            case View.Slice(var starts, var sizes, var steps) -> {
                List<Integer> covered = IntStream.range(0, shape.rank())
                        .map(i -> sizes.get(i) == 0 ? 0 : (sizes.get(i) - 1) * steps.get(i) + 1)
                        .boxed()
                        .toList();
                List<Integer> after = IntStream.range(0, shape.rank())
                        .map(i -> shape.size(i) - starts.get(i) - covered.get(i))
                        .boxed()
                        .toList();
                yield apply(
                        new View.Pad(
                                starts, after, steps.stream().map(s -> s - 1).toList(), 0),
                        cotangent);
            }
            case View.Pad(var before, _, var between, _) ->
                apply(
                        new View.Slice(
                                before,
                                Arrays.stream(shape.sizes()).boxed().toList(),
                                between.stream().map(b -> b + 1).toList()),
                        cotangent);
            case View.Flip flip -> apply(flip, cotangent);
            case View.Concat _ -> throw new AssertionError(view);
        };
    }

    private static List<@Nullable Tensor> parts(int axis, Node node, Tensor cotangent) {
        List<@Nullable Tensor> parts = new ArrayList<>();
        int start = 0;
        for (Tensor input : node.inputs()) {
            int size = input.shape().size(axis);
            parts.add(Rules.slice(cotangent, axis, start, size));
            start += size;
        }
        return parts;
    }

    private static List<@Nullable Tensor> contract(Contract op, Node node, Tensor g, Predicate<Tensor> wanted) {
        Tensor a = node.inputs().get(0);
        Tensor b = node.inputs().get(1);
        List<@Nullable Tensor> sent = none(node);
        if (wanted.test(a)) {
            sent.set(
                    0,
                    switch (op) {
                        case Contract.MatMul(boolean ta, boolean tb) ->
                            ta
                                    ? apply(new Contract.MatMul(tb, true), b, g)
                                    : apply(new Contract.MatMul(false, !tb), g, b);
                        case Contract.Convolution(var geometry, int groups) ->
                            apply(new Contract.ConvolutionInput(geometry, groups, spatial(a)), g, b);
                        case Contract.ConvolutionInput(var geometry, int groups, _) ->
                            apply(new Contract.Convolution(geometry, groups), g, b);
                        case Contract.ConvolutionWeight(var geometry, int groups) ->
                            apply(new Contract.ConvolutionInput(geometry, groups, spatial(a)), b, g);
                    });
        }
        if (wanted.test(b)) {
            sent.set(
                    1,
                    switch (op) {
                        case Contract.MatMul(boolean ta, boolean tb) ->
                            tb
                                    ? apply(new Contract.MatMul(true, ta), g, a)
                                    : apply(new Contract.MatMul(!ta, false), a, g);
                        case Contract.Convolution(var geometry, int groups) ->
                            apply(new Contract.ConvolutionWeight(geometry, groups), a, g);
                        case Contract.ConvolutionInput(var geometry, int groups, _) ->
                            apply(new Contract.ConvolutionWeight(geometry, groups), g, a);
                        case Contract.ConvolutionWeight(var geometry, int groups) ->
                            apply(new Contract.Convolution(geometry, groups), a, g);
                    });
        }
        return sent;
    }

    private static Tensor window(Window window, Node node, Tensor g) {
        return switch (window) {
            case Window.MaxPool(var geometry) ->
                apply(
                        new Window.MaxPoolInput(geometry, spatial(node.inputs().get(0))),
                        g,
                        node.outputs().get(1));
            case Window.MaxPoolInput _ -> Rules.pooled(g, node.inputs().get(1));
            case Window.SumPool(var geometry) ->
                apply(new Window.SumPoolInput(geometry, spatial(node.inputs().get(0))), g);
            case Window.SumPoolInput(var geometry, _) -> apply(new Window.SumPool(geometry), g);
        };
    }

    private static List<@Nullable Tensor> scan(Scan scan, Node node, Tensor g) {
        int axis = scan.axis();
        boolean reversed = scan.reversed();
        Tensor x = node.inputs().get(0);
        Tensor y = node.outputs().get(0);
        Scan.Recurrence back = new Scan.Recurrence(axis, !reversed);
        return switch (scan) {
            case Scan.Recurrence _ -> {
                Tensor flow = apply(back, Rules.shifted(x, axis, !reversed, 0), g);
                yield list(Rules.timesNeighbour(flow, y, axis, reversed), flow);
            }
            case Scan.CumLogSumExp _ -> {
                Tensor decay = ForwardRules.decay(scan, y);
                yield list(apply(back, Rules.shifted(decay, axis, !reversed, 0), g)
                        .times(x.minus(y).exp()));
            }
        };
    }

    private static List<@Nullable Tensor> library(Library library, Node node, List<@Nullable Tensor> outputs) {
        Tensor a = node.inputs().get(0);
        Tensor g = outputs.get(library instanceof Library.SignLogDet ? 1 : 0);
        if (g == null) {
            return none(node);
        }
        Tensor y = node.outputs().get(0);
        return switch (library) {
            case Library.Sort(int axis, boolean _) ->
                list(apply(
                        new Index.ScatterAdd(axis, a.shape()), g, node.outputs().get(1)));
            case Library.Solve solve -> {
                Tensor right = apply(solve, a.transposed(), g);
                yield list(apply(new Contract.MatMul(false, true), right, y).negated(), right);
            }
            case Library.SignLogDet _ ->
                list(apply(new Library.Solve(), a.transposed(), Rules.identity(a))
                        .times(Rules.perMatrix(g, a)));
            case Library.Cholesky _ -> {
                // Murray: Differentiation of the Cholesky decomposition, 2016: L^-T P L^-1, symmetric part.
                Tensor upper = y.transposed();
                Tensor inner = Rules.halfLower(apply(new Contract.MatMul(true, false), y, g));
                Tensor left = apply(new Library.Solve(), upper, inner);
                Tensor both = apply(new Library.Solve(), upper, left.transposed());
                yield list(both.plus(both.transposed()).times(0.5));
            }
        };
    }

    private static Shape shape(Node node, int input) {
        return node.inputs().get(input).shape();
    }

    private static Shape spatial(Tensor x) {
        return x.shape().part(2, x.shape().rank());
    }

    private static List<@Nullable Tensor> none(Node node) {
        return new ArrayList<>(Collections.nCopies(node.inputs().size(), null));
    }

    private static List<@Nullable Tensor> one(@Nullable Tensor cotangent) {
        return list(cotangent);
    }

    private static List<@Nullable Tensor> two(@Nullable Tensor cotangent) {
        return list(cotangent, null);
    }
}
