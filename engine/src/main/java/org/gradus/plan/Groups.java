package org.gradus.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.gradus.graph.Node;
import org.gradus.graph.Tensor;
import org.jspecify.annotations.Nullable;

/// Which node runs in which group, and how the groups depend on each other.
///
/// Nodes without a group, views and maps that are computed anew by those who read them, are looked through. No group
/// depends on itself; [#isCircle] tells whether two could become one.
final class Groups {
    private final List<Node> live;
    private final Map<Tensor, List<Node>> uses = new HashMap<>();
    private final Map<Node, Group> groups = new HashMap<>();

    Groups(List<Node> live) {
        this.live = live;
        for (Node node : live) {
            node.inputs()
                    .forEach(input ->
                            uses.computeIfAbsent(input, _ -> new ArrayList<>()).add(node));
        }
    }

    List<Node> uses(Tensor tensor) {
        return uses.getOrDefault(tensor, List.of());
    }

    @Nullable Group of(Node node) {
        return groups.get(node);
    }

    /// All groups, in the order of the first nodes that they compute for others.
    Stream<Group> all() {
        return live.stream().filter(groups::containsKey).map(groups::get).distinct();
    }

    /// The group that has taken in a group, or itself.
    Group now(Group group) {
        return groups.getOrDefault(group.nodes.last(), group);
    }

    Group begin(Node node) {
        Group group = new Group(node);
        groups.put(node, group);
        raise(group);
        return group;
    }

    /// Adds a node that alone reads what a group has computed so far.
    void add(Group group, Node node) {
        group.nodes.add(node);
        groups.put(node, group);
        raise(group);
    }

    void join(Group own, Group other) {
        other.nodes.stream().filter(node -> other.equals(groups.get(node))).forEach(node -> groups.put(node, own));
        own.nodes.addAll(other.nodes);
        own.latest = Math.min(own.latest, other.latest);
        raise(own);
    }

    /// Tells a group that has changed, and those that depend on it, the latest node that they depend on.
    private void raise(Group changed) {
        ArrayDeque<Group> open = new ArrayDeque<>(List.of(changed));
        while (!open.isEmpty()) {
            Group group = open.pop();
            int latest = sources(group).stream()
                    .mapToInt(source -> source.latest)
                    .reduce(group.nodes.last().id(), Math::max);
            if (latest > group.latest) {
                group.latest = latest;
                open.addAll(readers(group));
            }
        }
    }

    /// The groups that read from a group, but for those with only later nodes.
    private Set<Group> readers(Group group) {
        Set<Group> readers = new LinkedHashSet<>();
        Set<Node> seen = new HashSet<>(group.nodes);
        ArrayDeque<Node> open = new ArrayDeque<>(group.nodes);
        while (!open.isEmpty()) {
            for (Tensor y : open.pop().outputs()) {
                for (Node use : uses(y)) {
                    Group other = groups.get(use);
                    if (use.id() < group.latest && other != null) {
                        readers.add(other);
                    } else if (use.id() < group.latest && seen.add(use)) {
                        open.add(use);
                    }
                }
            }
        }
        return readers;
    }

    /// Whether one of two groups reads, through a third, what the other one or it itself writes.
    boolean isCircle(Group one, Group two) {
        return depends(
                Stream.concat(
                        sources(one).stream().filter(group -> !group.equals(two)),
                        sources(two).stream().filter(group -> !group.equals(one))),
                one,
                two);
    }

    /// Whether neither of two groups depends on the other one.
    boolean areApart(Group one, Group two) {
        return !depends(Stream.concat(sources(one).stream(), sources(two).stream()), one, two);
    }

    /// Whether some groups are, or depend on, one of two.
    private boolean depends(Stream<Group> from, Group one, Group two) {
        ArrayDeque<Group> open = new ArrayDeque<>(from.toList());
        Set<Group> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Group group = open.pop();
            if (group.equals(one) || group.equals(two)) {
                return true;
            }
            // What depends on nothing as late as either of them depends on neither.
            if (group.latest >= Math.min(one.latest, two.latest) && seen.add(group)) {
                open.addAll(sources(group));
            }
        }
        return false;
    }

    /// Whether two groups read what the other one writes element by element only, not in another arrangement.
    boolean readElementwise(Group one, Group two) {
        return !seenThroughViews(one).contains(two) && !seenThroughViews(two).contains(one);
    }

    private Set<Group> seenThroughViews(Group group) {
        ArrayDeque<Node> views = new ArrayDeque<>();
        group.nodes.forEach(node -> node.inputs().stream()
                .map(Tensor::node)
                .filter(input -> groups.get(input) == null)
                .forEach(views::add));
        return sources(group, views);
    }

    /// The groups that a group reads from.
    private Set<Group> sources(Group group) {
        return sources(group, new ArrayDeque<>(group.nodes));
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

    /// The groups in an order in which each follows what it reads.
    List<Group> ordered() {
        Set<Group> done = new LinkedHashSet<>();
        all().forEach(group -> visit(group, done));
        return new ArrayList<>(done);
    }

    private void visit(Group start, Set<Group> done) {
        ArrayDeque<Group> stack = new ArrayDeque<>(List.of(start));
        Set<Group> begun = new HashSet<>();
        while (!stack.isEmpty()) {
            Group group = stack.peek();
            List<Group> missing = sources(group).stream()
                    .filter(source -> !done.contains(source))
                    .toList();
            if (missing.isEmpty()) {
                done.add(stack.pop());
            } else if (begun.add(group)) {
                missing.forEach(stack::push);
            } else {
                throw new IllegalStateException("Groups of nodes read each other in a circle.");
            }
        }
    }
}
