package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Tensor;
import org.gradus.ops.Reductions;

/// Each parameter's direction scaled down on its own when it is long: `d ← d·min(1, limit / (‖d‖ + 10⁻⁶))`. Keras'
/// `clipnorm`; [ClipByGlobalNorm] goes by the norm of all together.
///
/// @param limit the largest Euclidean norm that stays, positive
public record ClipByNorm(double limit) implements Rule {
    /// @throws org.gradus.base.GradusException when the limit is not positive
    public ClipByNorm {
        Numbers.demand(limit > 0, "The limit of a norm is above 0", limit);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        return directions.stream()
                .map(d -> d.times(ClipByGlobalNorm.factor(Reductions.norm(d, 2), limit)))
                .toList();
    }
}
