package org.gradus.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gradus.base.Array;
import org.gradus.base.GradusException;

/// How good the probabilities are of labels that an example may have or not, each for itself. A label is predicted where
/// its probability is more than a half, and is there where it is more than a half in truth.
///
/// @param examples how many were judged
/// @param exact the share of examples all of whose labels are right
/// @param accuracy the share of labels that are right (1 less the Hamming loss)
/// @param logLoss the mean over all labels of -log of the truth's probability, which counts as 1e-15 at least
/// @param labels each of them
/// @param macro means of the labels' numbers
/// @param micro of all decisions together
public record MultiLabelReport(
        int examples,
        double exact,
        double accuracy,
        double logLoss,
        List<ClassificationReport.OfClass> labels,
        ClassificationReport.Averages macro,
        ClassificationReport.Averages micro)
        implements Report {
    /// Freezes the list.
    public MultiLabelReport {
        labels = List.copyOf(labels);
    }

    /// Of some predictions.
    ///
    /// @param names of the labels
    /// @param probabilities `[examples, names]`
    /// @param truth as many, from 0 to 1
    /// @throws GradusException when these do not fit together, or there are none
    public static MultiLabelReport of(List<String> names, Array probabilities, Array truth) {
        int width = names.size();
        if (width == 0 || truth.count() == 0 || truth.count() % width != 0 || probabilities.count() != truth.count()) {
            throw new GradusException(
                    "report-shape",
                    "A report needs a probability and a label from 0 to 1 for each of " + width
                            + " names, but was given " + probabilities.type() + " and " + truth.type() + ".");
        }
        int size = truth.count() / width;
        double logs = 0;
        int right = 0;
        int exact = 0;
        for (int i = 0; i < size; i++) {
            int here = 0;
            for (int k = i * width; k < (i + 1) * width; k++) {
                double said = probabilities.get(k);
                double is = truth.get(k);
                logs -= is * ClassificationReport.log(said) + (1 - is) * ClassificationReport.log(1 - said);
                here += said > 0.5 == is > 0.5 ? 1 : 0;
            }
            right += here;
            exact += here == width ? 1 : 0;
        }
        List<ClassificationReport.OfClass> labels = new ArrayList<>();
        for (int c = 0; c < width; c++) {
            labels.add(ofLabel(names.get(c), probabilities, truth, c, width));
        }
        ClassificationReport.OfClass all = ofLabel("", probabilities, truth, 0, 1);
        return new MultiLabelReport(
                size,
                (double) exact / size,
                (double) right / truth.count(),
                logs / truth.count(),
                labels,
                ClassificationReport.averages(labels, _ -> 1),
                new ClassificationReport.Averages(all.precision(), all.recall(), all.f1(), all.rocAuc()));
    }

    /// The numbers of every `stride`-th decision.
    private static ClassificationReport.OfClass ofLabel(
            String name, Array probabilities, Array truth, int first, int stride) {
        double[] scores = new double[truth.count() / stride];
        boolean[] there = new boolean[scores.length];
        int examples = 0;
        int taken = 0;
        int right = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = probabilities.get(first + i * stride);
            there[i] = truth.get(first + i * stride) > 0.5;
            examples += there[i] ? 1 : 0;
            taken += scores[i] > 0.5 ? 1 : 0;
            right += there[i] && scores[i] > 0.5 ? 1 : 0;
        }
        return ClassificationReport.OfClass.of(name, right, taken, examples, Ranking.rocAuc(scores, there));
    }

    @Override
    public String toString() {
        TextTable table = new TextTable();
        table.row(List.of("", "precision", "recall", "F1", "ROC AUC", "examples"));
        labels.forEach(label -> table.row(List.of(
                label.name(),
                TextTable.number(label.precision()),
                TextTable.number(label.recall()),
                TextTable.number(label.f1()),
                TextTable.number(label.rocAuc()),
                String.valueOf(label.examples()))));
        row(table, "mean", macro);
        row(table, "all together", micro);
        return String.format(Locale.ROOT, """
                        all labels right  %.4f
                        labels right      %.4f
                        log loss          %.4f

                        """, exact, accuracy, logLoss) + table;
    }

    private static void row(TextTable table, String name, ClassificationReport.Averages averages) {
        table.row(List.of(
                name,
                TextTable.number(averages.precision()),
                TextTable.number(averages.recall()),
                TextTable.number(averages.f1()),
                TextTable.number(averages.rocAuc())));
    }
}
