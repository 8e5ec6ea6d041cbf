package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SchedulesTest {
    /// The first numbers, by hand.
    static Stream<Arguments> tables() {
        return Stream.of(
                row(Schedules.constant(2), 2, 2, 2),
                row(Schedules.linear(1, 3, 2), 1, 2, 3, 3),
                row(Schedules.warmup(4, 1), 0, 0.25, 0.5, 0.75, 1, 1),
                row(Schedules.steps(8, 2, 0.5), 8, 8, 4, 4, 2),
                row(Schedules.milestones(8, 0.5, 1, 3), 8, 4, 4, 2, 2),
                row(Schedules.exponential(1, 2), 1, Math.exp(-2), Math.exp(-4)),
                row(Schedules.linearDecay(6), 6, 3, 2, 1.5),
                row(Schedules.quadraticDecay(36), 36, 9, 4, 2.25),
                row(Schedules.inverse(2, 3, 0.5), 2, 1, 2 / Math.sqrt(7)),
                row(Schedules.polynomial(5, 1, 4, 2), 5, 3.25, 2, 1.25, 1, 1),
                row(Schedules.cosine(2, 0, 2), 2, 1, 0, 1, 2),
                row(Schedules.cosineRestarts(2, 0, 2, 2), 2, 1, 2, 1 + Math.sqrt(0.5), 1, 1 - Math.sqrt(0.5), 2),
                row(Schedules.cosineRestarts(2, 0, 2, 1), 2, 1, 2, 1, 2),
                row(Schedules.cyclic(0, 4, 2, 1, 0.5), 0, 2, 4, 0, 1, 2, 0),
                row(Schedules.oneCycle(1, 3, 0, 5, 0.4), 1, 3, 2.25, 0.75, 0, 0),
                row(Schedules.warmup(2, 1).then(Schedules.linear(1, 0, 2)), 0, 0.5, 1, 0.5, 0, 0),
                row(
                        Schedules.constant(7)
                                .until(1)
                                .then(Schedules.constant(5).until(2))
                                .then(Schedules.warmup(1, 1)),
                        7,
                        5,
                        5,
                        0,
                        1));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void numbersAreThoseOfTheFormula(Curve curve, double[] expected) {
        double[] found = IntStream.range(0, expected.length)
                .mapToDouble(step -> curve.at(new Progress(step, 0, 1, 0, 1)))
                .toArray();

        assertThat(found).containsExactly(expected, within(1e-14));
    }

    @Test
    void timeMayBeCountedInEpochsAndInShares() {
        Progress progress = new Progress(70, 3, 8, 1, 2);
        Curve line = Schedules.linear(0, 1000, 1000);

        assertThat(line.at(progress)).isEqualTo(70);
        assertThat(line.byEpoch().at(progress)).isEqualTo(3);
        assertThat(line.byShare().at(progress)).isEqualTo(3.5 / 8);
    }

    @Test
    void aPlateauIsLeftAfterSomePatience() {
        Plateau plateau = Schedules.plateau(1, 0.1).patience(1);

        assertThat(follow(plateau, "val_loss", 5, 4, 4, 4, 4, 4, 3))
                .containsExactly(new double[] {1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01}, within(1e-15));
    }

    @Test
    void aLargerAccuracyIsBetter() {
        Plateau plateau = Schedules.plateau(1, 0.1).patience(0).watching("val_accuracy", true);

        assertThat(follow(plateau, "val_accuracy", 0.5, 0.6, 0.5)).containsExactly(1, 1, 1, 0.1);
    }

    @Test
    void aPlateauEndsAtItsFloorAndCoolsDown() {
        Plateau plateau = new Plateau(1, 0.5, "val_loss", false, 0, 0, false, 2, 0.4);

        assertThat(follow(plateau, "val_loss", 1, 1, 1, 1, 1, 1)).containsExactly(1, 1, 0.5, 0.5, 0.5, 0.4, 0.4);
    }

    @Test
    void aPlateauNeedsItsMetric() {
        assertThatThrownBy(() -> follow(Schedules.plateau(1, 0.1), "loss", 1))
                .hasMessageContaining("follows `val_loss`")
                .hasMessageContaining("[loss]");
    }

    @Test
    void schedulesPrintAndCompare() {
        assertThat(Schedules.warmup(10, 0.5))
                .isEqualTo(Schedules.linear(0, 0.5, 10))
                .hasToString("Linear[start=0.0, end=0.5, length=10.0]");
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> Schedules.cosine(1, 0, 0)).hasMessageContaining("above 0, but was given 0.0");
        assertThatThrownBy(() -> Schedules.cosineRestarts(1, 0, 5, 0.5)).hasMessageContaining("factor is 0.5");
        assertThatThrownBy(() -> Schedules.constant(1).then(Schedules.constant(2)))
                .hasMessageContaining("after Constant[value=1.0], which has no end");
    }

    /// The numbers before each epoch and after the last one.
    private static double[] follow(Schedule schedule, String metric, double... values) {
        List<Map<String, Double>> history = new ArrayList<>();
        double[] numbers = new double[values.length + 1];
        for (int epoch = 0; epoch <= values.length; epoch++) {
            numbers[epoch] = schedule.at(new Progress(epoch, epoch, values.length, 0, 1, history));
            if (epoch < values.length) {
                history.add(Map.of(metric, values[epoch]));
            }
        }
        return numbers;
    }

    private static Arguments row(Curve curve, double... expected) {
        return Arguments.of(curve, expected);
    }
}
