package org.gradus.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// How often examples of each class were taken for each class.
///
/// @param classes their names
/// @param counts of examples, a row for each true class, a column for each predicted one
public record ConfusionMatrix(List<String> classes, List<List<Integer>> counts) {
    private static final int MOST_CLASSES = 20;
    private static final int MOST_PAIRS = 20;

    /// Freezes the lists.
    public ConfusionMatrix {
        classes = List.copyOf(classes);
        counts = counts.stream().map(List::copyOf).toList();
    }

    /// Of the true and the predicted class numbers of examples.
    static ConfusionMatrix of(List<String> classes, int[] truth, int[] predicted) {
        int[][] counts = new int[classes.size()][classes.size()];
        for (int i = 0; i < truth.length; i++) {
            counts[truth[i]][predicted[i]]++;
        }
        return new ConfusionMatrix(
                classes,
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList());
    }

    /// How many examples of a class were taken for a class.
    public int count(int truth, int predicted) {
        return counts.get(truth).get(predicted);
    }

    /// How many examples of a class there are.
    public int ofClass(int truth) {
        return counts.get(truth).stream().mapToInt(Integer::intValue).sum();
    }

    /// How many examples were taken for a class.
    public int taken(int predicted) {
        return counts.stream().mapToInt(row -> row.get(predicted)).sum();
    }

    /// The matrix as a table; of many classes the pairs that are confused most often.
    @Override
    public String toString() {
        return classes.size() <= MOST_CLASSES ? matrix() : pairs();
    }

    private String matrix() {
        TextTable table = new TextTable();
        List<String> header = new ArrayList<>(List.of("true \\ taken for"));
        header.addAll(classes.stream()
                .map(name -> name.substring(0, Math.min(8, name.length())))
                .toList());
        table.row(header);
        for (int i = 0; i < classes.size(); i++) {
            List<String> row = new ArrayList<>(List.of(classes.get(i)));
            counts.get(i).forEach(count -> row.add(count == 0 ? "." : String.valueOf(count)));
            table.row(row);
        }
        return table.toString();
    }

    private String pairs() {
        TextTable table = new TextTable();
        table.row(List.of("true", "taken for", "examples"));
        record Pair(int truth, int predicted) {}
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            for (int k = 0; k < classes.size(); k++) {
                if (i != k && count(i, k) > 0) {
                    pairs.add(new Pair(i, k));
                }
            }
        }
        pairs.sort(Comparator.comparingInt(pair -> -count(pair.truth(), pair.predicted())));
        pairs.stream()
                .limit(MOST_PAIRS)
                .forEach(pair -> table.row(List.of(
                        classes.get(pair.truth()),
                        classes.get(pair.predicted()),
                        String.valueOf(count(pair.truth(), pair.predicted())))));
        return table.toString();
    }
}
