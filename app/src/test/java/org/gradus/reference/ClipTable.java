package org.gradus.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.optim.ClipByGlobalNorm;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.run.Session;
import tools.jackson.databind.JsonNode;

/// Cases of kind `clip`: gradients `g0` and `g1` that become `c0` and `c1`.
final class ClipTable {
    static final Map<String, Check> TABLE = Map.of("clip_grad_norm_", ClipTable::check);

    private ClipTable() {}

    private static void check(Case given) {
        JsonNode order = given.config().get("norm_type");
        ClipByGlobalNorm clip = new ClipByGlobalNorm(
                given.config().get("max_norm").asDouble(),
                order == null ? 2 : order.isString() ? Double.POSITIVE_INFINITY : order.asDouble());
        Optimizer optimizer = Optimizer.of(1, clip);
        for (boolean compiled : new boolean[] {false, true}) {
            Session session = new Session(0, Type.FLOAT64);
            Array[] inputs = {
                given.array("g0"),
                given.array("g1"),
                optimizer.inputs(Progress.START, Type.FLOAT64).get(0)
            };
            if (compiled) {
                session.step(given.id(), Scope.Mode.TRAIN, (scope, in) -> step(optimizer, scope, in))
                        .run(inputs);
            } else {
                session.eagerly(Scope.Mode.TRAIN, (scope, in) -> step(optimizer, scope, in), inputs);
            }
            for (String role : List.of("c0", "c1")) {
                Array moved = session.state(role);
                Array clipped = Array.zeros(moved.type());
                for (int i = 0; i < moved.count(); i++) {
                    clipped.set(i, -moved.get(i)); // from 0
                }
                Comparison.equal((compiled ? "compiled " : "eager ") + role, given.array(role), clipped);
            }
        }
    }

    private static List<Tensor> step(Optimizer optimizer, Scope scope, List<Tensor> in) {
        List<Tensor> gradients = in.subList(0, 2);
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
            TensorType type = gradients.get(i).type();
            int[] sizes = type.shape().axes().stream()
                    .mapToInt(axis -> type.shape().size(axis))
                    .toArray();
            results.add(scope.parameter("c" + i, StateKey.Role.WEIGHT, Initial.constant(0), sizes));
        }
        optimizer.update(scope, scope.parameters(), gradients, in.subList(2, 3));
        return results;
    }
}
