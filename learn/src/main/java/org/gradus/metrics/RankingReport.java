package org.gradus.metrics;

import java.util.Locale;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;

/// How good scores are that should bring examples into the order of their labels.
///
/// @param examples how many were judged
/// @param accuracy of the pairs with different labels, the share whose scores are in the same order; equal scores count half
/// @param spearman the correlation of the ranks of scores and labels, where equal ones have the mean of their ranks; NaN when
///     all scores or all labels are the same
public record RankingReport(int examples, double accuracy, double spearman) implements Report {
    /// Of some scores.
    ///
    /// @param scores any numbers
    /// @param labels as many
    /// @throws GradusException when they are not as many, or none
    public static RankingReport of(Array scores, Array labels) {
        int size = labels.count();
        if (size == 0 || scores.count() != size) {
            throw new GradusException(
                    "report-shape",
                    "A report needs a score for each label, but was given " + scores.type() + " and " + labels.type()
                            + ".");
        }
        double[] byScore = ranks(scores.toDoubles());
        double[] byLabel = ranks(labels.toDoubles());
        return new RankingReport(size, accuracy(byScore, byLabel), correlation(byScore, byLabel));
    }

    /// From 1 for the smallest; equal numbers have the mean of their ranks.
    private static double[] ranks(double... numbers) {
        int[] order = order(numbers);
        double[] ranks = new double[numbers.length];
        int from = 0;
        while (from < order.length) {
            int to = from;
            while (to < order.length && numbers[order[to]] == numbers[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
            from = Math.max(to, from + 1);
        }
        return ranks;
    }

    private static int[] order(double... numbers) {
        return IntStream.range(0, numbers.length)
                .boxed()
                .sorted((a, b) -> Double.compare(numbers[a], numbers[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /// Examples come in the order of their labels; a tree of sums knows how many came before with a lower score (P. Fenwick,
    /// *A New Data Structure for Cumulative Frequency Tables*, 1994).
    private static double accuracy(double[] scores, double[] labels) {
        int[] order = order(labels);
        int[] tree = new int[2 * scores.length + 2]; // by twice the rank
        double right = 0;
        double pairs = 0;
        int from = 0;
        while (from < order.length) {
            int to = from;
            for (; to < order.length && labels[order[to]] == labels[order[from]]; to++) {
                int place = (int) Math.round(2 * scores[order[to]]);
                int below = count(tree, place - 1);
                right += below + (count(tree, place) - below) / 2.0;
                pairs += from;
            }
            for (int i = from; i < to; i++) {
                for (int at = (int) Math.round(2 * scores[order[i]]); at < tree.length; at += at & -at) {
                    tree[at]++;
                }
            }
            from = to;
        }
        return right / pairs;
    }

    private static int count(int[] tree, int upTo) {
        int count = 0;
        for (int at = upTo; at > 0; at -= at & -at) {
            count += tree[at];
        }
        return count;
    }

    private static double correlation(double[] a, double[] b) {
        double mean = (a.length + 1) / 2.0;
        double products = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < a.length; i++) {
            products += (a[i] - mean) * (b[i] - mean);
            first += (a[i] - mean) * (a[i] - mean);
            second += (b[i] - mean) * (b[i] - mean);
        }
        return products / Math.sqrt(first * second);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, """
                pairs in the right order  %s
                correlation of ranks      %s
                """, TextTable.number(accuracy), TextTable.number(spearman));
    }
}
