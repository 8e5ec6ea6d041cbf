package org.gradus.autodiff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.graph.Contract.MatMul;
import org.gradus.graph.Node;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;
import org.jspecify.annotations.Nullable;

/// What the uses of one tensor send back to it. Its cotangent is their sum; where there are many of a kind, as a loop over
/// time leaves them, the sum is not made term by term:
///
/// - Parts of a tensor that was cut up along an axis are joined, instead of each filled up with zeros and added.
/// - Products of matrices that share a weight are one product over all their rows.
final class Contributions {
    private static final int MANY = 4;

    private final List<Tensor> sent = new ArrayList<>();

    void add(Tensor cotangent) {
        sent.add(cotangent);
    }

    /// Their sum, of which there is at least one.
    Tensor sum() {
        List<Tensor> terms = sent.size() < MANY ? sent : products(parts(sent));
        Tensor sum = terms.getFirst();
        for (Tensor term : terms.subList(1, terms.size())) {
            sum = sum.plus(term);
        }
        sent.clear();
        sent.add(sum);
        return sum;
    }

    /// Joins parts that were filled up with zeros along one axis, where none overlap.
    private static List<Tensor> parts(List<Tensor> terms) {
        Map<Integer, List<Tensor>> byAxis = new LinkedHashMap<>();
        List<Tensor> result = new ArrayList<>();
        for (Tensor term : terms) {
            int axis = term.node().op() instanceof View.Pad pad ? axis(pad) : -1;
            if (axis < 0) {
                result.add(term);
            } else {
                byAxis.computeIfAbsent(axis, _ -> new ArrayList<>()).add(term);
            }
        }
        byAxis.forEach((axis, some) -> {
            @Nullable Tensor joined = some.size() < MANY ? null : joined(axis, some);
            result.addAll(joined == null ? some : List.of(joined));
        });
        return result;
    }

    /// The one axis along which zeros are added before and after; -1 if it is not one, or something else is added.
    private static int axis(View.Pad pad) {
        int axis = -1;
        for (int i = 0; i < pad.before().size(); i++) {
            if (pad.between().get(i) != 0 || pad.value() != 0) {
                return -1;
            }
            if (pad.before().get(i) != 0 || pad.after().get(i) != 0) {
                if (axis >= 0) {
                    return -1;
                }
                axis = i;
            }
        }
        return axis;
    }

    private static @Nullable Tensor joined(int axis, List<Tensor> padded) {
        List<Tensor> ordered = padded.stream()
                .sorted(Comparator.comparingInt(tensor -> before(tensor, axis)))
                .toList();
        List<Tensor> parts = new ArrayList<>();
        int end = 0;
        for (Tensor tensor : ordered) {
            Tensor part = tensor.node().inputs().getFirst();
            if (before(tensor, axis) != end) {
                return null;
            }
            parts.add(part);
            end += part.shape().size(axis);
        }
        Tensor first = padded.getFirst();
        return end == first.shape().size(axis) ? concat(axis, parts) : null;
    }

    private static int before(Tensor padded, int axis) {
        return ((View.Pad) padded.node().op()).before().get(axis);
    }

    /// Makes one product of products of equal shape whose factors are no larger than what they give.
    private static List<Tensor> products(List<Tensor> terms) {
        Map<List<Object>, List<Node>> alike = new LinkedHashMap<>();
        List<Tensor> result = new ArrayList<>();
        for (Tensor term : terms) {
            Node node = term.node();
            if (node.op() instanceof MatMul op && term.shape().rank() == 2 && isThin(node, term)) {
                alike.computeIfAbsent(List.of(op), _ -> new ArrayList<>()).add(node);
            } else {
                result.add(term);
            }
        }
        alike.values().forEach(nodes -> {
            if (nodes.size() < MANY) {
                nodes.forEach(node -> result.add(node.outputs().getFirst()));
            } else {
                MatMul op = (MatMul) nodes.getFirst().op();
                List<Tensor> lefts =
                        nodes.stream().map(node -> node.inputs().get(0)).toList();
                List<Tensor> rights =
                        nodes.stream().map(node -> node.inputs().get(1)).toList();
                Tensor left = concat(op.transposeLeft() ? 0 : 1, lefts);
                Tensor right = concat(op.transposeRight() ? 1 : 0, rights);
                result.add(Rules.apply(op, left, right));
            }
        });
        return result;
    }

    private static Tensor concat(int axis, List<Tensor> parts) {
        return Rules.apply(new View.Concat(axis), parts.toArray(Tensor[]::new));
    }

    private static boolean isThin(Node product, Tensor result) {
        long factors = product.inputs().stream()
                .mapToLong(input -> input.shape().count())
                .sum();
        return factors <= result.shape().count();
    }
}
