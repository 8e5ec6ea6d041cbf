package org.gradus.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether a model is right as often as it is sure: predictions in bins of the same width by their confidence, the
/// probability of the predicted class (C. Guo et al.: *On calibration of modern neural networks*, 2017).
///
/// @param bins those with predictions in them, by rising confidence
/// @param expectedError the mean over all predictions of how far confidence and accuracy of their bin are apart (ECE)
/// @param largestError the same of the worst bin (MCE)
public record Calibration(List<Bin> bins, double expectedError, double largestError) {
    /// Predictions of similar confidence.
    ///
    /// @param above the confidence that they are above
    /// @param upTo the confidence that they are at most
    /// @param confidence their mean
    /// @param accuracy the share that is right
    public record Bin(double above, double upTo, int count, double confidence, double accuracy) {}

    /// Freezes the list.
    public Calibration {
        bins = List.copyOf(bins);
    }

    /// Of predictions.
    ///
    /// @param confidences from 0 to 1
    /// @param right which of them are
    /// @param count of bins; 15 is usual
    public static Calibration of(double[] confidences, boolean[] right, int count) {
        int[] counts = new int[count];
        double[] sums = new double[count];
        int[] rights = new int[count];
        for (int i = 0; i < confidences.length; i++) {
            int bin = Math.clamp((int) Math.ceil(confidences[i] * count) - 1, 0, count - 1);
            counts[bin]++;
            sums[bin] += confidences[i];
            rights[bin] += right[i] ? 1 : 0;
        }
        List<Bin> bins = new ArrayList<>();
        double expected = 0;
        double largest = 0;
        for (int i = 0; i < count; i++) {
            if (counts[i] > 0) {
                Bin bin = new Bin(
                        (double) i / count,
                        (i + 1.0) / count,
                        counts[i],
                        sums[i] / counts[i],
                        (double) rights[i] / counts[i]);
                bins.add(bin);
                double error = Math.abs(bin.confidence() - bin.accuracy());
                expected += error * counts[i] / confidences.length;
                largest = Math.max(largest, error);
            }
        }
        return new Calibration(bins, expected, largest);
    }

    /// The reliability diagram as a table.
    @Override
    public String toString() {
        TextTable table = new TextTable();
        table.row(List.of("confidence", "examples", "mean", "accuracy"));
        for (Bin bin : bins) {
            table.row(List.of(
                    String.format(Locale.ROOT, "%.2f to %.2f", bin.above(), bin.upTo()),
                    String.valueOf(bin.count()),
                    TextTable.number(bin.confidence()),
                    TextTable.number(bin.accuracy())));
        }
        return table.toString();
    }
}
