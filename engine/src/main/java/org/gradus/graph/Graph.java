package org.gradus.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A closed computation: nodes in an order in which every one follows its inputs, what is handed in, what comes out.
/// Assigns among the nodes write state when it has run.
///
/// @param nodes all that were recorded, used or not
/// @param inputs in the order of declaration
/// @param outputs the results, in order; one may stand twice
public record Graph(List<Node> nodes, List<Tensor> inputs, List<Tensor> outputs) {
    /// Freezes the lists.
    public Graph {
        nodes = List.copyOf(nodes);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /// The nodes that outputs or assigns need, in order.
    public List<Node> live() {
        boolean[] needed = new boolean[nodes.isEmpty() ? 0 : nodes.getLast().id() + 1];
        outputs.forEach(output -> needed[output.node().id()] = true);
        List<Node> live = new ArrayList<>();
        for (Node node : nodes.reversed()) {
            if (node.op() instanceof Assign || needed[node.id()]) {
                live.add(node);
                node.inputs().forEach(input -> needed[input.node().id()] = true);
            }
        }
        return live.reversed();
    }

    /// The states that it reads or writes, each once, in order of first use.
    public List<StateKey> states() {
        return nodes.stream()
                .flatMap(node -> switch (node.op()) {
                    case Source.State(StateKey key) -> java.util.stream.Stream.of(key);
                    case Assign(StateKey key) -> java.util.stream.Stream.of(key);
                    default -> java.util.stream.Stream.empty();
                })
                .distinct()
                .toList();
    }

    /// The constants, which were frozen when the graph was traced.
    public List<Tensor> captured() {
        return nodes.stream()
                .filter(node -> node.op() instanceof Source.Constant)
                .map(node -> node.outputs().get(0))
                .toList();
    }

    /// One line per live node, then the results.
    @Override
    public String toString() {
        return live().stream().map(node -> node + "\n").collect(Collectors.joining())
                + outputs.stream().map(Tensor::label).collect(Collectors.joining(", ", "return ", "\n"));
    }
}
