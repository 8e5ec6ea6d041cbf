package org.gradus.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.gradus.base.Array;
import org.gradus.metrics.ClassificationReport;
import org.gradus.metrics.MultiLabelReport;
import org.gradus.metrics.Ranking;
import org.gradus.metrics.RankingReport;
import org.gradus.metrics.RegressionReport;
import org.gradus.metrics.Report;
import org.gradus.train.Scoring;
import org.jspecify.annotations.Nullable;

/// The list `metrics` of `[training]`: numbers of reports by which a model is judged after each epoch. A new one is a row.
final class Scores {
    private static final String TOP = "top_";

    private static final Map<String, ToDoubleFunction<ClassificationReport>> OF_CLASSES = new TreeMap<>(Map.of(
            "accuracy", ClassificationReport::accuracy,
            "auc", report -> report.macro().rocAuc(),
            "balanced_accuracy", report -> report.macro().recall(),
            "brier", ClassificationReport::brier,
            "calibration_error", report -> report.calibration().expectedError(),
            "f1", report -> report.macro().f1(),
            "log_loss", ClassificationReport::logLoss,
            "precision", report -> report.macro().precision(),
            "recall", report -> report.macro().recall()));

    private static final Map<String, ToDoubleFunction<MultiLabelReport>> OF_CHOICES = new TreeMap<>(Map.of(
            "accuracy", MultiLabelReport::accuracy,
            "auc", report -> report.macro().rocAuc(),
            "exact", MultiLabelReport::exact,
            "f1", report -> report.macro().f1(),
            "log_loss", MultiLabelReport::logLoss,
            "precision", report -> report.macro().precision(),
            "recall", report -> report.macro().recall()));

    private static final Map<String, ToDoubleFunction<RegressionReport>> OF_NUMBERS = new TreeMap<>(Map.of(
            "mae", RegressionReport::mae,
            "max_error", RegressionReport::largest,
            "r2", RegressionReport::r2,
            "rmse", RegressionReport::rmse));

    private static final Map<String, ToDoubleFunction<RankingReport>> OF_RANKS =
            new TreeMap<>(Map.of("accuracy", RankingReport::accuracy, "spearman", RankingReport::spearman));

    /// Those that are errors.
    private static final List<String> SMALLER =
            List.of("loss", "mae", "max_error", "rmse", "brier", "calibration_error", "log_loss");

    private Scores() {}

    /// Whether more of what an epoch brings is better.
    static boolean isLargerBetter(String key) {
        return !SMALLER.contains(key.replaceFirst("^val_", ""));
    }

    /// What a list asks for besides the metric that is always there; null for nothing.
    static @Nullable Scoring read(Table table, Objective objective) {
        List<String> asked = table.texts("metrics");
        Collection<String> known = names(objective);
        for (String name : asked) {
            if (!known.contains(name)) {
                throw table.unknown("metrics", name, known);
            }
        }
        // Neighbours in the whole part are others than those in a batch.
        List<String> more = new ArrayList<>(new TreeSet<>(asked));
        more.remove(objective.metricName());
        return more.isEmpty()
                ? null
                : new Scoring(
                        objective::answers,
                        more,
                        (answers, labels) ->
                                scores(objective, more, objective.report(answers, labels), answers, labels));
    }

    private static Collection<String> names(Objective objective) {
        int classes = objective.task().classes().size();
        if (classes == 0) {
            return objective.sense() == Sense.RANKS
                    ? OF_RANKS.keySet()
                    : objective.sense().isOfChoices() ? OF_CHOICES.keySet() : OF_NUMBERS.keySet();
        }
        Collection<String> names = new ArrayList<>(OF_CLASSES.keySet());
        for (int k = 2; k < classes && objective.tellsClasses(); k++) {
            names.add(TOP + k);
        }
        return names;
    }

    private static Map<String, Double> scores(
            Objective objective, List<String> names, Report report, Array answers, Array labels) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (String name : names) {
            scores.put(
                    name,
                    name.startsWith(TOP)
                            ? top(Integer.parseInt(name.substring(TOP.length())), objective, answers, labels)
                            : switch (report) {
                                case ClassificationReport classes -> of(OF_CLASSES, name, classes);
                                case MultiLabelReport choices -> of(OF_CHOICES, name, choices);
                                case RankingReport ranks -> of(OF_RANKS, name, ranks);
                                case RegressionReport numbers -> of(OF_NUMBERS, name, numbers);
                            });
        }
        return scores;
    }

    private static <R> double of(Map<String, ToDoubleFunction<R>> table, String name, R report) {
        ToDoubleFunction<R> score = table.get(name);
        if (score == null) {
            throw new AssertionError(name);
        }
        return score.applyAsDouble(report);
    }

    /// The share of examples whose class is among the `k` most probable ones.
    private static double top(int k, Objective objective, Array answers, Array labels) {
        int width = objective.task().classes().size();
        double[] row = new double[width];
        int named = 0;
        for (int i = 0; i < labels.count(); i++) {
            for (int c = 0; c < width; c++) {
                row[c] = answers.get(i * width + c);
            }
            named += Ranking.place(row, (int) labels.getLong(i)) < k ? 1 : 0;
        }
        return (double) named / labels.count();
    }
}
