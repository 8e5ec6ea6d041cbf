package org.gradus.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.graph.Assign;
import org.gradus.graph.Contract;
import org.gradus.graph.Graph;
import org.gradus.graph.MapOp;
import org.gradus.graph.Named;
import org.gradus.graph.Node;
import org.gradus.graph.Op;
import org.gradus.graph.Reduce;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.graph.View;

/// A graph rewritten into fewer and plainer nodes that compute the same: named ops are replaced by their definitions,
/// equal nodes become one, and ops that change nothing disappear. What no output or assign needs is left out.
final class Lowering {
    private final Trace trace = new Trace();
    private final Map<Tensor, Tensor> lowered = new HashMap<>();
    private final Map<Key, List<Tensor>> known = new HashMap<>();

    /// What an op is, whatever its name and the order of its factors, with its inputs, which have identity.
    private record Key(Object op, List<Tensor> inputs) {
        static Key of(Op op, List<Tensor> inputs) {
            if (!(op instanceof MapOp map)) {
                return new Key(op, inputs);
            }
            return isProduct(map)
                    ? new Key(
                            List.of(Code.MUL, map.type()),
                            inputs.stream()
                                    .sorted(Comparator.comparingInt(
                                            x -> x.node().id()))
                                    .toList())
                    : new Key(List.of(map.formula().body(), map.type()), inputs);
        }
    }

    private Lowering() {}

    static Graph of(Graph graph) {
        Lowering lowering = new Lowering();
        for (Tensor input : graph.inputs()) {
            lowering.lowered.put(input, lowering.trace.input(input.node().op().name(), input.type()));
        }
        graph.live().forEach(lowering::lower);
        return lowering.trace.finish(
                graph.outputs().stream().map(lowering.lowered::get).toList());
    }

    private void lower(Node node) {
        if (node.op() instanceof Source.Input) {
            return;
        }
        List<Tensor> inputs = node.inputs().stream().map(lowered::get).toList();
        List<Tensor> outputs = trace.onBehalfOf(node, () -> lower(node.op(), inputs));
        for (int i = 0; i < outputs.size(); i++) {
            lowered.put(node.outputs().get(i), outputs.get(i));
        }
    }

    private List<Tensor> lower(Op op, List<Tensor> inputs) {
        return switch (op) {
            case Named(var definition) -> expand(definition.define(new ArrayList<>(inputs)), inputs);
            case MapOp map when isIdentity(map, inputs) -> inputs;
            case MapOp map when isLight(map) -> apart(map, inputs);
            case View view when inputs.size() == 1 && isIdentity(view, inputs.get(0)) -> inputs;
            case View.Reshape reshape
            when inputs.get(0).node().op() instanceof View.Reshape ->
                lower(reshape, inputs.get(0).node().inputs());
            case Reduce reduce
            when !longer(reduce, inputs.get(0)).equals(reduce.axes()) -> {
                List<Integer> axes = longer(reduce, inputs.get(0));
                yield axes.isEmpty() ? inputs : lower(new Reduce(reduce.kind(), axes), inputs);
            }
            case Reduce reduce
            when reduce.kind() == Reduce.Kind.SUM && hasFactor(inputs.get(0), reduce.axes()) ->
                List.of(withFactors(reduce, inputs.get(0)));
            case Contract.MatMul product
            when isTurned(inputs.get(0)) ->
                lower(
                        new Contract.MatMul(!product.transposeLeft(), product.transposeRight()),
                        List.of(behind(inputs.get(0)), inputs.get(1)));
            case Contract.MatMul product
            when isTurned(inputs.get(1)) ->
                lower(
                        new Contract.MatMul(product.transposeLeft(), !product.transposeRight()),
                        List.of(inputs.get(0), behind(inputs.get(1))));
            case Assign _ -> trace.apply(op, inputs);
            default -> known.computeIfAbsent(Key.of(op, inputs), _ -> trace.apply(op, inputs));
        };
    }

    /// The axes that a fold shortens: as none of a batch of one, so that equal folds are seen to be equal.
    private static List<Integer> longer(Reduce reduce, Tensor x) {
        return reduce.kind().isPosition()
                ? reduce.axes()
                : reduce.axes().stream()
                        .filter(axis -> x.shape().size(axis) != 1)
                        .toList();
    }

    /// Whether a sum has a factor that is the same for all that is added.
    private static boolean hasFactor(Tensor x, List<Integer> axes) {
        return isProduct(x) && x.node().inputs().stream().anyMatch(in -> isFactor(in, axes) || hasFactor(in, axes));
    }

    private static boolean isProduct(Tensor x) {
        return x.node().op() instanceof MapOp map && isProduct(map);
    }

    private static boolean isProduct(MapOp map) {
        Body body = map.formula().body();
        Body.Instruction first = body.code().isEmpty() ? null : body.code().get(0);
        return map.type().isFloating()
                && body.arity() == 2
                && body.results().equals(List.of(2))
                && first != null
                && first.code() == Code.MUL
                && first.a() != first.b();
    }

    private static boolean isFactor(Tensor x, List<Integer> axes) {
        if (!(x.node().op() instanceof View.Broadcast)) {
            return false;
        }
        Shape from = x.node().inputs().get(0).shape();
        int missing = x.shape().rank() - from.rank();
        return axes.stream().allMatch(axis -> axis < missing || from.size(axis - missing) == 1);
    }

    /// A sum whose factors multiply what comes out of it, so that sums which differ in them alone are one.
    private Tensor withFactors(Reduce reduce, Tensor x) {
        List<Tensor> factors = new ArrayList<>();
        Tensor rest = without(factors, x, reduce.axes());
        Tensor result = lower(reduce, List.of(rest)).get(0);
        for (Tensor factor : factors) {
            View small = new View.Broadcast(result.shape());
            Tensor each = lower(small, factor.node().inputs()).get(0);
            result = lower(x.node().op(), List.of(result, each)).get(0);
        }
        return result;
    }

    /// A product without its factors along the axes. One whose two factors are such keeps the second.
    private Tensor without(List<Tensor> factors, Tensor x, List<Integer> axes) {
        if (!isProduct(x)) {
            return x;
        }
        Tensor a = x.node().inputs().get(0);
        Tensor b = x.node().inputs().get(1);
        if (isFactor(a, axes)) {
            factors.add(a);
            return without(factors, b, axes);
        }
        if (isFactor(b, axes)) {
            factors.add(b);
            return without(factors, a, axes);
        }
        List<Tensor> both = List.of(without(factors, a, axes), without(factors, b, axes));
        return both.equals(x.node().inputs()) ? x : lower(x.node().op(), both).get(0);
    }

    /// A light map of several results as one map for each, so that each can be computed where it is needed.
    private List<Tensor> apart(MapOp map, List<Tensor> inputs) {
        List<Tensor> results = new ArrayList<>();
        for (int result : map.formula().body().results()) {
            List<Integer> arguments = new ArrayList<>();
            Body body = map.formula().body().restricted(List.of(result), arguments);
            List<Tensor> read = arguments.stream().map(inputs::get).toList();
            results.addAll(lower(new MapOp(Formula.of(map.name(), body), map.type()), read));
        }
        return results;
    }

    /// Whether each result of a light map reads something.
    private static boolean isLight(MapOp map) {
        Body body = map.formula().body();
        return body.results().size() > 1
                && Weight.of(map) <= Weight.LIGHT
                && body.results().stream().allMatch(result -> {
                    List<Integer> arguments = new ArrayList<>();
                    body.restricted(List.of(result), arguments);
                    return !arguments.isEmpty();
                });
    }

    /// The nodes that a definition has added, lowered in turn. They stay in the trace unused where lowering replaced
    /// them.
    private List<Tensor> expand(List<Tensor> outputs, List<Tensor> inputs) {
        Map<Tensor, Tensor> done = new HashMap<>();
        inputs.forEach(input -> done.put(input, input));
        TreeSet<Node> needed = new TreeSet<>(Comparator.comparingInt(Node::id));
        ArrayDeque<Tensor> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            Tensor tensor = open.pop();
            if (!done.containsKey(tensor)) {
                if (!tensor.tracer().equals(trace)) { // a number that the definition captured
                    done.put(
                            tensor,
                            lower(new Source.Constant(tensor.array()), List.of())
                                    .get(0));
                } else if (needed.add(tensor.node())) {
                    tensor.node().inputs().forEach(open::push);
                }
            }
        }
        for (Node node : needed) {
            List<Tensor> made =
                    lower(node.op(), node.inputs().stream().map(done::get).toList());
            for (int i = 0; i < made.size(); i++) {
                done.putIfAbsent(node.outputs().get(i), made.get(i));
            }
        }
        return outputs.stream().map(done::get).toList();
    }

    /// Whether a tensor is another one with its last two axes swapped.
    private static boolean isTurned(Tensor tensor) {
        int rank = tensor.shape().rank();
        return tensor.node().op() instanceof View.Permute(var order)
                && order.get(rank - 1) == rank - 2
                && order.get(rank - 2) == rank - 1
                && order.subList(0, rank - 2).equals(tensor.shape().axes().subList(0, rank - 2));
    }

    private static Tensor behind(Tensor view) {
        return view.node().inputs().get(0);
    }

    private static boolean isIdentity(MapOp map, List<Tensor> inputs) {
        Body body = map.formula().body();
        return body.arity() == 1
                && body.results().equals(List.of(0))
                && (inputs.get(0).type().type() == map.type()
                        || inputs.get(0).type().type() == Type.BOOL);
    }

    private static boolean isIdentity(View view, Tensor input) {
        return switch (view) {
            case View.Reshape _, View.Broadcast _, View.Slice _, View.Pad _ ->
                view.shape(input.shape()).equals(input.shape());
            case View.Permute(var order) -> order.equals(input.shape().axes());
            case View.Flip(var axes) ->
                axes.stream().allMatch(axis -> input.shape().size(axis) < 2);
            case View.Concat _ -> true;
        };
    }
}
