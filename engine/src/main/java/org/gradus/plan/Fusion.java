package org.gradus.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.gradus.graph.Graph;
import org.gradus.graph.MapOp;
import org.gradus.graph.Node;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;

/// The nodes of a lowered graph in groups that run as one kernel each, in an order in which every group follows what it
/// reads. Elementwise ops of one shape and number type join the groups of the ops they read, unless a path through
/// another group would close a circle, or the loop would grow too long for the compiler. Every other op stands alone.
/// Views and sources belong to no group: views are ways of reading, sources are there.
final class Fusion {
    /// More instructions in one loop stop paying: long vector loops degrade from about 100 on.
    private static final int INSTRUCTIONS = 64;

    private final Map<Node, Group> groups = new HashMap<>();

    /// Nodes that run together, in order of recording.
    static final class Group {
        final TreeSet<Node> nodes = new TreeSet<>(java.util.Comparator.comparingInt(Node::id));

        boolean isLoop() {
            return nodes.first().op() instanceof MapOp;
        }

        int instructions() {
            return nodes.stream()
                    .mapToInt(node -> node.op() instanceof MapOp map
                            ? map.formula().body().code().size()
                            : 0)
                    .sum();
        }
    }

    private Fusion() {}

    static List<Group> of(Graph graph) {
        Fusion fusion = new Fusion();
        List<Node> live = graph.live();
        for (Node node : live) {
            if (!isFree(node)) {
                fusion.place(node);
            }
        }
        return fusion.ordered(live);
    }

    /// Whether a node costs nothing by itself.
    static boolean isFree(Node node) {
        return switch (node.op()) {
            case Source.Iota _, Source.Random _, View.Pad _, View.Concat _ -> false;
            case Source _, View _ -> true;
            default -> false;
        };
    }

    private void place(Node node) {
        Group own = new Group();
        own.nodes.add(node);
        groups.put(node, own);
        if (node.op() instanceof MapOp map) {
            for (Tensor input : node.inputs()) {
                Group other = groups.get(input.node());
                if (other != null && !other.equals(own) && fits(own, other, map, node, input)) {
                    other.nodes.forEach(member -> groups.put(member, own));
                    own.nodes.addAll(other.nodes);
                }
            }
        }
    }

    private boolean fits(Group own, Group other, MapOp map, Node node, Tensor input) {
        return input.node().op() instanceof MapOp producer
                && producer.type() == map.type()
                && input.shape().equals(node.outputs().get(0).shape())
                && own.instructions() + other.instructions() <= INSTRUCTIONS
                && !seenThroughViews(own).contains(other)
                && !seenThroughViews(other).contains(own)
                && !circular(own, other);
    }

    /// Whether one of two groups reads, through a third, what the other one or it itself writes.
    private boolean circular(Group one, Group two) {
        int first = Math.min(one.nodes.first().id(), two.nodes.first().id());
        ArrayDeque<Group> open = new ArrayDeque<>();
        sources(one).stream().filter(group -> !group.equals(two)).forEach(open::add);
        sources(two).stream().filter(group -> !group.equals(one)).forEach(open::add);
        Set<Group> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Group group = open.pop();
            if (group.equals(one) || group.equals(two)) {
                return true;
            }
            // What was recorded before both of them reads neither.
            if (group.nodes.last().id() > first && seen.add(group)) {
                open.addAll(sources(group));
            }
        }
        return false;
    }

    /// The groups that a group reads from.
    private Set<Group> sources(Group group) {
        return sources(group, new ArrayDeque<>(group.nodes));
    }

    /// The groups that a group reads from in another arrangement, so not element by element.
    private Set<Group> seenThroughViews(Group group) {
        ArrayDeque<Node> views = new ArrayDeque<>();
        group.nodes.forEach(node -> node.inputs().stream()
                .map(Tensor::node)
                .filter(input -> groups.get(input) == null)
                .forEach(views::add));
        return sources(group, views);
    }

    private Set<Group> sources(Group group, ArrayDeque<Node> open) {
        Set<Group> sources = new LinkedHashSet<>();
        Set<Node> seen = new HashSet<>();
        while (!open.isEmpty()) {
            for (Tensor input : open.pop().inputs()) {
                Group other = groups.get(input.node());
                if (other == null && seen.add(input.node())) {
                    open.add(input.node());
                } else if (other != null && !other.equals(group)) {
                    sources.add(other);
                }
            }
        }
        return sources;
    }

    private List<Group> ordered(List<Node> live) {
        Set<Group> done = new LinkedHashSet<>();
        for (Node node : live) {
            Group group = groups.get(node);
            if (group != null) {
                visit(group, done);
            }
        }
        return new ArrayList<>(done);
    }

    private void visit(Group start, Set<Group> done) {
        ArrayDeque<Group> stack = new ArrayDeque<>(List.of(start));
        while (!stack.isEmpty()) {
            Group group = stack.peek();
            List<Group> missing = sources(group).stream()
                    .filter(source -> !done.contains(source))
                    .toList();
            if (missing.isEmpty()) {
                done.add(stack.pop());
            } else {
                missing.forEach(stack::push);
            }
        }
    }
}
