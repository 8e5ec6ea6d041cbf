package org.gradus.nn;

import java.util.Map;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;

/// A layer, or a whole model, whose parameters of some roles start otherwise than by default:
/// `new Initialised(model, Map.of(Role.WEIGHT, Initialisers.orthogonal(1)))`. Paths stay. Around another one it wins.
///
/// @param starts by role; other roles start as the layer has it
public record Initialised(Layer layer, Map<Role, Initial> starts) implements Layer {
    /// Freezes the map.
    public Initialised {
        starts = Map.copyOf(starts);
    }

    /// Weights that start so, and biases that start as 0.
    public static Initialised weights(Layer layer, Initial weight) {
        return new Initialised(layer, Map.of(Role.WEIGHT, weight, Role.BIAS, Initial.constant(0)));
    }

    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Scope started = scope.declaring((outer, name, role, initial, sizes) ->
                outer.parameter(name, role, starts.getOrDefault(role, initial), sizes));
        return layer.forward(started, x);
    }
}
