package org.gradus.train;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.gradus.base.Array;
import org.gradus.graph.Tensor;

/// Numbers that a model is judged by and that are no means over batches, such as the area under a ROC curve: they are
/// computed of all answers over a data set at once, which are kept in memory for that. The training part, whose answers change
/// from step to step, has none of them.
///
/// @param answers of a batch, `[batch, …]`, made of the model's outputs
/// @param names of the numbers
/// @param scores the numbers by name, of all answers and labels
public record Scoring(
        UnaryOperator<Tensor> answers, List<String> names, BiFunction<Array, Array, Map<String, Double>> scores) {
    /// Freezes the list.
    public Scoring {
        names = List.copyOf(names);
    }

    /// Of the answers and labels of batches.
    Map<String, Double> of(List<Array> said, List<Array> labels) {
        return scores.apply(joined(said), joined(labels));
    }

    private static Array joined(List<Array> parts) {
        Array first = parts.getFirst();
        int size = parts.stream().mapToInt(part -> part.shape().size(0)).sum();
        Array all = Array.zeros(first.type().with(first.shape().with(0, size)));
        int to = 0;
        for (Array part : parts) {
            System.arraycopy(part.storage(), 0, all.storage(), to, part.count());
            to += part.count();
        }
        return all;
    }
}
