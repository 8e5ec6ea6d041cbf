package org.gradus.autodiff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.gradus.graph.Node;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;

/// The nodes between some inputs and some outputs: those that a change of the inputs can reach and that the outputs
/// need. Derivatives are taken through these alone.
///
/// @param nodes in order of recording
/// @param tensors what a change reaches: the inputs and the floating-point outputs of `nodes`
record Reach(List<Node> nodes, Set<Tensor> tensors) {
    static Reach between(List<Tensor> from, List<Tensor> to) {
        Set<Node> needed = new HashSet<>();
        ArrayDeque<Node> open = new ArrayDeque<>();
        to.forEach(tensor -> open.add(tensor.node()));
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (needed.add(node)) {
                node.inputs().forEach(input -> open.push(input.node()));
            }
        }
        Set<Tensor> tensors = new HashSet<>(from);
        List<Node> nodes = new ArrayList<>();
        needed.stream().sorted(Comparator.comparingInt(Node::id)).forEach(node -> {
            if (!(node.op() instanceof Source) && node.inputs().stream().anyMatch(tensors::contains)) {
                nodes.add(node);
                node.outputs().stream()
                        .filter(output -> output.type().type().isFloating())
                        .forEach(tensors::add);
            }
        });
        return new Reach(nodes, tensors);
    }
}
