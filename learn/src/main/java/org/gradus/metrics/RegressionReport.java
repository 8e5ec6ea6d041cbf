package org.gradus.metrics;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// How good predicted numbers are, in the units of the labels.
///
/// @param examples how many were judged
/// @param mae the mean absolute error
/// @param rmse the root of the mean squared error
/// @param r2 the share of the labels' variance that is explained, 1 - Σ error² / Σ (label - mean)²; negative when the mean
///     would be better; NaN when all labels are the same
/// @param bias the mean error, predicted less true
/// @param largest the largest absolute error
/// @param labelDeviation the labels' own standard deviation, which is the error of always saying their mean
/// @param columns where each example has several numbers, the same of each of them; the others are then of all together,
///     but for the mean of the labels, which each has for itself
public record RegressionReport(
        int examples,
        double mae,
        double rmse,
        double r2,
        double bias,
        double largest,
        double labelDeviation,
        Map<String, RegressionReport> columns)
        implements Report {
    /// Freezes the map, but not its order.
    public RegressionReport {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /// Of some predictions.
    ///
    /// @param predicted any numbers
    /// @param labels as many
    /// @throws GradusException when they are not as many, or none
    public static RegressionReport of(Array predicted, Array labels) {
        return of(1, predicted, labels, Map.of());
    }

    /// Of several numbers for each example.
    ///
    /// @param names of the numbers
    /// @param predicted `[examples, names]`
    /// @param labels as many
    /// @throws GradusException when they are not as many, or none
    public static RegressionReport of(List<String> names, Array predicted, Array labels) {
        int width = Math.max(1, names.size());
        Map<String, RegressionReport> columns = new LinkedHashMap<>();
        for (int i = 0; i < width && width > 1 && predicted.count() == labels.count(); i++) {
            columns.put(names.get(i), of(column(predicted, i, width), column(labels, i, width)));
        }
        return of(width, predicted, labels, columns);
    }

    private static Array column(Array all, int column, int width) {
        double[] numbers = new double[all.count() / width];
        Arrays.setAll(numbers, i -> all.get(i * width + column));
        return Array.of(Shape.of(numbers.length), numbers);
    }

    private static RegressionReport of(
            int width, Array predicted, Array labels, Map<String, RegressionReport> columns) {
        int size = labels.count();
        if (size == 0 || predicted.count() != size) {
            throw new GradusException(
                    "report-shape",
                    "A report needs a prediction for each label, but was given " + predicted.type() + " and "
                            + labels.type() + ".");
        }
        double[] means = new double[width];
        for (int i = 0; i < size; i++) {
            means[i % width] += labels.get(i) / size * width;
        }
        double absolute = 0;
        double squares = 0;
        double errors = 0;
        double largest = 0;
        double variance = 0;
        for (int i = 0; i < size; i++) {
            double error = predicted.get(i) - labels.get(i);
            double apart = labels.get(i) - means[i % width];
            absolute += Math.abs(error);
            squares += error * error;
            errors += error;
            largest = Math.max(largest, Math.abs(error));
            variance += apart * apart;
        }
        return new RegressionReport(
                size / width,
                absolute / size,
                Math.sqrt(squares / size),
                variance == 0 ? Double.NaN : 1 - squares / variance,
                errors / size,
                largest,
                Math.sqrt(variance / size),
                columns);
    }

    @Override
    public String toString() {
        return String.format(
                        Locale.ROOT,
                        """
                mean absolute error      %s
                root mean squared error  %s
                R2                       %s
                mean error               %s
                largest error            %s
                deviation of the labels  %s
                """,
                        Numbers.text(mae),
                        Numbers.text(rmse),
                        TextTable.number(r2),
                        Numbers.text(bias),
                        Numbers.text(largest),
                        Numbers.text(labelDeviation))
                + (columns.isEmpty() ? "" : "\n" + table());
    }

    private TextTable table() {
        TextTable table = new TextTable();
        table.row(List.of("", "mean absolute error", "root mean squared", "R2", "mean error", "largest"));
        columns.forEach((name, column) -> table.row(List.of(
                name,
                Numbers.text(column.mae()),
                Numbers.text(column.rmse()),
                TextTable.number(column.r2()),
                Numbers.text(column.bias()),
                Numbers.text(column.largest()))));
        return table;
    }
}
