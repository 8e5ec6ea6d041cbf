package org.gradus.plan;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.gradus.base.Shape;
import org.gradus.graph.Contract;
import org.gradus.graph.MapOp;
import org.gradus.graph.Node;

/// Nodes that run together, in order of recording.
final class Group {
    final TreeSet<Node> nodes = new TreeSet<>(Comparator.comparingInt(Node::id));

    /// The id of the latest node of this group and of all that it depends on.
    int latest;

    Group(Node first) {
        nodes.add(first);
        latest = first.id();
    }

    /// The shape that its loop or fold goes over.
    Shape shape() {
        return isFold()
                ? folds().getFirst().inputs().get(0).shape()
                : nodes.last().outputs().get(0).shape();
    }

    boolean isContraction() {
        return nodes.first().op() instanceof Contract;
    }

    boolean isLoop() {
        return nodes.stream().allMatch(node -> node.op() instanceof MapOp);
    }

    boolean isFold() {
        return nodes.stream().anyMatch(Fusion::isFold);
    }

    /// The maps in it, in order.
    List<Node> maps() {
        return nodes.stream().filter(node -> node.op() instanceof MapOp).toList();
    }

    /// The folds in it, in order.
    List<Node> folds() {
        return nodes.stream().filter(Fusion::isFold).toList();
    }

    int instructions() {
        return maps().stream()
                .mapToInt(node -> ((MapOp) node.op()).formula().body().code().size())
                .sum();
    }

    int weight() {
        return maps().stream().mapToInt(map -> Weight.of((MapOp) map.op())).sum();
    }
}
