package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Tensor;

/// A rule that is a chain of others under a name of its own.
public interface ChainedRule extends Rule {
    /// The rules that it consists of.
    Chain chain();

    @Override
    default List<Tensor> apply(Update update, List<Tensor> directions) {
        return chain().apply(update, directions);
    }

    @Override
    default List<Schedule> numbers() {
        return chain().numbers();
    }
}
