package org.gradus.reference;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The arguments of a case's PyTorch layer: some by position, others by name.
record Settings(Case given) {
    /// One number or several; `otherwise` where there are none.
    int[] numbers(int position, String name, int... otherwise) {
        JsonNode found = find(position, name);
        return found == null
                ? otherwise
                : found.isArray()
                        ? found.valueStream().mapToInt(JsonNode::asInt).toArray()
                        : new int[] {found.asInt()};
    }

    int number(int position, String name, int otherwise) {
        return numbers(position, name, otherwise)[0];
    }

    double real(int position, String name, double otherwise) {
        JsonNode found = find(position, name);
        return found == null ? otherwise : found.asDouble();
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode found = find(-1, name);
        return found == null ? otherwise : found.asBoolean();
    }

    /// A text; `otherwise` where there is something else.
    String text(String name, String otherwise) {
        JsonNode found = find(-1, name);
        return found == null || !found.isString() ? otherwise : found.asString();
    }

    /// Whether there is such an argument.
    boolean has(int position, String name) {
        return find(position, name) != null;
    }

    /// Whether it is given as None.
    boolean isNone(String name) {
        JsonNode found = find(-1, name);
        return found != null && found.isNull();
    }

    private @Nullable JsonNode find(int position, String name) {
        JsonNode named = given.config().path("kwargs").get(name);
        return named != null
                ? named
                : position < 0 ? null : given.config().path("args").get(position);
    }
}
