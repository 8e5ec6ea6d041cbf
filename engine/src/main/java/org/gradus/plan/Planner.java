package org.gradus.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Term;
import org.gradus.graph.Assign;
import org.gradus.graph.Contract;
import org.gradus.graph.Graph;
import org.gradus.graph.Index;
import org.gradus.graph.MapOp;
import org.gradus.graph.Node;
import org.gradus.graph.Op;
import org.gradus.graph.Reduce;
import org.gradus.graph.Source;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;
import org.gradus.graph.Window;

/// Makes the entries of a lowered graph's plan: groups become entries, values that leave a group are stored, views
/// become ways of reading, and what strides cannot say is copied once.
///
/// Each stored value has an [Order]. Convolutions and pooling want channels last; what follows them element by element
/// or folds their axes keeps the order of what it reads, so that images are turned where they come in and where a matrix
/// product wants rows.
final class Planner {
    private static final Body COPY = Body.of(1, x -> x);

    /// Elements read at any other distance than 0 or 1 are turned first, if there are more than these.
    private static final int WORTH_TURNING = 2048;

    private final Graph graph;
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<Tensor, Walk> walks = new HashMap<>();
    private final Map<Tensor, Value> values = new HashMap<>();
    private final Map<Copy, Walk> copies = new HashMap<>();
    private final Map<Source, Value> lasting = new LinkedHashMap<>();
    private final Set<Tensor> leaving = new LinkedHashSet<>();

    /// A tensor stored once more in an order.
    private record Copy(Tensor tensor, Order order) {}

    Planner(Graph graph) {
        this.graph = graph;
    }

    Plan plan() {
        List<Group> groups = Fusion.of(graph);
        groups.forEach(this::noteLeaving);
        graph.outputs().forEach(output -> leaving.add(Fusion.root(output)));
        Map<StateKey, Node> last = new LinkedHashMap<>(); // where states are assigned again and again
        for (Group group : groups) {
            Node first = group.nodes.first();
            if (group.isLoop()) {
                loop(group);
            } else if (group.isFold()) {
                fold(group);
            } else if (group.isContraction()) {
                contraction(group);
            } else if (first.op() instanceof Assign assign) {
                last.put(assign.key(), first);
            } else {
                whole(first);
            }
        }
        List<Draft.Part> results = graph.outputs().stream()
                .map(output -> part(output, Order.rows(output.shape().rank())))
                .toList();
        List<Node> assigns = List.copyOf(last.values());
        List<Draft.Part> committed =
                assigns.stream().map(assign -> working(assign.inputs().get(0))).toList();
        return new Layouts(graph, drafts, lasting, assigns, results, committed).plan();
    }

    /// Notes what a group reads from others.
    private void noteLeaving(Group group) {
        for (Node node : group.nodes) {
            for (Tensor input : node.inputs()) {
                if (!group.nodes.contains(input.node())) {
                    leaving.add(Fusion.root(input));
                }
            }
        }
    }

    private void loop(Group group) {
        List<Tensor> stored = group.nodes.stream()
                .flatMap(node -> node.outputs().stream())
                .filter(leaving::contains)
                .toList();
        if (stored.isEmpty()) {
            return;
        }
        List<Tensor> arguments = arguments(group);
        Shape shape = stored.get(0).shape();
        Order order = order(arguments, shape);
        Node last = group.maps().getLast();
        pass(arguments, order, shape, stored, described(group, last), readings -> {
            List<Type> types =
                    stored.stream().map(tensor -> tensor.type().type()).toList();
            return new Computation.Loop(
                    body(group, arguments, stored), ((MapOp) last.op()).type(), order.lying(shape), readings, types);
        });
    }

    private void fold(Group group) {
        List<Node> folds = group.folds();
        Reduce reduce = (Reduce) folds.get(0).op();
        List<Tensor> folded = folds.stream().map(fold -> fold.inputs().get(0)).toList();
        List<Tensor> stored = folds.stream().map(fold -> fold.outputs().get(0)).toList();
        List<Tensor> arguments = arguments(group);
        TensorType x = folded.get(0).type();
        Order order = order(arguments, x.shape());
        List<Integer> axes = reduce.axes().stream().map(order::place).sorted().toList();
        pass(
                arguments,
                order,
                x.shape(),
                stored,
                described(group, folds.getLast()),
                readings -> new Computation.Fold(
                        reduce.kind(),
                        axes,
                        body(group, arguments, folded),
                        x.type(),
                        order.lying(x.shape()),
                        readings));
    }

    private static List<Tensor> arguments(Group group) {
        return group.nodes.stream()
                .flatMap(node -> node.inputs().stream())
                .filter(input -> !group.nodes.contains(input.node()))
                .distinct()
                .toList();
    }

    private static Body body(Group group, List<Tensor> arguments, List<Tensor> results) {
        return Body.of(arguments.size(), in -> {
            Map<Tensor, Term> terms = new HashMap<>();
            for (int i = 0; i < in.size(); i++) {
                terms.put(arguments.get(i), in.get(i));
            }
            for (Node node : group.maps()) {
                List<Term> made = ((MapOp) node.op())
                        .formula()
                        .body()
                        .applied(node.inputs().stream().map(terms::get).toList());
                for (int i = 0; i < made.size(); i++) {
                    terms.put(node.outputs().get(i), made.get(i));
                }
            }
            return results.stream().map(terms::get).toList();
        });
    }

    /// Adds an entry that goes once over a shape.
    private void pass(
            List<Tensor> arguments,
            Order order,
            Shape shape,
            List<Tensor> stored,
            String label,
            Function<List<Computation.Reading>, Computation> work) {
        List<Walk> reads = arguments.stream()
                .map(argument -> argument.shape().equals(shape) ? walk(argument, order) : walk(argument))
                .toList();
        add(
                reads,
                order,
                work,
                stored.stream().map(tensor -> write(tensor, order)).toList(),
                label);
    }

    private void add(
            List<Walk> reads,
            Order order,
            Function<List<Computation.Reading>, Computation> work,
            List<Value> writes,
            String label) {
        List<Computation.Reading> readings = reads.stream()
                .map(walk ->
                        new Computation.Reading(walk.root().type.type(), walk.start(), order.lying(walk.strides())))
                .toList();
        List<Draft.Part> parts =
                reads.stream().map(walk -> Draft.Part.of(walk.root())).toList();
        drafts.add(new Draft(work.apply(readings), parts, writes, label));
    }

    /// The order of a pass: that in which most of what it reads lies.
    private Order order(List<Tensor> arguments, Shape shape) {
        Map<Order, Long> votes = new LinkedHashMap<>();
        Order rows = Order.rows(shape.rank());
        votes.put(rows, 0L);
        for (Tensor argument : arguments) {
            Order order = argument.shape().equals(shape) ? walk(argument).order() : null;
            if (order != null) {
                votes.merge(order, (long) argument.type().type().bytes(), Long::sum);
            }
        }
        Order best = rows;
        for (Map.Entry<Order, Long> vote : votes.entrySet()) {
            if (vote.getValue() > votes.getOrDefault(best, 0L)) {
                best = vote.getKey();
            }
        }
        return best;
    }

    /// A contraction, with what is done to its sums.
    private void contraction(Group group) {
        Node node = group.nodes.first();
        Node last = group.nodes.last();
        Contract op = (Contract) node.op();
        Tensor left = node.inputs().get(0);
        Tensor right = node.inputs().get(1);
        int rank = node.outputs().get(0).shape().rank();
        boolean isMatrix = op instanceof Contract.MatMul;
        boolean ofWeight = op instanceof Contract.ConvolutionWeight;
        Order image = isMatrix ? Order.rows(rank) : Order.image(rank);
        Order weight = isMatrix ? Order.rows(rank) : Order.weight(rank);
        List<Draft.Part> reads = new ArrayList<>(List.of(part(left, image), part(right, ofWeight ? image : weight)));
        Node sum = group.nodes.stream().skip(1).findFirst().orElse(null);
        Tensor bias = sum == null ? null : Fusion.bias(node, sum);
        if (bias != null) {
            reads.add(part(bias, Order.rows(bias.shape().rank())));
        }
        Computation work = new Computation.Contraction(
                op,
                List.of(left.type(), right.type()),
                node.outputs().get(0).type(),
                bias != null,
                group.nodes.size() > 2);
        Value result = write(last.outputs().get(0), ofWeight ? weight : image);
        String label = group.nodes.stream().map(each -> each.op().name()).collect(Collectors.joining(" "));
        drafts.add(new Draft(work, reads, List.of(result), described(label, node)));
    }

    /// An op that is no pass, on values that lie as it wants them.
    private void whole(Node node) {
        List<Tensor> inputs = node.inputs();
        int rank = node.outputs().get(0).shape().rank();
        switch (node.op()) {
            case Window _ -> whole(node, Order.image(rank));
            case Reduce _, Index _, View.Pad _, View.Concat _ ->
                turned(node, order(inputs, inputs.getLast().shape()));
            default -> whole(node, Order.rows(rank));
        }
    }

    /// @param order of the first result, and of all that has as many axes
    private void whole(Node node, Order order) {
        add(
                node,
                node.op(),
                node.inputs().stream()
                        .map(input -> part(
                                input,
                                input.shape().rank() == order.axes().size()
                                        ? order
                                        : Order.rows(input.shape().rank())))
                        .toList(),
                order,
                Function.identity());
    }

    /// An op that works alike in any order of axes, in this one.
    private void turned(Node node, Order order) {
        Op op = switch (node.op()) {
            case Reduce(var kind, var axes) ->
                new Reduce(kind, axes.stream().map(order::place).toList());
            case Index.Gather(int axis) -> new Index.Gather(order.place(axis));
            case Index.ScatterAdd(int axis, Shape shape) -> new Index.ScatterAdd(order.place(axis), order.lying(shape));
            case View.Pad(var before, var after, var between, double value) ->
                new View.Pad(order.lying(before), order.lying(after), order.lying(between), value);
            case View.Concat(int axis) -> new View.Concat(order.place(axis));
            default -> throw new IllegalStateException(node.op().name() + " wants its axes in order.");
        };
        add(
                node,
                op,
                node.inputs().stream().map(input -> part(input, order)).toList(),
                order,
                type -> type.with(order.lying(type.shape())));
    }

    private void add(Node node, Op op, List<Draft.Part> reads, Order order, Function<TensorType, TensorType> lying) {
        Computation work = new Computation.Whole(
                op,
                node.inputs().stream().map(Tensor::type).map(lying).toList(),
                node.outputs().stream().map(Tensor::type).map(lying).toList());
        List<Value> writes = node.outputs().stream()
                .filter(output ->
                        !(op instanceof Window) || output == node.outputs().get(0) || leaving.contains(output))
                .map(output -> write(output, order))
                .toList();
        drafts.add(new Draft(work, reads, writes, described(node.op().name(), node)));
    }

    private Value write(Tensor tensor, Order order) {
        Value value = new Value(tensor.type(), order, true);
        values.put(tensor, value);
        return value;
    }

    /// A tensor's elements one after the other in this order: where they lie so already, or a copy.
    private Draft.Part part(Tensor tensor, Order order) {
        Walk walk = walk(tensor);
        return Draft.Part.of(walk.lies(order) ? walk : copy(tensor, order));
    }

    /// As [#part] by rows, in working memory: what is committed must not lie in another state that may be written first.
    private Draft.Part working(Tensor tensor) {
        Order rows = Order.rows(tensor.shape().rank());
        Draft.Part part = part(tensor, rows);
        return part.value().isWorking ? part : Draft.Part.of(copy(tensor, rows));
    }

    /// A tensor stored once more.
    private Walk copy(Tensor tensor, Order order) {
        Walk known = copies.get(new Copy(tensor, order));
        if (known == null) {
            Type type = tensor.type().type();
            Value value = new Value(tensor.type(), order, true);
            add(
                    List.of(walk(tensor)),
                    order,
                    readings -> new Computation.Loop(
                            COPY,
                            type == Type.BOOL ? Type.INT32 : type,
                            order.lying(tensor.shape()),
                            readings,
                            List.of(type)),
                    List.of(value),
                    described("copy", tensor.node()));
            known = Walk.of(value);
            copies.put(new Copy(tensor, order), known);
        }
        return known;
    }

    /// How a pass in this order reads a tensor of its shape.
    private Walk walk(Tensor tensor, Order order) {
        Walk walk = walk(tensor);
        Walk copy = walk.lies(order) ? null : copies.get(new Copy(tensor, order));
        if (copy != null) {
            return copy;
        }
        List<Integer> apart = order.axes().stream()
                .filter(axis -> tensor.shape().size(axis) > 1)
                .map(walk.strides()::get)
                .toList();
        boolean isFar = !apart.isEmpty() && apart.getLast() != 0 && apart.getLast() != 1;
        return isFar && !apart.contains(0) && tensor.shape().count() > WORTH_TURNING ? copy(tensor, order) : walk;
    }

    private Walk walk(Tensor tensor) {
        Walk known = walks.get(tensor);
        if (known == null) {
            known = switch (tensor.node().op()) {
                case Assign _ -> walk(tensor.node().inputs().get(0));
                case View view
                when Fusion.isFree(tensor.node()) ->
                    walk(view, tensor.node().inputs().get(0));
                default -> Walk.of(value(tensor));
            };
            walks.put(tensor, known);
        }
        return known;
    }

    private Walk walk(View view, Tensor input) {
        Walk direct = walk(input).through(view);
        if (direct != null) {
            return direct;
        }
        Walk copy = copy(input, Order.rows(input.shape().rank())).through(view);
        if (copy == null) {
            throw new IllegalStateException("No strides for " + view + " of a stored tensor.");
        }
        return copy;
    }

    private Value value(Tensor root) {
        Value value = values.get(root);
        if (value == null && root.node().op() instanceof Source source) {
            value = lasting.computeIfAbsent(
                    source, _ -> new Value(root.type(), Order.rows(root.shape().rank()), false));
        }
        if (value == null) {
            throw new IllegalStateException(root + " is read before it is computed.");
        }
        return value;
    }

    private static String described(Group group, Node last) {
        String ops = Stream.concat(group.maps().stream(), group.folds().stream())
                .map(node -> node.op().name())
                .collect(Collectors.joining(" "));
        return described(ops, last);
    }

    private static String described(String label, Node node) {
        String shortened = label.length() > 60 ? label.substring(0, 57) + "…" : label;
        return shortened + (node.path().isEmpty() ? "" : " (" + node.path() + ")") + " " + node.origin();
    }
}
