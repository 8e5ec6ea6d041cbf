package org.gradus.graph;

import org.gradus.base.TensorType;

/// A declared state: its path (`features.3.weight`), type, role, and how it starts.
public record StateKey(String path, TensorType type, Role role, Initial initial) {
    /// What a state is for. Parameters are trained; decay and learning-rate multipliers ask for the role.
    public enum Role {
        WEIGHT,
        BIAS,
        NORM,
        EMBEDDING,
        /// State that is not trained: running statistics, momentum, counters.
        BUFFER;

        /// Whether an optimizer trains it.
        public boolean isTrained() {
            return this != BUFFER;
        }
    }

    /// What errors say that it is declared as, such as `float32[10] bias`.
    public String described() {
        return type + " " + role.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public String toString() {
        return path + ": " + described();
    }
}
