package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Tensor;

/// Directions turned round: `d ← -d`, to make the loss large instead of small (PyTorch's `maximize`). It stands first.
public record Ascend() implements Rule {
    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        return directions.stream().map(Tensor::negated).toList();
    }
}
