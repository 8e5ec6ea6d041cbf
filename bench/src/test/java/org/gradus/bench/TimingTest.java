package org.gradus.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimingTest {
    private static final Timing OURS = timing(List.of(2.0, 4.0, 3.0), List.of(1.0, 200.0));

    @Test
    void roundsAreComparedWithTheRoundBesideThem() {
        Timing theirs = timing(List.of(4.0, 4.0, 9.0), List.of());

        assertThat(theirs.ratios(OURS)).containsExactly(1.0, 2.0, 3.0);
        assertThat(OURS.median()).isEqualTo(3);
        assertThat(OURS.spread()).isEqualTo(1.0 / 3);
        assertThat(OURS.gigaflops()).isEqualTo(2);
    }

    @Test
    void anIntervalLeavesOutWhatChanceMayHavePutThere() {
        List<Double> numbers = IntStream.range(0, 20).mapToObj(i -> (double) i).toList();
        assertThat(Timing.interval(numbers.subList(0, 1))).containsExactly(0.0, 0.0);
        assertThat(Timing.interval(numbers.subList(0, 5))).containsExactly(0.0, 4.0);
        assertThat(Timing.interval(numbers.subList(0, 8))).containsExactly(0.0, 7.0);
        assertThat(Timing.interval(numbers.subList(0, 9))).containsExactly(1.0, 7.0);
        assertThat(Timing.interval(numbers.subList(0, 12))).containsExactly(2.0, 9.0);
        assertThat(Timing.interval(numbers)).containsExactly(5.0, 14.0);
    }

    @Test
    void theShareOfThePeakIsThatOfEachRoundsOwn() {
        assertThat(timing(List.of(1.0, 4.0, 1.5), List.of()).ofPeak()).isEqualTo(0.75);
    }

    @Test
    void sidesDisagreeByTheLargestDifferenceAndWhenOneHasNoNumber() {
        assertThat(OURS.disagreement(timing(List.of(1.0), List.of(1.5, 200.0)))).isEqualTo(0.5);
        assertThat(OURS.disagreement(timing(List.of(1.0), List.of(1.0, 202.0)))).isEqualTo(0.01);
        assertThat(OURS.disagreement(timing(List.of(1.0), List.of(1.0)))).isInfinite();
        assertThat(OURS.disagreement(timing(List.of(1.0), List.of(1.0, Double.NaN))))
                .isInfinite();
    }

    @Test
    void aTableIsMarkdown() {
        Table table = new Table(List.of("row", "ms"));
        table.add(List.of("lenet", Table.number(5.125)));

        assertThat(table.toString().lines())
                .containsExactly("| row   |   ms |", "|-------|-----:|", "| lenet | 5.13 |");
    }

    private static Timing timing(List<Double> millis, List<Double> check) {
        return new Timing("side", "layernorm", 1, 64, millis, check, List.of(8e9, 2e9, 8e9), 6_000_000, 0);
    }
}
