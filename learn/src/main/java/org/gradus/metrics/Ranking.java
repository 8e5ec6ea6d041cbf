package org.gradus.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Numbers that depend on which prediction is above which, and not on how far.
public final class Ranking {
    private Ranking() {}

    /// The area under the ROC curve: how probable it is that a positive example has a higher score than a negative one,
    /// where equal scores count half (Mann and Whitney's U, divided by the number of pairs). NaN when there are no
    /// positive or no negative ones.
    ///
    /// @param scores for each example, higher where it is rather positive
    public static double rocAuc(double[] scores, boolean[] positive) {
        Integer[] order = IntStream.range(0, scores.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
        double positives = 0;
        double ranks = 0; // the sum of those of the positive ones, counted from 1
        int from = 0;
        while (from < order.length) {
            int to = from;
            int tied = 0;
            while (to < order.length && Double.compare(scores[order[to]], scores[order[from]]) == 0) {
                tied += positive[order[to]] ? 1 : 0;
                to++;
            }
            positives += tied;
            ranks += tied * (from + 1 + to) / 2.0;
            from = to;
        }
        double negatives = order.length - positives;
        return (ranks - positives * (positives + 1) / 2) / (positives * negatives);
    }

    /// The place of a class among the scores of one example, from 0 for the highest; of equal scores the first class is
    /// above.
    public static int place(double[] scores, int of) {
        int above = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > scores[of] || (scores[i] == scores[of] && i < of)) {
                above++;
            }
        }
        return above;
    }
}
