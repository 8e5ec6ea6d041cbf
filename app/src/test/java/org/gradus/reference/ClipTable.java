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
        for (Type type : List.of(Type.FLOAT64, Type.FLOAT32)) {
            run(given, optimizer, type, false);
            run(given, optimizer, type, true);
        }
    }

    private static void run(Case given, Optimizer optimizer, Type type, boolean compiled) {
        Session session = new Session(0, type);
        Array[] inputs = {
            given.array("g0").to(type),
            given.array("g1").to(type),
            optimizer.inputs(Progress.START, type).get(0)
        };
        if (compiled) {
            session.step(given.id(), Scope.Mode.TRAIN, (scope, in) -> step(optimizer, scope, in))
                    .run(inputs);
        } else {
            session.eagerly(Scope.Mode.TRAIN, (scope, in) -> step(optimizer, scope, in), inputs);
        }
        // A sum of positive terms is off by less than one unit for each, and each number by a few more on its way.
        double units = type == Type.FLOAT64 ? 0 : (inputs[0].count() + inputs[1].count() + 10) * 0x1p-24;
        for (String role : List.of("c0", "c1")) {
            Array moved = session.state(role);
            Array expected = given.array(role);
            Array clipped = Array.zeros(expected.type());
            for (int i = 0; i < moved.count(); i++) {
                clipped.set(i, -moved.get(i)); // from 0
            }
            Comparison.equal(
                    (compiled ? "compiled " : "eager ") + type + " " + role,
                    expected,
                    clipped,
                    i -> units * Math.abs(expected.get(i)));
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
