package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.graph.Tensor;

/// A rule for some parameters alone, which leaves the directions of all others as they are: [Rule#on] makes it. A norm that
/// the rule goes by is that of its own parameters.
///
/// @param parameters which ones
public record Only(Parameters parameters, Rule rule) implements Rule {
    /// @throws org.gradus.base.GradusException when there is no such parameter
    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        parameters.demandAny(update.keys());
        int[] places = IntStream.range(0, update.keys().size())
                .filter(i -> parameters.contains(update.keys().get(i)))
                .toArray();
        List<Tensor> changed = rule.apply(
                update.part(places),
                IntStream.of(places).mapToObj(directions::get).toList());
        List<Tensor> results = new ArrayList<>(directions);
        for (int i = 0; i < places.length; i++) {
            results.set(places[i], changed.get(i));
        }
        return results;
    }

    @Override
    public List<Schedule> numbers() {
        return rule.numbers();
    }
}
