package org.gradus.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.graph.Node;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// Reverse mode (backpropagation): what the outputs' cotangents make of the inputs, by one walk from the last node to
/// the first. The derivative is written into the same tracer, in the name of the nodes that it belongs to.
///
/// Lecture: *Gradient Computation & Automatic Differentiation*, slides 7.5 to 7.7.
public final class Reverse {
    private Reverse() {}

    /// The gradients of a scalar with respect to tensors that it was computed from; zeros for those it does not depend
    /// on.
    ///
    /// @param y one floating-point element
    /// @throws GradusException when `y` has more elements or is no float, or was not recorded
    public static List<Tensor> gradients(Tensor y, List<Tensor> xs) {
        Rules.floats("The function whose gradient is asked for", List.of(y));
        Rules.floats("What a gradient is asked for by", xs);
        if (y.shape().count() != 1) {
            throw new GradusException(
                    "gradient-of-many",
                    "A gradient belongs to one number, but " + y.described() + ", has "
                            + y.shape().count() + ". Reduce it (`loss.mean()`), or ask for the `jacobian`.");
        }
        Tensor one = y.tracer().constant(Array.full(y.type(), 1));
        return pullback(List.of(y), List.of(one), xs);
    }

    /// The cotangents of `xs` for cotangents of `ys`: the transposed Jacobian times them. Zeros where nothing flows
    /// back.
    ///
    /// @throws GradusException when a cotangent has another type than its output, or a tensor is no float
    public static List<Tensor> pullback(List<Tensor> ys, List<Tensor> cotangents, List<Tensor> xs) {
        List<@Nullable Tensor> found = flow(ys, new ArrayList<@Nullable Tensor>(cotangents), xs);
        List<Tensor> complete = new ArrayList<>();
        for (int i = 0; i < xs.size(); i++) {
            Tensor cotangent = found.get(i);
            complete.add(cotangent == null ? Rules.zeros(xs.get(i)) : cotangent);
        }
        return complete;
    }

    /// As [#pullback], with `null` for nothing.
    static List<@Nullable Tensor> flow(List<Tensor> ys, List<@Nullable Tensor> cotangents, List<Tensor> xs) {
        demand(ys, cotangents, xs);
        Reach reach = Reach.between(xs, ys);
        Map<Tensor, Contributions> found = new HashMap<>();
        for (int i = 0; i < ys.size(); i++) {
            Tensor cotangent = cotangents.get(i);
            if (cotangent != null && reach.tensors().contains(ys.get(i))) {
                add(found, ys.get(i), cotangent);
            }
        }
        for (Node node : reach.nodes().reversed()) {
            if (node.outputs().stream().anyMatch(found::containsKey)) {
                Tracer tracer = node.outputs().get(0).tracer();
                tracer.onBehalfOf(node, () -> {
                    List<@Nullable Tensor> outputs = new ArrayList<>();
                    for (Tensor output : node.outputs()) {
                        Contributions sent = found.get(output);
                        outputs.add(sent == null ? null : sent.sum());
                    }
                    send(node, outputs, reach.tensors(), found);
                    return node;
                });
            }
        }
        List<@Nullable Tensor> result = new ArrayList<>();
        for (Tensor x : xs) {
            Contributions sent = found.get(x);
            result.add(sent == null ? null : x.tracer().onBehalfOf(x.node(), sent::sum));
        }
        return result;
    }

    private static void add(Map<Tensor, Contributions> found, Tensor to, Tensor cotangent) {
        found.computeIfAbsent(to, _ -> new Contributions()).add(cotangent);
    }

    private static void send(
            Node node, List<@Nullable Tensor> outputs, Set<Tensor> reached, Map<Tensor, Contributions> found) {
        List<@Nullable Tensor> sent = ReverseRules.of(node, outputs, reached::contains);
        Rules.count(node, sent.size(), node.inputs().size(), "cotangent for each input");
        for (int i = 0; i < node.inputs().size(); i++) {
            Tensor input = node.inputs().get(i);
            Tensor cotangent = sent.get(i);
            if (cotangent != null && reached.contains(input)) {
                if (!cotangent.type().equals(input.type())) {
                    throw new GradusException(
                            "rule-type",
                            "The derivative rule of " + node.op().name() + " gives " + cotangent.type()
                                    + " for input " + i + ", which is " + input.described()
                                    + ". A cotangent has its input's type and shape.");
                }
                add(found, input, cotangent);
            }
        }
    }

    private static void demand(List<Tensor> ys, List<@Nullable Tensor> cotangents, List<Tensor> xs) {
        Rules.floats("The result that is differentiated", ys);
        Rules.floats("The input that a gradient is taken by", xs);
        for (int i = 0; i < ys.size(); i++) {
            Tensor cotangent = cotangents.get(i);
            if (cotangent != null && !cotangent.type().equals(ys.get(i).type())) {
                throw new GradusException(
                        "cotangent-type",
                        "The cotangent of output " + i + " is " + cotangent.type() + ", but the output is "
                                + ys.get(i).described() + ". Give it the output's type and shape.");
            }
        }
        String unrecorded = xs.stream()
                .filter(x -> !x.tracer().isRecording())
                .map(Tensor::described)
                .collect(Collectors.joining("; "));
        if (!unrecorded.isEmpty()) {
            throw new GradusException(
                    "not-recorded",
                    "What was computed from " + unrecorded
                            + ", was not recorded, so it has no gradient. Compute it inside"
                            + " the function that is given to `grad` or `valueAndGrad`.");
        }
    }
}
