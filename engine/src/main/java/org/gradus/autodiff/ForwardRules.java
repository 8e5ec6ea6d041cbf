package org.gradus.autodiff;

import static org.gradus.autodiff.Rules.apply;
import static org.gradus.autodiff.Rules.list;
import static org.gradus.autodiff.Rules.present;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.expr.Derivative;
import org.gradus.graph.Assign;
import org.gradus.graph.Contract;
import org.gradus.graph.Index;
import org.gradus.graph.Library;
import org.gradus.graph.MapOp;
import org.gradus.graph.Named;
import org.gradus.graph.Node;
import org.gradus.graph.Op;
import org.gradus.graph.Reduce;
import org.gradus.graph.Scan;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;
import org.gradus.graph.Window;
import org.jspecify.annotations.Nullable;

/// The forward rule of each op family: the tangents of a node's outputs for those of its inputs.
final class ForwardRules {
    private ForwardRules() {}

    /// One tangent per output; `null` where nothing moves. At least one input has a tangent.
    static List<@Nullable Tensor> of(Node node, List<@Nullable Tensor> inputs) {
        Tensor first = inputs.get(0);
        return switch (node.op()) {
            case Source _ -> none(node);
            case MapOp map -> map(map, node, inputs);
            case Named named -> named(named, node, inputs);
            case Reduce reduce -> list(first == null ? null : reduce(reduce, node, first));
            case View.Concat concat -> list(concat(concat, node, inputs));
            case View.Pad(var before, var after, var between, _) ->
                list(first == null ? null : apply(new View.Pad(before, after, between, 0), first));
            case View view -> list(first == null ? null : apply(view, first));
            case Contract contract -> list(product(contract, node, inputs));
            case Window.MaxPool _ ->
                list(first == null ? null : Rules.pooled(first, node.outputs().get(1)), null);
            case Window.MaxPoolInput back ->
                list(first == null ? null : apply(back, first, node.inputs().get(1)));
            case Window window -> list(first == null ? null : apply(window, first));
            case Index index ->
                list(first == null ? null : apply(index, first, node.inputs().get(1)));
            case Scan scan -> list(scan(scan, node, inputs));
            case Library library -> library(library, node, inputs);
            case Assign _ -> list(first);
        };
    }

    private static List<@Nullable Tensor> map(MapOp op, Node node, List<@Nullable Tensor> inputs) {
        if (!op.type().isFloating()) {
            return none(node);
        }
        Tensor tangent = inputs.get(0);
        if (node.inputs().size() == 1 && tangent != null && Rules.type(tangent) != op.type()) {
            return list(tangent.to(op.type())); // a cast
        }
        List<Integer> moved = present(inputs);
        List<Integer> asked = IntStream.range(0, node.outputs().size())
                .filter(i -> Rules.type(node.outputs().get(i)).isFloating())
                .boxed()
                .toList();
        List<Tensor> arguments = new ArrayList<>(node.inputs());
        arguments.addAll(node.outputs());
        moved.forEach(i -> arguments.add(inputs.get(i)));
        List<@Nullable Tensor> found =
                Rules.map(op.name() + "-tangent", Derivative.forward(op.formula(), moved, asked), arguments);
        List<@Nullable Tensor> tangents = none(node);
        for (int i = 0; i < asked.size(); i++) {
            tangents.set(asked.get(i), found.get(i));
        }
        return tangents;
    }

    private static List<@Nullable Tensor> named(Named op, Node node, List<@Nullable Tensor> tangents) {
        List<@Nullable Tensor> stated = op.definition().pushforward(node.inputs(), node.outputs(), tangents);
        if (!stated.isEmpty()) {
            return stated;
        }
        List<Tensor> inputs = Rules.aliases(node);
        List<Tensor> defined = op.definition().define(inputs);
        List<Integer> moved = present(tangents);
        List<@Nullable Tensor> moving = new ArrayList<>();
        moved.forEach(i -> moving.add(tangents.get(i)));
        return Forward.flow(defined, moved.stream().map(inputs::get).toList(), moving);
    }

    private static @Nullable Tensor reduce(Reduce reduce, Node node, Tensor tangent) {
        Tensor x = node.inputs().get(0);
        Op sum = new Reduce(Reduce.Kind.SUM, reduce.axes());
        return switch (reduce.kind()) {
            case SUM -> apply(sum, tangent);
            case PROD -> apply(sum, tangent.times(Rules.productOfOthers(x, reduce.axes())));
            case MAX, MIN ->
                apply(sum, tangent.times(Rules.shares(x, node.outputs().get(0), reduce.axes())));
            case ARGMAX, ARGMIN -> null;
        };
    }

    private static Tensor concat(View.Concat concat, Node node, List<@Nullable Tensor> inputs) {
        Tensor[] complete = new Tensor[inputs.size()];
        for (int i = 0; i < complete.length; i++) {
            Tensor tangent = inputs.get(i);
            complete[i] = tangent == null ? Rules.zeros(node.inputs().get(i)) : tangent;
        }
        return apply(concat, complete);
    }

    /// The product rule of everything bilinear.
    private static @Nullable Tensor product(Op op, Node node, List<@Nullable Tensor> tangents) {
        Tensor left = tangents.get(0);
        Tensor right = tangents.get(1);
        return Rules.sum(
                left == null ? null : apply(op, left, node.inputs().get(1)),
                right == null ? null : apply(op, node.inputs().get(0), right));
    }

    private static @Nullable Tensor scan(Scan scan, Node node, List<@Nullable Tensor> tangents) {
        Tensor y = node.outputs().get(0);
        Tensor first = tangents.get(0);
        return switch (scan) {
            case Scan.Recurrence recurrence -> {
                Tensor fed = Rules.sum(
                        tangents.get(1),
                        first == null ? null : first.times(Rules.shifted(y, scan.axis(), scan.reversed(), 0)));
                yield fed == null ? null : apply(recurrence, node.inputs().get(0), fed);
            }
            case Scan.CumLogSumExp(int axis, boolean reversed) ->
                first == null
                        ? null
                        : apply(
                                new Scan.Recurrence(axis, reversed),
                                decay(scan, y),
                                first.times(node.inputs().get(0).minus(y).exp()));
        };
    }

    /// How much of the running log-sum-exp comes from the element before: exp(y[k-1] - y[k]), 0 for the first.
    static Tensor decay(Scan scan, Tensor y) {
        return Rules.shifted(y, scan.axis(), scan.reversed(), Double.NEGATIVE_INFINITY)
                .minus(y)
                .exp();
    }

    private static List<@Nullable Tensor> library(Library library, Node node, List<@Nullable Tensor> tangents) {
        Tensor a = node.inputs().get(0);
        Tensor t = tangents.get(0);
        Tensor y = node.outputs().get(0);
        Library.Solve solver = new Library.Solve();
        return switch (library) {
            case Library.Sort(int axis, boolean _) ->
                list(
                        t == null
                                ? null
                                : apply(
                                        new Index.Gather(axis),
                                        t,
                                        node.outputs().get(1)),
                        null);
            case Library.Solve _ -> {
                Tensor moved = Rules.sum(
                        tangents.get(1),
                        t == null
                                ? null
                                : apply(new Contract.MatMul(false, false), t, y).negated());
                yield list(moved == null ? null : apply(solver, a, moved));
            }
            case Library.SignLogDet _ ->
                list(
                        null,
                        t == null
                                ? null
                                : apply(solver, a, t).times(Rules.identity(a)).sum(-2, -1));
            case Library.Cholesky _ -> {
                if (t == null) {
                    yield list((Tensor) null);
                }
                Tensor symmetric = t.plus(t.transposed()).times(0.5);
                Tensor left = apply(solver, y, symmetric);
                Tensor both = apply(solver, y, left.transposed());
                yield list(apply(new Contract.MatMul(false, false), y, Rules.halfLower(both.transposed())));
            }
        };
    }

    private static List<@Nullable Tensor> none(Node node) {
        return new ArrayList<>(Collections.nCopies(node.outputs().size(), null));
    }
}
