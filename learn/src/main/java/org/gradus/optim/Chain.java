package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Tensor;

/// Rules one after the other. Without rules it is plain gradient descent with steps of the gradient's length.
public record Chain(List<Rule> rules) implements Rule {
    /// Freezes the list.
    public Chain {
        rules = List.copyOf(rules);
    }

    /// These rules in this order.
    public static Chain of(Rule... rules) {
        return new Chain(List.of(rules));
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> changed = directions;
        int from = 0;
        for (Rule rule : rules) {
            int to = from + rule.numbers().size();
            changed = rule.apply(update.withNumbers(from, to), changed);
            from = to;
        }
        return changed;
    }

    @Override
    public List<Schedule> numbers() {
        return rules.stream().flatMap(rule -> rule.numbers().stream()).toList();
    }

    @Override
    public Rule then(Rule next) {
        return new Chain(java.util.stream.Stream.concat(rules.stream(), java.util.stream.Stream.of(next))
                .toList());
    }
}
