package org.gradus.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Term;
import org.gradus.graph.Assign;
import org.gradus.graph.Graph;
import org.gradus.graph.MapOp;
import org.gradus.graph.Node;
import org.gradus.graph.Source;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;

/// Makes the plan of a lowered graph: groups become entries, values that leave a group are stored, views become ways of
/// reading, and what strides cannot say is copied once.
final class Planner {
    private static final Body COPY = Body.of(1, x -> x);

    private final Graph graph;
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<Tensor, Walk> walks = new HashMap<>();
    private final Map<Tensor, Value> values = new HashMap<>();
    private final Map<Source, Value> lasting = new LinkedHashMap<>();
    private final Set<Tensor> leaving = new LinkedHashSet<>();

    /// A part of a stored value that lies row by row.
    private record Part(Value value, int start, int extent) {}

    /// An entry whose values have no places yet.
    private record Draft(Computation work, List<Part> reads, List<Value> writes, String label) {}

    Planner(Graph graph) {
        this.graph = graph;
    }

    Plan plan() {
        List<Fusion.Group> groups = Fusion.of(graph);
        groups.forEach(this::noteLeaving);
        graph.outputs().forEach(output -> leaving.add(root(output)));
        List<Node> assigns = new ArrayList<>();
        for (Fusion.Group group : groups) {
            Node first = group.nodes.first();
            if (group.isLoop()) {
                loop(group);
            } else if (first.op() instanceof Assign) {
                assigns.add(first);
            } else {
                whole(first);
            }
        }
        List<Part> results = graph.outputs().stream().map(this::part).toList();
        List<Part> committed =
                assigns.stream().map(assign -> working(assign.inputs().get(0))).toList();
        results.forEach(part -> part.value.readBy(drafts.size()));
        committed.forEach(part -> part.value.readBy(drafts.size()));
        return placed(results, assigns, committed);
    }

    private Plan placed(List<Part> results, List<Node> assigns, List<Part> committed) {
        List<Slot> slots = new ArrayList<>();
        lasting.forEach((source, value) -> {
            value.lieAt(new Place(slots.size(), 0, value.type.shape().count()));
            slots.add(slot(source));
        });
        List<Value> working =
                drafts.stream().flatMap(draft -> draft.writes.stream()).toList();
        Arenas.place(working, slots);
        List<Plan.Entry> entries = drafts.stream()
                .map(draft -> new Plan.Entry(
                        draft.work,
                        draft.reads.stream().map(Planner::place).toList(),
                        draft.writes.stream().map(Value::place).toList(),
                        draft.label))
                .toList();
        List<Plan.Result> outputs = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            outputs.add(new Plan.Result(graph.outputs().get(i).type(), place(results.get(i))));
        }
        List<Plan.Commit> commits = new ArrayList<>();
        for (int i = 0; i < assigns.size(); i++) {
            commits.add(new Plan.Commit(key(assigns.get(i)), place(committed.get(i))));
        }
        return new Plan(List.copyOf(slots), entries, outputs, commits);
    }

    private static StateKey key(Node assign) {
        return ((Assign) assign.op()).key();
    }

    private static Slot slot(Source source) {
        return switch (source) {
            case Source.Input(String name, TensorType type) -> new Slot.Given(name, type.type());
            case Source.State(StateKey key) -> new Slot.Held(key);
            case Source.Constant(var array) -> new Slot.Frozen(array);
            case Source.Iota _, Source.Random _ -> throw new IllegalStateException(source.name() + " is computed.");
        };
    }

    private static Place place(Part part) {
        Place whole = part.value.place();
        return new Place(whole.slot(), whole.offset() + part.start, part.extent);
    }

    /// Notes what a group reads from others.
    private void noteLeaving(Fusion.Group group) {
        for (Node node : group.nodes) {
            for (Tensor input : node.inputs()) {
                if (!group.nodes.contains(input.node())) {
                    leaving.add(root(input));
                }
            }
        }
    }

    /// The tensor behind views and assigns.
    private static Tensor root(Tensor tensor) {
        Tensor at = tensor;
        while (at.node().op() instanceof Assign || (at.node().op() instanceof View && Fusion.isFree(at.node()))) {
            at = at.node().inputs().get(0);
        }
        return at;
    }

    private void loop(Fusion.Group group) {
        Set<Tensor> outside = new LinkedHashSet<>();
        List<Tensor> stored = new ArrayList<>();
        for (Node node : group.nodes) {
            node.inputs().stream()
                    .filter(input -> !group.nodes.contains(input.node()))
                    .forEach(outside::add);
            node.outputs().stream().filter(leaving::contains).forEach(stored::add);
        }
        if (stored.isEmpty()) {
            return;
        }
        List<Tensor> arguments = List.copyOf(outside);
        Body body = Body.of(arguments.size(), in -> {
            Map<Tensor, Term> terms = new HashMap<>();
            for (int i = 0; i < in.size(); i++) {
                terms.put(arguments.get(i), in.get(i));
            }
            for (Node node : group.nodes) {
                List<Term> results = ((MapOp) node.op())
                        .formula()
                        .body()
                        .applied(node.inputs().stream().map(terms::get).toList());
                for (int i = 0; i < results.size(); i++) {
                    terms.put(node.outputs().get(i), results.get(i));
                }
            }
            return stored.stream().map(terms::get).toList();
        });
        String label = group.nodes.stream().map(node -> node.op().name()).collect(Collectors.joining(" "));
        Node last = group.nodes.last();
        add(
                body,
                ((MapOp) last.op()).type(),
                arguments.stream().map(this::walk).toList(),
                stored,
                described(label, last));
    }

    private List<Value> add(Body body, Type type, List<Walk> reads, List<Tensor> stored, String label) {
        List<Part> parts = reads.stream().map(walk -> whole(walk.root())).toList();
        List<Computation.Reading> readings = reads.stream()
                .map(walk -> new Computation.Reading(walk.root().type().type(), walk.start(), walk.strides()))
                .toList();
        List<Type> types = stored.stream().map(tensor -> tensor.type().type()).toList();
        List<Value> made = stored.stream().map(this::write).toList();
        Shape shape = stored.get(0).shape();
        drafts.add(new Draft(new Computation.Loop(body, type, shape, readings, types), read(parts), made, label));
        return made;
    }

    private void whole(Node node) {
        List<Part> reads = read(node.inputs().stream().map(this::part).toList());
        Computation work = new Computation.Whole(
                node.op(),
                node.inputs().stream().map(Tensor::type).toList(),
                node.outputs().stream().map(Tensor::type).toList());
        List<Value> writes = node.outputs().stream().map(this::write).toList();
        drafts.add(new Draft(work, reads, writes, described(node.op().name(), node)));
    }

    private List<Part> read(List<Part> parts) {
        parts.forEach(part -> part.value.readBy(drafts.size()));
        return parts;
    }

    private Value write(Tensor tensor) {
        Value value = new Value(tensor.type(), drafts.size());
        values.put(tensor, value);
        return value;
    }

    private Part whole(Tensor root) {
        Value value = value(root);
        return new Part(value, 0, value.type.shape().count());
    }

    /// A tensor's elements row by row: where they lie so already, or a copy.
    private Part part(Tensor tensor) {
        Walk walk = walk(tensor);
        return walk.isContiguous()
                ? new Part(value(walk.root()), walk.start(), walk.shape().count())
                : whole(copied(tensor, walk));
    }

    /// As [#part], in working memory: what is committed must not lie in another state that may be written first.
    private Part working(Tensor tensor) {
        Part part = part(tensor);
        return part.value.isWorking() ? part : whole(copied(tensor, walk(tensor)));
    }

    /// Stores a copy of a walked tensor; from now on it is read from there.
    private Tensor copied(Tensor tensor, Walk walk) {
        Type type = tensor.type().type();
        add(
                COPY,
                type == Type.BOOL ? Type.INT32 : type,
                List.of(walk),
                List.of(tensor),
                described("copy", tensor.node()));
        walks.put(tensor, Walk.of(tensor));
        return tensor;
    }

    private Walk walk(Tensor tensor) {
        Walk known = walks.get(tensor);
        if (known == null) {
            known = switch (tensor.node().op()) {
                case Assign _ -> walk(tensor.node().inputs().get(0));
                case View view
                when Fusion.isFree(tensor.node()) ->
                    walk(view, tensor.node().inputs().get(0));
                default -> Walk.of(tensor);
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
        Walk copy = Walk.of(copied(input, walk(input))).through(view);
        if (copy == null) {
            throw new IllegalStateException("No strides for " + view + " of a stored tensor.");
        }
        return copy;
    }

    private Value value(Tensor root) {
        Value value = values.get(root);
        if (value == null && root.node().op() instanceof Source source) {
            value = lasting.computeIfAbsent(source, _ -> new Value(root.type(), Value.ALWAYS));
        }
        if (value == null) {
            throw new IllegalStateException(root + " is read before it is computed.");
        }
        return value;
    }

    private static String described(String label, Node node) {
        String shortened = label.length() > 60 ? label.substring(0, 57) + "…" : label;
        return shortened + (node.path().isEmpty() ? "" : " (" + node.path() + ")") + " " + node.origin();
    }
}
