package org.gradus.optim;

import java.util.List;
import org.gradus.graph.StateKey.Role;

/// The roles of parameters that rules go by.
final class Roles {
    static final List<Role> ALL = List.of(Role.WEIGHT, Role.BIAS, Role.NORM, Role.EMBEDDING);
    static final List<Role> WEIGHTS = List.of(Role.WEIGHT, Role.EMBEDDING);

    private Roles() {}
}
