package org.gradus.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.graph.Assign;
import org.gradus.graph.Contract;
import org.gradus.graph.Graph;
import org.gradus.graph.MapOp;
import org.gradus.graph.Node;
import org.gradus.graph.Reduce;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;
import org.jspecify.annotations.Nullable;

/// The nodes of a lowered graph in groups that run as one kernel each, in an order in which every group follows what it
/// reads.
///
/// Elementwise ops of one shape and number type join the groups of the ops they read, unless a path through another
/// group would close a circle, or the loop would grow too long for the compiler. A fold takes in the elementwise ops that
/// nobody else reads, and folds over the same axes of one shape that share an input become one. Cheap maps of one stored
/// value are computed anew in every group that reads them, because that takes less time than to store them. A contraction
/// takes in the bias and the relu that alone read it. Every other op stands alone. Views and sources belong to no group: views are ways of reading, sources are there.
final class Fusion {
    /// More instructions in one loop stop paying: long vector loops degrade from about 100 on.
    private static final int INSTRUCTIONS = 64;

    /// The most that a fold computes for each element, by its [Weight]; its loop is unrolled and has registers to keep.
    private static final int FOLDED = 26;

    private static final int MOST_FOLDS = 4;

    /// How much smaller a broadcast value is than the one that it meets, if reading it is to cost nothing.
    private static final int SMALLER = 8;

    private static final Body SUM = Body.of(2, x -> List.of(x.get(0).plus(x.get(1))));
    private static final Body RELU = Body.of(1, x -> List.of(x.get(0).max(0)));

    private final Graph graph;
    private final Map<Node, Group> groups = new HashMap<>();
    private final Map<Tensor, List<Node>> uses = new HashMap<>();
    private final Map<Node, Set<Tensor>> anew = new HashMap<>(); // maps computed wherever they are read, and what of

    private Fusion(Graph graph) {
        this.graph = graph;
    }

    static List<Group> of(Graph graph) {
        Fusion fusion = new Fusion(graph);
        List<Node> live = graph.live();
        for (Node node : live) {
            node.inputs()
                    .forEach(input -> fusion.uses
                            .computeIfAbsent(input, _ -> new ArrayList<>())
                            .add(node));
        }
        live.forEach(fusion::placeContraction);
        live.forEach(fusion::noteAnew);
        for (Node node : live) {
            if (!isFree(node) && !fusion.anew.containsKey(node) && !fusion.groups.containsKey(node)) {
                fusion.place(node);
            }
        }
        live.stream().filter(Fusion::isFold).forEach(fusion::takeMaps);
        fusion.joinFolds();
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

    /// The tensor behind views and assigns.
    static Tensor root(Tensor tensor) {
        Tensor at = tensor;
        while (at.node().op() instanceof Assign || (at.node().op() instanceof View && isFree(at.node()))) {
            at = at.node().inputs().get(0);
        }
        return at;
    }

    static boolean isFold(Node node) {
        return node.op() instanceof Reduce reduce && !reduce.kind().isPosition();
    }

    private static int weight(Node map) {
        return Weight.of((MapOp) map.op());
    }

    private List<Node> uses(Tensor tensor) {
        return uses.getOrDefault(tensor, List.of());
    }

    /// Notes a map that is computed anew wherever it is read: cheap, of one stored value and others that are small, and
    /// read element by element only; or very cheap and of two stored values, if a fold and one more kernel read it, for
    /// then to read both twice takes no longer than to read both, write one and read it twice.
    private void noteAnew(Node node) {
        if (!(node.op() instanceof MapOp map) || node.outputs().size() != 1 || groups.containsKey(node)) {
            return;
        }
        Tensor y = node.outputs().get(0);
        Set<Tensor> stored = new HashSet<>();
        int cost = weight(node);
        for (Tensor input : node.inputs()) {
            Tensor root = root(input);
            Set<Tensor> behind = anew.get(input.node());
            if (behind != null) {
                stored.addAll(behind);
                cost += weight(input.node());
            } else if (root.shape().count() * SMALLER > y.shape().count()) {
                stored.add(root);
            }
        }
        boolean direct = uses(y).stream()
                .allMatch(use -> isFold(use)
                        || (use.op() instanceof MapOp reader
                                && reader.type() == map.type()
                                && use.outputs().get(0).shape().equals(y.shape())));
        boolean isFolded = uses(y).stream().anyMatch(Fusion::isFold);
        boolean pays = stored.size() == 1
                ? cost <= Weight.LIGHTER_THAN_MEMORY
                : stored.size() == 2
                        && cost <= Weight.LIGHT
                        && isFolded
                        && kernels(y).size() <= 2;
        if (pays
                && direct
                && !uses(y).isEmpty()
                && y.type().type() == map.type()
                && !graph.outputs().contains(y)
                && (isFolded || stored.stream().noneMatch(base -> base.node().op() instanceof MapOp))) {
            anew.put(node, stored);
        }
    }

    /// What would read a map if it were stored, as far as maps join what they read: folds, of which equal ones are one,
    /// and maps that are stored themselves.
    private Set<Object> kernels(Tensor y) {
        Set<Object> kernels = new HashSet<>();
        Set<Tensor> seen = new HashSet<>(Set.of(y));
        ArrayDeque<Tensor> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            for (Node use : uses(open.pop())) {
                Tensor z = use.outputs().get(0);
                if (isFold(use)) {
                    kernels.add(use.op());
                } else if (isStored(use)) {
                    kernels.add(use);
                } else if (seen.add(z)) {
                    open.add(z);
                }
            }
        }
        return kernels;
    }

    private boolean isStored(Node node) {
        Tensor z = node.outputs().get(0);
        return !(node.op() instanceof MapOp)
                || node.outputs().size() > 1
                || graph.outputs().contains(z)
                || uses(z).isEmpty()
                || uses(z).stream().anyMatch(use -> !isFold(use) && !(use.op() instanceof MapOp));
    }

    /// A contraction, with the bias and the relu that alone read what it computes.
    private void placeContraction(Node node) {
        if (!(node.op() instanceof Contract)) {
            return;
        }
        Group group = new Group(node);
        groups.put(node, group);
        Node sum = onlyUse(node);
        boolean takesBias = node.op() instanceof Contract.MatMul || node.op() instanceof Contract.Convolution;
        if (sum != null && takesBias && bias(node, sum) != null) {
            add(group, sum);
            Node relu = onlyUse(sum);
            if (relu != null
                    && relu.op() instanceof MapOp map
                    && map.formula().body().equals(RELU)) {
                add(group, relu);
            }
        }
    }

    private void add(Group group, Node node) {
        group.nodes.add(node);
        groups.put(node, group);
    }

    private @Nullable Node onlyUse(Node node) {
        List<Node> all = uses(node.outputs().get(0));
        return all.size() == 1 && !graph.outputs().contains(node.outputs().get(0)) ? all.get(0) : null;
    }

    /// The bias that `sum` adds to a contraction's result, one number for each column or channel, or `null`.
    static @Nullable Tensor bias(Node contraction, Node sum) {
        Tensor y = contraction.outputs().get(0);
        if (!(sum.op() instanceof MapOp map)
                || !map.formula().body().equals(SUM)
                || map.type() != y.type().type()) {
            return null;
        }
        Tensor other = sum.inputs().get(sum.inputs().get(0).equals(y) ? 1 : 0);
        if (!(other.node().op() instanceof View.Broadcast)) {
            return null;
        }
        Tensor bias = other.node().inputs().get(0);
        int channel = contraction.op() instanceof Contract.MatMul ? y.shape().rank() - 1 : 1;
        int axis = channel - (y.shape().rank() - bias.shape().rank());
        int count = y.shape().size(channel);
        if (axis < 0 || bias.shape().count() != count || bias.shape().size(axis) != count) {
            return null;
        }
        while (bias.node().op() instanceof View.Reshape) {
            bias = bias.node().inputs().get(0);
        }
        return bias;
    }

    private void place(Node node) {
        Group own = new Group(node);
        groups.put(node, own);
        takeAnew(node, own);
        for (Tensor input : node.inputs()) {
            Group other = groups.get(input.node());
            if (other != null && !other.equals(own) && fits(own, other, node, input)) {
                join(own, other);
            }
        }
    }

    /// Takes what a fold reads into its group, once all maps have found theirs.
    private void takeMaps(Node fold) {
        Tensor input = fold.inputs().get(0);
        Group own = groups.get(fold);
        Group other = groups.get(input.node());
        boolean isPass = other != null && !other.isContraction() && input.node().op() instanceof MapOp;
        if (own != null && other != null && isPass && takes(fold, own, other)) {
            join(own, other);
        }
    }

    /// Adds the maps that a node's group computes anew.
    private void takeAnew(Node node, Group own) {
        for (Tensor input : node.inputs()) {
            if (anew.containsKey(input.node()) && own.nodes.add(input.node())) {
                takeAnew(input.node(), own);
            }
        }
    }

    private void join(Group own, Group other) {
        other.nodes.stream().filter(member -> !anew.containsKey(member)).forEach(member -> groups.put(member, own));
        own.nodes.addAll(other.nodes);
    }

    private boolean fits(Group own, Group other, Node node, Tensor input) {
        return node.op() instanceof MapOp map
                && input.node().op() instanceof MapOp producer
                && producer.type() == map.type()
                && other.isLoop()
                && input.shape().equals(node.outputs().get(0).shape())
                && own.instructions() + other.instructions() <= INSTRUCTIONS
                && !seenThroughViews(own).contains(other)
                && !seenThroughViews(other).contains(own)
                && !circular(own, other);
    }

    /// Whether a fold takes in the group that it reads: maps that nobody reads but folds of its kind, or such a fold that
    /// has taken them in.
    private boolean takes(Node fold, Group own, Group other) {
        if (other.isFold()) {
            return other.folds().get(0).op().equals(fold.op());
        }
        List<Node> outside = other.nodes.stream()
                .filter(node -> !anew.containsKey(node))
                .flatMap(node -> node.outputs().stream())
                .flatMap(y -> uses(y).stream())
                .filter(node -> !other.nodes.contains(node))
                .distinct()
                .toList();
        boolean leaves =
                other.nodes.stream().flatMap(node -> node.outputs().stream()).anyMatch(graph.outputs()::contains);
        return !leaves
                && outside.size() <= MOST_FOLDS
                && outside.stream().allMatch(node -> node.op().equals(fold.op()))
                && own.weight() + other.weight() <= FOLDED
                && readsNumbers(other, fold.inputs().get(0).type().type())
                && !circular(own, other);
    }

    private static boolean readsNumbers(Group group, Type type) {
        return group.maps().stream()
                .allMatch(node -> ((MapOp) node.op()).type() == type
                        && node.inputs().stream()
                                .allMatch(input -> group.nodes.contains(input.node())
                                        || input.type().type() == type));
    }

    /// Makes one of folds that see the same numbers.
    private void joinFolds() {
        List<Group> folds = groups.values().stream()
                .filter(Group::isFold)
                .distinct()
                .sorted(Comparator.comparingInt(group -> group.nodes.first().id()))
                .toList();
        Set<Group> gone = new HashSet<>();
        for (int i = 0; i < folds.size(); i++) {
            for (int j = i + 1; j < folds.size() && !gone.contains(folds.get(i)); j++) {
                if (!gone.contains(folds.get(j)) && isOneFold(folds.get(i), folds.get(j))) {
                    gone.add(folds.get(j));
                    join(folds.get(i), folds.get(j));
                }
            }
        }
    }

    private boolean isOneFold(Group one, Group two) {
        Node first = one.folds().get(0);
        Node second = two.folds().get(0);
        return first.op().equals(second.op())
                && first.inputs().get(0).type().equals(second.inputs().get(0).type())
                && one.folds().size() + two.folds().size() <= MOST_FOLDS
                && one.weight() + two.weight() <= FOLDED
                && !Collections.disjoint(seen(one), seen(two))
                && !sources(one).contains(two)
                && !sources(two).contains(one)
                && !circular(one, two);
    }

    /// The stored values of full size that a fold reads.
    private static Set<Tensor> seen(Group fold) {
        int count = fold.folds().get(0).inputs().get(0).shape().count();
        return fold.nodes.stream()
                .flatMap(node -> node.inputs().stream())
                .filter(input -> !fold.nodes.contains(input.node()))
                .map(Fusion::root)
                .filter(root -> root.shape().count() == count)
                .collect(Collectors.toSet());
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
