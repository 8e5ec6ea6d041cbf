package org.gradus.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
/// nobody else reads. Folds over the same axes of one shape that share an input become one, and so do loops. Cheap maps
/// of one stored value are computed anew in every group that reads them, because that takes less time than to store them.
/// A contraction takes in the bias and the relu that alone read it. Every other op stands alone. Views and sources belong
/// to no group: views are ways of reading, sources are there.
final class Fusion {
    /// More instructions in one loop stop paying: long vector loops degrade from about 100 on.
    private static final int INSTRUCTIONS = 64;

    /// The most that a fold computes for each element, by its [Weight]; its loop is unrolled and has registers to keep.
    private static final int FOLDED = 26;

    private static final int MOST_FOLDS = 4;

    /// How many arrays a loop reads from end to end, if it is made of several that need not be one.
    private static final int MOST_SEEN = 4;

    /// How much smaller a broadcast value is than the one that it meets, if reading it is to cost nothing.
    private static final int SMALLER = 8;

    private static final Body SUM = Body.of(2, x -> List.of(x.get(0).plus(x.get(1))));
    private static final Body RELU = Body.of(1, x -> List.of(x.get(0).max(0)));

    private final Graph graph;
    private final Groups groups;
    private final Map<Node, Set<Tensor>> anew = new HashMap<>(); // maps computed wherever they are read, and what of

    private Fusion(Graph graph, List<Node> live) {
        this.graph = graph;
        this.groups = new Groups(live);
    }

    static List<Group> of(Graph graph) {
        List<Node> live = graph.live();
        Fusion fusion = new Fusion(graph, live);
        live.forEach(fusion::placeContraction);
        live.forEach(fusion::noteAnew);
        for (Node node : live) {
            if (!isFree(node) && !fusion.anew.containsKey(node) && fusion.groups.of(node) == null) {
                fusion.place(node);
            }
        }
        live.stream().filter(Fusion::isFold).forEach(fusion::takeMaps);
        fusion.joinAlike(Group::isFold, Fusion::isOneFold);
        fusion.joinAlike(Group::isLoop, Fusion::isOneLoop);
        return fusion.groups.ordered();
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

    /// Notes a map that is computed anew wherever it is read: cheap, of one stored value and others that are small, and
    /// read element by element only; or very cheap and of two stored values, if a fold and one more kernel read it, for
    /// then to read both twice takes no longer than to read both, write one and read it twice.
    private void noteAnew(Node node) {
        if (!(node.op() instanceof MapOp map) || node.outputs().size() != 1 || groups.of(node) != null) {
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
        boolean direct = groups.uses(y).stream()
                .allMatch(use -> isFold(use)
                        || (use.op() instanceof MapOp reader
                                && reader.type() == map.type()
                                && use.outputs().get(0).shape().equals(y.shape())));
        boolean isFolded = groups.uses(y).stream().anyMatch(Fusion::isFold);
        boolean staysNear =
                cost > Weight.LIGHT && isFolded && isSliced(y) && kernels(y).size() == 2;
        boolean pays = stored.size() == 1
                ? cost <= Weight.LIGHTER_THAN_MEMORY && !staysNear
                : stored.size() == 2
                        && cost <= Weight.LIGHT
                        && isFolded
                        && kernels(y).size() <= 2;
        if (pays
                && direct
                && !groups.uses(y).isEmpty()
                && y.type().type() == map.type()
                && !graph.outputs().contains(y)
                && (isFolded || stored.stream().noneMatch(base -> base.node().op() instanceof MapOp))) {
            anew.put(node, stored);
        }
    }

    /// Whether it takes a stage to fold a value, so that it can be stored where the stage's next loop writes: the exponentials
    /// of a softmax.
    private boolean isSliced(Tensor y) {
        return groups.uses(y).stream()
                .filter(Fusion::isFold)
                .allMatch(fold -> Stages.isSliced(y.shape(), ((Reduce) fold.op()).axes()));
    }

    /// What would read a map if it were stored, as far as maps join what they read: folds, of which equal ones are one,
    /// and maps that are stored themselves.
    private Set<Object> kernels(Tensor y) {
        Set<Object> kernels = new HashSet<>();
        Set<Tensor> seen = new HashSet<>(Set.of(y));
        ArrayDeque<Tensor> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            for (Node use : groups.uses(open.pop())) {
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
                || groups.uses(z).isEmpty()
                || groups.uses(z).stream().anyMatch(use -> !isFold(use) && !(use.op() instanceof MapOp));
    }

    /// A contraction, with the bias and the relu that alone read what it computes.
    private void placeContraction(Node node) {
        if (!(node.op() instanceof Contract)) {
            return;
        }
        Group group = groups.begin(node);
        Node sum = onlyUse(node);
        boolean takesBias = node.op() instanceof Contract.MatMul || node.op() instanceof Contract.Convolution;
        if (sum != null && takesBias && bias(node, sum) != null) {
            groups.add(group, sum);
            Node relu = onlyUse(sum);
            if (relu != null
                    && relu.op() instanceof MapOp map
                    && map.formula().body().equals(RELU)) {
                groups.add(group, relu);
            }
        }
    }

    private @Nullable Node onlyUse(Node node) {
        List<Node> all = groups.uses(node.outputs().get(0));
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
        Group own = groups.begin(node);
        takeAnew(node, own);
        for (Tensor input : node.inputs()) {
            Group other = groups.of(input.node());
            if (other != null && !other.equals(own) && fits(own, other, node, input)) {
                groups.join(own, other);
            }
        }
    }

    /// Takes what a fold reads into its group, once all maps have found theirs.
    private void takeMaps(Node fold) {
        Tensor input = fold.inputs().get(0);
        Group own = groups.of(fold);
        Group other = groups.of(input.node());
        boolean isPass = other != null && !other.isContraction() && input.node().op() instanceof MapOp;
        if (own != null && other != null && isPass && takes(fold, own, other)) {
            groups.join(own, other);
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

    private boolean fits(Group own, Group other, Node node, Tensor input) {
        return node.op() instanceof MapOp map
                && input.node().op() instanceof MapOp producer
                && producer.type() == map.type()
                && other.isLoop()
                && input.shape().equals(node.outputs().get(0).shape())
                && own.instructions() + other.instructions() <= INSTRUCTIONS
                && groups.readElementwise(own, other)
                && !groups.isCircle(own, other);
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
                .flatMap(y -> groups.uses(y).stream())
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
                && !groups.isCircle(own, other);
    }

    private static boolean readsNumbers(Group group, Type type) {
        return group.maps().stream()
                .allMatch(node -> ((MapOp) node.op()).type() == type
                        && node.inputs().stream()
                                .allMatch(input -> group.nodes.contains(input.node())
                                        || input.type().type() == type));
    }

    /// Makes one of groups of a kind that see the same numbers, where two fit together.
    private void joinAlike(Predicate<Group> kind, BiPredicate<Group, Group> fit) {
        Map<Tensor, List<Group>> seers = new LinkedHashMap<>();
        groups.all()
                .filter(kind)
                .forEach(group -> seen(group)
                        .forEach(tensor -> seers.computeIfAbsent(tensor, _ -> new ArrayList<>())
                                .add(group)));
        for (List<Group> alike : seers.values()) {
            for (int i = 0; i < alike.size(); i++) {
                for (int j = i + 1; j < alike.size(); j++) {
                    Group one = groups.now(alike.get(i));
                    Group two = groups.now(alike.get(j));
                    if (!one.equals(two) && fit.test(one, two) && groups.areApart(one, two)) {
                        groups.join(one, two);
                    }
                }
            }
        }
    }

    private static boolean isOneFold(Group one, Group two) {
        Node first = one.folds().get(0);
        Node second = two.folds().get(0);
        return first.op().equals(second.op())
                && first.inputs().get(0).type().equals(second.inputs().get(0).type())
                && one.folds().size() + two.folds().size() <= MOST_FOLDS
                && one.weight() + two.weight() <= FOLDED;
    }

    private static boolean isOneLoop(Group one, Group two) {
        return ((MapOp) one.nodes.last().op()).type()
                        == ((MapOp) two.nodes.last().op()).type()
                && one.shape().equals(two.shape())
                && one.instructions() + two.instructions() <= INSTRUCTIONS
                && Stream.of(one, two).flatMap(Fusion::seen).distinct().count() <= MOST_SEEN;
    }

    /// The stored values of full size that a fold or a loop reads.
    private static Stream<Tensor> seen(Group pass) {
        int count = pass.shape().count();
        return pass.nodes.stream()
                .flatMap(node -> node.inputs().stream())
                .filter(input -> !pass.nodes.contains(input.node()))
                .map(Fusion::root)
                .filter(root -> root.shape().count() == count)
                .distinct();
    }
}
