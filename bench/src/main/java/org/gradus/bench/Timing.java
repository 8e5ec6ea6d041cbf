package org.gradus.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.bench.side.Row;

/// What one side took for a row.
///
/// @param side its name
/// @param row the row's name
/// @param samples how many samples a run handles
/// @param millis the median of each round, in ms for one run
/// @param check what all sides must agree on
/// @param peaks the floating-point operations that the machine could do at most in a second, just before each round
/// @param flops of one run, as Gradus' plan counts them
/// @param bytes that Gradus' plan moves in one run
record Timing(
        String side,
        String row,
        int threads,
        int samples,
        List<Double> millis,
        List<Double> check,
        List<Double> peaks,
        long flops,
        long bytes) {
    /// Sides agree when they differ by less.
    static final double TOLERANCE = 1e-3;

    /// The middle round.
    double median() {
        return median(millis);
    }

    /// How much the rounds spread: half the distance from the slowest to the fastest, relative to the middle.
    double spread() {
        return (millis.stream().mapToDouble(x -> x).max().orElseThrow()
                        - millis.stream().mapToDouble(x -> x).min().orElseThrow())
                / 2
                / median();
    }

    double samplesPerSecond() {
        return samples * 1e3 / median();
    }

    double gigaflops() {
        return flops * 1e-6 / median();
    }

    /// Which part of the machine's peak that is: the middle of what it is in each round.
    double ofPeak() {
        return median(IntStream.range(0, millis.size())
                .mapToObj(round -> flops * 1e3 / millis.get(round) / peaks.get(round))
                .toList());
    }

    double gigabytes() {
        return bytes * 1e-6 / median();
    }

    /// How many times as long as another side this one took, round by round, in order of size.
    List<Double> ratios(Timing other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < millis.size(); i++) {
            ratios.add(millis.get(i) / other.millis.get(i));
        }
        ratios.sort(null);
        return ratios;
    }

    /// By how much it disagrees with another side: losses by their difference, other numbers by its share of them.
    double disagreement(Timing other) {
        double most = check.size() == other.check.size() ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(check.size(), other.check.size()); i++) {
            double apart = Math.abs(check.get(i) - other.check.get(i));
            double scale = Row.of(row).isTraining() ? 1 : Math.abs(check.get(i));
            most = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(most, apart / scale);
        }
        return most;
    }

    /// Between which of these numbers, in order of size, their true median lies with 95 % confidence, whatever their
    /// distribution: as many are left out at either end as heads seldom come in so many throws of a coin. All count if
    /// there are fewer than 6.
    static List<Double> interval(List<Double> sorted) {
        int count = sorted.size();
        double term = Math.pow(0.5, count); // the probability of exactly so many heads
        double tail = term;
        int left = 0;
        while (tail + term * (count - left) / (left + 1) <= 0.025) {
            term *= (double) (count - left) / (left + 1);
            tail += term;
            left++;
        }
        return List.of(sorted.get(left), sorted.get(count - 1 - left));
    }

    static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
