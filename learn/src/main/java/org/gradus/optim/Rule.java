package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Tensor;

/// An update rule: a small function from directions to directions. The first one of a chain gets the gradients; what
/// comes out of the last is subtracted from the parameters. Rules are immutable records of their hyper-parameters and
/// keep what they remember in the session, through [Update#buffers].
public interface Rule {
    /// The new directions, one for each parameter, in their order and of their types.
    ///
    /// @param directions from the rule before, one for each parameter
    List<Tensor> apply(Update update, List<Tensor> directions);

    /// Numbers that the rule needs anew for each step, such as a bias correction; [Update#number] gives them while it
    /// is applied, in this order.
    default List<Schedule> numbers() {
        return List.of();
    }

    /// This rule, followed by another.
    default Rule then(Rule next) {
        return Chain.of(this, next);
    }

    /// This rule for some parameters alone: `new MaxNorm(3).on("ip*.weight")`.
    ///
    /// @param pattern of their paths, where `*` stands for any text
    default Rule on(String pattern) {
        return new Only(new Parameters(pattern), this);
    }
}
