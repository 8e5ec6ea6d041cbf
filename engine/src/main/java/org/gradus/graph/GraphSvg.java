package org.gradus.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// A picture of a computation as SVG: one box for each node with its op and type, arrows along the data, inputs on the
/// left. A box stands one column right of the furthest of its inputs; within a column boxes follow the mean height of
/// their inputs.
public final class GraphSvg {
    private static final int WIDTH = 168;
    private static final int LINE = 16;
    private static final int GAP_X = 64;
    private static final int GAP_Y = 18;
    private static final int MARGIN = 24;

    private final Map<Node, Integer> columns = new HashMap<>();
    private final Map<Node, Double> heights = new HashMap<>();
    private final Map<Node, List<String>> texts = new HashMap<>();
    private final List<Node> nodes;

    private GraphSvg(List<Node> nodes, Function<Node, List<String>> text) {
        this.nodes = nodes;
        nodes.forEach(node -> texts.put(node, text.apply(node)));
        place();
    }

    /// The picture of a graph.
    public static String of(Graph graph) {
        return of(graph.live(), GraphSvg::text);
    }

    /// The picture of nodes that are in an order of recording.
    ///
    /// @param text the lines in a node's box, the first one in bold
    public static String of(List<Node> nodes, Function<Node, List<String>> text) {
        return new GraphSvg(nodes, text).draw();
    }

    private static List<String> text(Node node) {
        List<String> lines = new ArrayList<>();
        lines.add(node.op().name());
        node.outputs().forEach(output -> lines.add(output.type().toString()));
        if (!node.path().isEmpty()) {
            lines.add(node.path());
        }
        return lines;
    }

    private void place() {
        int last = 0;
        for (Node node : nodes) {
            int column = node.inputs().stream()
                    .mapToInt(input -> columns.getOrDefault(input.node(), -1) + 1)
                    .max()
                    .orElse(0);
            columns.put(node, column);
            last = Math.max(last, column);
        }
        for (Node node : nodes.reversed()) { // sources stand just left of their first use
            nodes.stream()
                    .filter(user ->
                            node.inputs().isEmpty() && user.inputs().stream().anyMatch(input -> input.node() == node))
                    .mapToInt(user -> columns.getOrDefault(user, 0) - 1)
                    .min()
                    .ifPresent(column -> columns.put(node, column));
        }
        for (int column = 0; column <= last; column++) {
            int at = column;
            List<Node> boxes = new ArrayList<>(nodes.stream()
                    .filter(node -> columns.getOrDefault(node, 0) == at)
                    .toList());
            boxes.sort(Comparator.comparingDouble(this::wishedHeight));
            double top = MARGIN;
            for (Node node : boxes) {
                double wished = wishedHeight(node) - boxHeight(node) / 2.0;
                top = Math.max(top, Double.isFinite(wished) ? wished : top);
                heights.put(node, top);
                top += boxHeight(node) + GAP_Y;
            }
        }
    }

    private double wishedHeight(Node node) {
        return node.inputs().stream()
                .filter(input -> heights.containsKey(input.node()))
                .mapToDouble(input -> middle(input.node()))
                .average()
                .orElse(Double.POSITIVE_INFINITY); // sources stand below what is computed
    }

    private double middle(Node node) {
        return heights.getOrDefault(node, 0.0) + boxHeight(node) / 2.0;
    }

    private int boxHeight(Node node) {
        return texts.getOrDefault(node, List.of()).size() * LINE + 12;
    }

    private int left(Node node) {
        return MARGIN + columns.getOrDefault(node, 0) * (WIDTH + GAP_X);
    }

    private String draw() {
        int width = nodes.stream().mapToInt(node -> left(node) + WIDTH).max().orElse(0) + MARGIN;
        double height = nodes.stream()
                        .mapToDouble(node -> heights.getOrDefault(node, 0.0) + boxHeight(node))
                        .max()
                        .orElse(0)
                + MARGIN;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%.0f" viewBox="0 0 %d %.0f"
                     font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">
                <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                <path d="M0 0 L8 4 L0 8 z" fill="#64748b"/></marker></defs>
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                """, width, height, width, height));
        for (Node node : nodes) {
            int inputs = node.inputs().size();
            for (int i = 0; i < inputs; i++) {
                Node from = node.inputs().get(i).node();
                if (heights.containsKey(from)) {
                    int x1 = left(from) + WIDTH;
                    double y1 = middle(from);
                    int x2 = left(node);
                    double y2 = heights.getOrDefault(node, 0.0) + boxHeight(node) * (i + 1.0) / (inputs + 1);
                    double bend = Math.max(24, (x2 - x1) / 2.0);
                    svg.append(String.format(Locale.ROOT, """
                            <path d="M%d %.1f C%.1f %.1f %.1f %.1f %d %.1f" fill="none" stroke="#64748b" marker-end="url(#tip)"/>
                            """, x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2));
                }
            }
        }
        nodes.forEach(node -> box(svg, node));
        return svg.append("</svg>\n").toString();
    }

    private void box(StringBuilder svg, Node node) {
        boolean source = node.inputs().isEmpty();
        double top = heights.getOrDefault(node, 0.0);
        svg.append(String.format(
                Locale.ROOT,
                """
                <g><title>%s</title>
                <rect x="%d" y="%.1f" width="%d" height="%d" rx="6" fill="%s" stroke="%s"/>
                """,
                escaped(node.toString()),
                left(node),
                top,
                WIDTH,
                boxHeight(node),
                source ? "#ecfdf5" : node.op() instanceof Assign ? "#fff7ed" : "#eff6ff",
                source ? "#059669" : node.op() instanceof Assign ? "#ea580c" : "#2563eb"));
        List<String> lines = texts.getOrDefault(node, List.of());
        for (int i = 0; i < lines.size(); i++) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.1f\"%s>%s</text>\n",
                    left(node) + 10,
                    top + 18 + i * LINE,
                    i == 0 ? " font-weight=\"bold\"" : " fill=\"#475569\"",
                    escaped(shortened(lines.get(i)))));
        }
        svg.append("</g>\n");
    }

    private static String shortened(String line) {
        int most = (WIDTH - 16) / 7;
        return line.length() <= most ? line : line.substring(0, most - 1) + "…";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
