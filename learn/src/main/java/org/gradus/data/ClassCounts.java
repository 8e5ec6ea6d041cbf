package org.gradus.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;

/// How many examples of each class a data set has.
///
/// @param counts by class number
public record ClassCounts(List<Integer> counts) {
    private static final int CHUNK = 256; // examples at a time

    /// Freezes the list.
    public ClassCounts {
        counts = List.copyOf(counts);
    }

    /// Of these examples.
    ///
    /// @throws GradusException when the labels are no classes
    public static ClassCounts of(Examples examples) {
        int[] counts = new int[examples.classes().size()];
        if (counts.length == 0) {
            throw new GradusException(
                    "class-counts",
                    "Examples of each class are counted, but there are " + examples.size() + " examples with labels "
                            + examples.labels().type() + " and " + counts.length
                            + " classes. Only classes can be balanced.");
        }
        for (int[] positions : Order.batches(Order.sequential(examples.size()), CHUNK)) {
            Array labels = examples.labels(positions);
            for (int i = 0; i < labels.count(); i++) {
                counts[(int) labels.getLong(i)]++;
            }
        }
        List<Integer> list = new ArrayList<>();
        Arrays.stream(counts).forEach(list::add);
        return new ClassCounts(list);
    }

    /// For each class the number of examples, divided by the number of classes and by the examples of that class: what
    /// makes all classes count alike in a loss, with 1 as the mean over the examples. 0 for a class without any.
    public double[] balancedWeights() {
        double all = counts.stream().mapToInt(Integer::intValue).sum();
        long classes = counts.stream().filter(count -> count > 0).count();
        return counts.stream()
                .mapToDouble(count -> count == 0 ? 0 : all / classes / count)
                .toArray();
    }
}
