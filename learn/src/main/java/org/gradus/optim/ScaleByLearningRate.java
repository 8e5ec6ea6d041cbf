package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Tensor;

/// Directions times the learning rate: `d ← η·d`. It ends the chain of most optimizers.
public record ScaleByLearningRate() implements Rule {
    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        return update.scaled(directions);
    }
}
