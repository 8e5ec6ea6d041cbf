package org.gradus.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.gradus.graph.Graph;
import org.gradus.graph.Node;
import org.gradus.graph.Tensor;

/// How a graph runs: its live nodes in order, each with the values that nobody needs after it.
///
/// @param graph what is computed
/// @param entries one for each live node
public record Plan(Graph graph, List<Entry> entries) {
    /// One node to run.
    ///
    /// @param released the values whose last use this is
    public record Entry(Node node, List<Tensor> released) {}

    /// The plan of a graph.
    public static Plan of(Graph graph) {
        Set<Tensor> needed = new HashSet<>(graph.outputs());
        List<Entry> entries = new ArrayList<>();
        for (Node node : graph.live().reversed()) {
            List<Tensor> released = new ArrayList<>();
            for (Tensor value : node.inputs()) {
                if (needed.add(value)) {
                    released.add(value);
                }
            }
            node.outputs().stream().filter(needed::add).forEach(released::add);
            entries.add(new Entry(node, released));
        }
        return new Plan(graph, entries.reversed());
    }

    /// One line per entry.
    @Override
    public String toString() {
        return entries.stream().map(entry -> entry.node() + "\n").collect(Collectors.joining());
    }
}
