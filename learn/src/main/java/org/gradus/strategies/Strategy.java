package org.gradus.strategies;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gradus.train.Checkpoint;
import org.gradus.train.Event.Ending;
import org.jspecify.annotations.Nullable;

/// A way to train in several parts. What a part computes depends on the part, and on the one that it goes on from, alone: so a
/// strategy that was interrupted, or whose process was killed, goes on from the checkpoints of its parts and ends with the
/// same bits.
public interface Strategy {
    /// Trains all parts, or those that are not finished in this place; at most until somebody [stops][Place#stop] it.
    ///
    /// @throws org.gradus.base.GradusException when the loss of a part becomes infinite or NaN
    Result train(Place place);

    /// What comes of it.
    ///
    /// @param ending that of the parts: stopped if one was
    /// @param model the one to use, if there is a single one
    /// @param measured what each part, and at last all together, make of the examples to judge by
    record Result(Ending ending, @Nullable Checkpoint model, Map<String, Map<String, Double>> measured) {
        static final String MEAN = "mean";
        static final String DEVIATION = "deviation";

        /// Keeps the order.
        public Result {
            measured = Collections.unmodifiableMap(new LinkedHashMap<>(measured));
        }

        /// One that was stopped.
        static Result stopped() {
            return new Result(Ending.STOPPED, null, Map.of());
        }

        /// A table for people.
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            measured.forEach((name, metrics) -> {
                text.append(String.format(Locale.ROOT, "%-12s", name));
                metrics.forEach((metric, value) -> text.append(String.format(Locale.ROOT, "  %s %.4f", metric, value)));
                text.append('\n');
            });
            return text.toString();
        }

        /// These with the mean and the deviation of each metric over the parts; the deviation divides by one less.
        static Map<String, Map<String, Double>> summarised(Map<String, Map<String, Double>> parts) {
            Map<String, Double> means = new LinkedHashMap<>();
            Map<String, Double> deviations = new LinkedHashMap<>();
            List<Map<String, Double>> all = List.copyOf(parts.values());
            for (String metric : all.getFirst().keySet()) {
                double[] values = all.stream()
                        .mapToDouble(one -> one.getOrDefault(metric, Double.NaN))
                        .toArray();
                double mean = Arrays.stream(values).sum() / values.length;
                double squares = Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum();
                means.put(metric, mean);
                deviations.put(metric, values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)));
            }
            Map<String, Map<String, Double>> table = new LinkedHashMap<>(parts);
            table.put(MEAN, means);
            table.put(DEVIATION, deviations);
            return table;
        }
    }
}
