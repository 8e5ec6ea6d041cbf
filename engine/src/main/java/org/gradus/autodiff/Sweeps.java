package org.gradus.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.graph.GraphSvg;
import org.gradus.graph.Node;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;

/// A computation step by step, with the derivatives of every intermediate value in both sweeps: the evaluation and the
/// derivative with respect to one input go up together (forward mode), the derivative of one output comes down (reverse
/// mode). Prints as the lecture's table and draws as its graph.
///
/// Lecture: *Gradient Computation & Automatic Differentiation*, slides 7.3 to 7.7.
///
/// @param rows inputs first, then one for each operation, named a1, a2 …
/// @param input the name of the input that the forward sweep differentiates by
/// @param output the name of the output that the reverse sweep differentiates
public record Sweeps(List<Row> rows, String input, String output) {
    private static final Map<String, String> SIGNS = Map.of("add", "+", "sub", "-", "mul", "×", "div", "/");

    /// One value: its name, how it is computed, the name that the caller gave it (or nothing), its number, the forward
    /// sweep's derivative (of it, by the input) and the reverse sweep's (of the output, by it).
    public record Row(
            Node node, String name, String formula, String given, Array value, Array forward, Array reverse) {}

    /// Both sweeps through `f`.
    ///
    /// @param names the inputs' names
    /// @param at the inputs' values, with numbers
    /// @param wrt the input that the forward sweep differentiates by, with a derivative of 1 for each of its elements
    /// @param of which output the reverse sweep differentiates, with a derivative of 1 for each of its elements
    /// @throws GradusException when there is no such input
    public static Sweeps of(
            List<String> names, List<Tensor> at, Function<List<Tensor>, List<Tensor>> f, String wrt, int of) {
        if (names.size() != at.size()) {
            throw new GradusException(
                    "sweep-input",
                    "Both sweeps need a name for each input, but there are " + names.size() + " names and " + at.size()
                            + " inputs.");
        }
        if (!names.contains(wrt)) {
            throw new GradusException(
                    "sweep-input",
                    "The forward sweep is asked for by `" + wrt + "`, but the inputs are " + names
                            + ". Name one of them.");
        }
        Tracer tracer = Tracer.of(at).recorder();
        List<Tensor> inputs = at.stream().map(x -> tracer.constant(x.array())).toList();
        List<Tensor> outputs = f.apply(inputs);
        if (of < 0 || of >= outputs.size()) {
            throw new GradusException(
                    "sweep-output",
                    "The reverse sweep is asked for output " + of + ", but the function has " + outputs.size()
                            + ", counted from 0.");
        }
        Reach reach = Reach.between(inputs, outputs);
        List<Tensor> values = new ArrayList<>(inputs);
        reach.nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .filter(reach.tensors()::contains)
                .forEach(values::add);
        Tensor x = inputs.get(names.indexOf(wrt));
        Tensor y = outputs.get(of);
        List<Tensor> forward = Forward.pushforward(values, List.of(x), List.of(ones(x)));
        List<Tensor> reverse = Reverse.pullback(List.of(y), List.of(ones(y)), values);
        Map<Tensor, String> labels = new HashMap<>();
        IntStream.range(0, values.size()).forEach(i -> labels.put(values.get(i), "a" + (i + 1)));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Tensor value = values.get(i);
            String given =
                    i < names.size() ? names.get(i) : outputs.contains(value) ? "y" + (outputs.indexOf(value) + 1) : "";
            rows.add(new Row(
                    value.node(),
                    "a" + (i + 1),
                    i < names.size() ? names.get(i) : formula(value.node(), labels),
                    given,
                    value.array(),
                    forward.get(i).array(),
                    reverse.get(i).array()));
        }
        return new Sweeps(rows, wrt, "y" + (of + 1));
    }

    /// The graph as SVG; each box holds the operation, the value and both derivatives.
    public String toSvg() {
        Map<Node, Row> byNode = new HashMap<>();
        rows.forEach(row -> byNode.put(row.node(), row));
        return GraphSvg.of(rows.stream().map(Row::node).distinct().toList(), node -> {
            Row row = byNode.get(node);
            return row == null
                    ? List.of(node.op().name())
                    : List.of(
                            title(row),
                            "value " + number(row.value()),
                            "∂" + row.name() + "/∂" + input + " " + number(row.forward()),
                            "∂" + output + "/∂" + row.name() + " " + number(row.reverse()));
        });
    }

    /// The table: evaluation, value, forward derivative, reverse derivative.
    @Override
    public String toString() {
        int wide = rows.stream().mapToInt(row -> title(row).length()).max().orElse(0);
        String pattern = "%-" + Math.max(wide, 10) + "s  %14s  %14s  %14s%n";
        return String.format(Locale.ROOT, pattern, "evaluation", "value", "∂a/∂" + input, "∂" + output + "/∂a")
                + rows.stream()
                        .map(row -> String.format(
                                Locale.ROOT,
                                pattern,
                                title(row),
                                number(row.value()),
                                number(row.forward()),
                                number(row.reverse())))
                        .collect(Collectors.joining());
    }

    private static String title(Row row) {
        boolean named = row.given().isEmpty() || row.given().equals(row.formula());
        return row.name() + " = " + row.formula() + (named ? "" : " = " + row.given());
    }

    private static String formula(Node node, Map<Tensor, String> labels) {
        List<String> inputs = node.inputs().stream()
                .map(input -> labels.getOrDefault(
                        input, input.node().op() instanceof Source.Constant(Array value) ? number(value) : "·"))
                .toList();
        String name = node.op().name();
        return inputs.size() == 2 && SIGNS.containsKey(name)
                ? inputs.get(0) + " " + SIGNS.get(name) + " " + inputs.get(1)
                : name + "(" + String.join(", ", inputs) + ")";
    }

    private static String number(Array array) {
        return array.count() == 1 ? String.format(Locale.ROOT, "%.6f", array.get(0)) : array.toString();
    }

    private static Tensor ones(Tensor like) {
        return like.tracer().constant(Array.full(like.type(), 1));
    }
}
