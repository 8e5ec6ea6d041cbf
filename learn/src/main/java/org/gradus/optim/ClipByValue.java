package org.gradus.optim;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;

/// Every element moved into [-limit, limit]; NaN stays. PyTorch's `clip_grad_value_`.
///
/// @param limit the largest absolute value that stays, positive
public record ClipByValue(double limit) implements Rule {
    /// @throws GradusException when the limit is not positive
    public ClipByValue {
        if (!(limit > 0)) {
            throw new GradusException(
                    "rule-number", "Gradients are clipped at a positive limit, not at " + limit + ".");
        }
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        return directions.stream().map(d -> Elementwise.clamp(d, -limit, limit)).toList();
    }
}
