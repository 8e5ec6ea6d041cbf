package org.gradus.train;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;

/// Running means of named numbers over batches of different sizes.
final class Means {
    private final List<String> names;
    private final double[] sums;
    private long examples;

    Means(List<String> names) {
        this(names, Collections.nCopies(names.size(), 0.0), 0);
    }

    /// Goes on from these sums.
    Means(List<String> names, List<Double> sums, long examples) {
        this.names = names;
        this.sums = sums.stream().mapToDouble(Double::doubleValue).toArray();
        this.examples = examples;
    }

    /// What was added up, in the order of the names.
    List<Double> sums() {
        return Arrays.stream(sums).boxed().toList();
    }

    /// The examples that were counted.
    long examples() {
        return examples;
    }

    /// Adds a batch's own means, scalars in the order of the names.
    void add(List<Array> values, int size) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += values.get(i).get(0) * size;
        }
        examples += size;
    }

    /// The means so far; NaN before the first batch.
    Map<String, Double> toMap() {
        Map<String, Double> means = new LinkedHashMap<>();
        for (int i = 0; i < sums.length; i++) {
            means.put(names.get(i), sums[i] / examples);
        }
        return Collections.unmodifiableMap(means);
    }

    /// One batch's numbers by name.
    static Map<String, Double> of(List<String> names, List<Array> values) {
        Means single = new Means(names);
        single.add(values, 1);
        return single.toMap();
    }
}
