package org.gradus.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;

/// How good the probabilities are that a classifier gives. The predicted class is the most probable one, the first of
/// equal ones.
///
/// @param examples how many predictions were judged
/// @param accuracy the share whose predicted class is the true one
/// @param k how many classes count as named for [#topK]
/// @param topK the share whose true class is among the k most probable ones
/// @param logLoss the mean of -log of the true class's probability, which counts as 1e-15 at least
/// @param brier the mean over examples of the sum over classes of (probability - truth)², from 0 to 2
/// @param classes each of them
/// @param macro means of the classes' numbers
/// @param weighted the same, weighted by the classes' examples
/// @param micro of all decisions together; with one class for each example all three are the accuracy
/// @param confusion which class was taken for which
/// @param calibration whether confidence and accuracy agree
public record ClassificationReport(
        int examples,
        double accuracy,
        int k,
        double topK,
        double logLoss,
        double brier,
        List<OfClass> classes,
        Averages macro,
        Averages weighted,
        Averages micro,
        ConfusionMatrix confusion,
        Calibration calibration)
        implements Report {
    private static final int TOP = 5;
    private static final int BINS = 15;
    private static final double LEAST = 1e-15; // scikit-learn's for float64
    private static final int MOST_LISTED = 40;

    /// The numbers of one class against all others.
    ///
    /// @param precision of the examples that were taken for it, the share that are of it; 0 when none was
    /// @param recall of its examples, the share that was taken for it; 0 when there are none
    /// @param f1 their harmonic mean, 0 when both are
    /// @param rocAuc see [Ranking#rocAuc], of its probability; NaN without examples of it or of others
    /// @param examples of it
    public record OfClass(String name, double precision, double recall, double f1, double rocAuc, int examples) {
        /// Of so many that were taken for it, and so many of these rightly.
        static OfClass of(String name, int right, int taken, int examples, double rocAuc) {
            double precision = taken == 0 ? 0 : (double) right / taken;
            double recall = examples == 0 ? 0 : (double) right / examples;
            double f1 = right == 0 ? 0 : 2 * precision * recall / (precision + recall);
            return new OfClass(name, precision, recall, f1, rocAuc, examples);
        }
    }

    /// Means over classes; of the area over those that have one.
    public record Averages(double precision, double recall, double f1, double rocAuc) {}

    /// Freezes the list.
    public ClassificationReport {
        classes = List.copyOf(classes);
    }

    /// Of some predictions, with the usual 5 classes for [#topK] (or all but one, where there are fewer) and 15 bins for
    /// the calibration.
    ///
    /// @param names of the classes
    /// @param probabilities `[examples, classes]`
    /// @param labels class numbers, `[examples]`
    /// @throws GradusException when these do not fit together, or there are none
    public static ClassificationReport of(List<String> names, Array probabilities, Array labels) {
        return of(names, probabilities, labels, Math.clamp(names.size() - 1, 1, TOP), BINS);
    }

    /// The same.
    ///
    /// @param k for [#topK]
    /// @param bins for the calibration
    public static ClassificationReport of(List<String> names, Array probabilities, Array labels, int k, int bins) {
        int size = labels.count();
        int width = names.size();
        demand(size > 0 && width > 0 && probabilities.count() == size * width, names, probabilities, labels);
        int[] truth = new int[size];
        int[] predicted = new int[size];
        double[] confidences = new double[size];
        double[][] scores = new double[width][size];
        int named = 0;
        double logs = 0;
        double squares = 0;
        for (int i = 0; i < size; i++) {
            long label = labels.getLong(i);
            demand(label >= 0 && label < width, names, probabilities, labels);
            truth[i] = (int) label;
            double[] row = new double[width];
            for (int c = 0; c < width; c++) {
                row[c] = probabilities.get(i * width + c);
                scores[c][i] = row[c];
                predicted[i] = row[c] > row[predicted[i]] ? c : predicted[i];
                double error = row[c] - (c == label ? 1 : 0);
                squares += error * error;
            }
            confidences[i] = row[predicted[i]];
            named += Ranking.place(row, truth[i]) < k ? 1 : 0;
            logs -= log(row[truth[i]]);
        }
        ConfusionMatrix confusion = ConfusionMatrix.of(names, truth, predicted);
        List<OfClass> classes = new ArrayList<>();
        for (int c = 0; c < width; c++) {
            classes.add(ofClass(c, confusion, scores[c], truth));
        }
        boolean[] right = new boolean[size];
        int rights = 0;
        for (int i = 0; i < size; i++) {
            right[i] = truth[i] == predicted[i];
            rights += right[i] ? 1 : 0;
        }
        double accuracy = (double) rights / size;
        return new ClassificationReport(
                size,
                accuracy,
                k,
                (double) named / size,
                logs / size,
                squares / size,
                classes,
                averages(classes, _ -> 1),
                averages(classes, OfClass::examples),
                new Averages(accuracy, accuracy, accuracy, microAuc(scores, truth)),
                confusion,
                Calibration.of(confidences, right, bins));
    }

    private static OfClass ofClass(int c, ConfusionMatrix confusion, double[] scores, int[] truth) {
        boolean[] positive = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
            positive[i] = truth[i] == c;
        }
        return OfClass.of(
                confusion.classes().get(c),
                confusion.count(c, c),
                confusion.taken(c),
                confusion.ofClass(c),
                Ranking.rocAuc(scores, positive));
    }

    static Averages averages(List<OfClass> classes, ToDoubleFunction<OfClass> weight) {
        return new Averages(
                mean(classes, OfClass::precision, weight),
                mean(classes, OfClass::recall, weight),
                mean(classes, OfClass::f1, weight),
                mean(classes, OfClass::rocAuc, weight));
    }

    private static double mean(
            List<OfClass> classes, ToDoubleFunction<OfClass> number, ToDoubleFunction<OfClass> weight) {
        double sum = 0;
        double weights = 0;
        for (OfClass one : classes) {
            double value = number.applyAsDouble(one);
            if (!Double.isNaN(value)) {
                sum += weight.applyAsDouble(one) * value;
                weights += weight.applyAsDouble(one);
            }
        }
        return sum / weights;
    }

    /// Of all decisions whether an example is of a class.
    private static double microAuc(double[][] scores, int[] truth) {
        int width = scores.length;
        double[] all = new double[width * truth.length];
        boolean[] positive = new boolean[all.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = scores[i % width][i / width];
            positive[i] = truth[i / width] == i % width;
        }
        return Ranking.rocAuc(all, positive);
    }

    static double log(double probability) {
        return Math.log(Math.max(LEAST, probability));
    }

    private static void demand(boolean holds, List<String> names, Array probabilities, Array labels) {
        if (!holds) {
            throw new GradusException(
                    "report-shape",
                    "A report needs a probability of each class for each example and class numbers as labels, but for "
                            + names.size() + " classes was given " + probabilities.type() + " and "
                            + labels.type() + " " + labels.head(5) + ".");
        }
    }

    /// A page: the numbers of all, those of each class, the confusion matrix, the calibration.
    @Override
    public String toString() {
        TextTable table = new TextTable();
        table.row(List.of("", "precision", "recall", "F1", "ROC-AUC", "examples"));
        List<OfClass> listed = IntStream.range(0, classes.size())
                .mapToObj(classes::get)
                .sorted(Comparator.comparingDouble(one -> classes.size() > MOST_LISTED ? one.f1() : 0))
                .limit(MOST_LISTED)
                .toList();
        listed.forEach(one -> table.row(List.of(
                one.name(),
                TextTable.number(one.precision()),
                TextTable.number(one.recall()),
                TextTable.number(one.f1()),
                TextTable.number(one.rocAuc()),
                String.valueOf(one.examples()))));
        average(table, "macro mean", macro);
        average(table, "weighted mean", weighted);
        average(table, "micro mean", micro);
        return "accuracy " + TextTable.number(accuracy)
                + (k < classes.size() && k > 1 ? ", among the first " + k + " " + TextTable.number(topK) : "")
                + ", log loss " + TextTable.number(logLoss)
                + ", Brier score " + TextTable.number(brier) + "\n\n"
                + (listed.size() < classes.size()
                        ? "The " + listed.size() + " of " + classes.size() + " classes with the smallest F1:\n"
                        : "")
                + table + "\n" + confusion + "\ncalibration error " + TextTable.number(calibration.expectedError())
                + " expected, " + TextTable.number(calibration.largestError()) + " at most\n" + calibration;
    }

    private void average(TextTable table, String name, Averages of) {
        table.row(List.of(
                name,
                TextTable.number(of.precision()),
                TextTable.number(of.recall()),
                TextTable.number(of.f1()),
                TextTable.number(of.rocAuc()),
                String.valueOf(examples)));
    }
}
