package org.gradus.metrics;

import java.util.Locale;
import org.gradus.base.Array;
import org.gradus.base.GradusException;

/// How good predicted numbers are, in the units of the labels.
///
/// @param examples how many numbers were judged
/// @param mae the mean absolute error
/// @param rmse the root of the mean squared error
/// @param r2 the share of the labels' variance that is explained, 1 - Σ error² / Σ (label - mean)²; negative when the mean
///     would be better; NaN when all labels are the same
/// @param bias the mean error, predicted less true
/// @param largest the largest absolute error
/// @param labelDeviation the labels' own standard deviation, which is the error of always saying their mean
public record RegressionReport(
        int examples, double mae, double rmse, double r2, double bias, double largest, double labelDeviation)
        implements Report {
    /// Of some predictions.
    ///
    /// @param predicted any numbers
    /// @param labels as many
    /// @throws GradusException when they are not as many, or none
    public static RegressionReport of(Array predicted, Array labels) {
        int size = labels.count();
        if (size == 0 || predicted.count() != size) {
            throw new GradusException(
                    "report-shape",
                    "A report needs a prediction for each label, but was given " + predicted.type() + " and "
                            + labels.type() + ".");
        }
        double mean = 0;
        for (int i = 0; i < size; i++) {
            mean += labels.get(i) / size;
        }
        double absolute = 0;
        double squares = 0;
        double errors = 0;
        double largest = 0;
        double variance = 0;
        for (int i = 0; i < size; i++) {
            double error = predicted.get(i) - labels.get(i);
            double apart = labels.get(i) - mean;
            absolute += Math.abs(error);
            squares += error * error;
            errors += error;
            largest = Math.max(largest, Math.abs(error));
            variance += apart * apart;
        }
        return new RegressionReport(
                size,
                absolute / size,
                Math.sqrt(squares / size),
                variance == 0 ? Double.NaN : 1 - squares / variance,
                errors / size,
                largest,
                Math.sqrt(variance / size));
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
                Numbers.text(labelDeviation));
    }
}
