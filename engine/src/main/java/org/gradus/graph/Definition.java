package org.gradus.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a [Named] op means: its definition in the other families, and rules for its derivatives where there are
/// better ones than the definition's. Implementations are records, so that equal ops are equal.
public interface Definition {
    /// The op's name, such as `softmax`.
    String name();

    /// The outputs, written in other ops. The oracle of every kernel and rule.
    List<Tensor> define(List<Tensor> inputs);

    /// Reverse mode: the cotangents of the inputs (`null` for none), or an empty list to differentiate the definition.
    ///
    /// @param cotangents one per output, `null` where nothing flows back
    default List<@Nullable Tensor> pullback(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
        return List.of();
    }

    /// Forward mode: the tangents of the outputs (`null` for none), or an empty list to differentiate the definition.
    ///
    /// @param tangents one per input, `null` where it does not move
    default List<@Nullable Tensor> pushforward(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> tangents) {
        return List.of();
    }

    /// Whether the rules may disagree with the definition, as a straight-through estimator's do. Tests compare the
    /// others.
    default boolean custom() {
        return false;
    }
}
