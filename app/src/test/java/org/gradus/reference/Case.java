package org.gradus.reference;

import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import tools.jackson.databind.JsonNode;

/// One reference case: inputs, and what PyTorch computed from them in float64.
///
/// The roles `y`, or `y0`, `y1` …, are results; `dy…` the cotangents that were sent back from them; `d_x` is the
/// gradient of the input `x`. Roles that end in `__f32` are the same in float32.
///
/// @param id unique, such as `op/add_row`
/// @param kind such as `op`; there is one table of checks for each
/// @param op what is computed; the key into that table
/// @param config hyper-parameters by PyTorch's names
/// @param roles files, types and shapes of the arrays, as the manifest has them
record Case(Suite suite, String id, String kind, String op, JsonNode config, Map<String, JsonNode> roles) {
    /// The array in a role.
    Array array(String role) {
        JsonNode entry = roles.get(role);
        if (entry == null) {
            throw new IllegalStateException(id + " has no `" + role + "`; it has " + roles.keySet() + ".");
        }
        Array array = suite.array(entry.get("file").asString());
        int[] sizes = entry.get("shape").valueStream().mapToInt(JsonNode::asInt).toArray();
        if (!array.shape().equals(Shape.of(sizes))
                || array.type().type() != Type.parse(entry.get("dtype").asString())) {
            throw new IllegalStateException(
                    id + "/" + role + " is " + array.type() + ", but the manifest says " + entry + ".");
        }
        return array;
    }

    /// Whether there is such a role.
    boolean has(String role) {
        return roles.containsKey(role);
    }

    /// The roles of this form, in the order of the manifest.
    List<String> roles(String pattern) {
        return roles.keySet().stream().filter(role -> role.matches(pattern)).toList();
    }

    @Override
    public String toString() {
        return id;
    }
}
