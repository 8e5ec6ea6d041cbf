package org.gradus.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.GradusException;
import org.gradus.graph.Node;
import org.gradus.graph.Tensor;
import org.jspecify.annotations.Nullable;

/// Forward mode: how the outputs move when the inputs do, by one walk from the first node to the last. The derivative
/// is written into the same tracer, in the name of the nodes that it belongs to.
///
/// Lecture: *Gradient Computation & Automatic Differentiation*, slides 7.3 and 7.4.
public final class Forward {
    private Forward() {}

    /// The tangents of `ys` for tangents of `xs`: the Jacobian times them. Zeros where nothing moves.
    ///
    /// @throws GradusException when a tangent has another type than its input, or a tensor is no float
    public static List<Tensor> pushforward(List<Tensor> ys, List<Tensor> xs, List<Tensor> tangents) {
        Rules.floats("The result that is differentiated", ys);
        List<@Nullable Tensor> found = flow(ys, xs, new ArrayList<@Nullable Tensor>(tangents));
        List<Tensor> complete = new ArrayList<>();
        for (int i = 0; i < ys.size(); i++) {
            Tensor tangent = found.get(i);
            complete.add(tangent == null ? Rules.zeros(ys.get(i)) : tangent);
        }
        return complete;
    }

    /// As [#pushforward], with `null` for nothing; outputs that are no floats never move.
    static List<@Nullable Tensor> flow(List<Tensor> ys, List<Tensor> xs, List<@Nullable Tensor> tangents) {
        Rules.floats("The input that a derivative is taken by", xs);
        Map<Tensor, Tensor> found = new HashMap<>();
        for (int i = 0; i < xs.size(); i++) {
            Tensor tangent = tangents.get(i);
            if (tangent == null) {
                continue;
            }
            if (!tangent.type().equals(xs.get(i).type())) {
                throw new GradusException(
                        "tangent-type",
                        "The tangent of input " + i + " is " + tangent.type() + ", but the input is "
                                + xs.get(i).described() + ". Give it the input's type and shape.");
            }
            found.merge(xs.get(i), tangent, Tensor::plus);
        }
        Reach reach = Reach.between(List.copyOf(found.keySet()), ys);
        for (Node node : reach.nodes()) {
            List<@Nullable Tensor> moving = new ArrayList<>();
            node.inputs().forEach(input -> moving.add(found.get(input)));
            if (moving.stream().anyMatch(tangent -> tangent != null)) {
                List<@Nullable Tensor> moved =
                        node.outputs().get(0).tracer().onBehalfOf(node, () -> ForwardRules.of(node, moving));
                Rules.count(node, moved.size(), node.outputs().size(), "tangent for each output");
                for (int i = 0; i < moved.size(); i++) {
                    Tensor tangent = moved.get(i);
                    if (tangent != null) {
                        found.merge(node.outputs().get(i), tangent, Tensor::plus);
                    }
                }
            }
        }
        List<@Nullable Tensor> result = new ArrayList<>();
        ys.forEach(y -> result.add(found.get(y)));
        return result;
    }
}
