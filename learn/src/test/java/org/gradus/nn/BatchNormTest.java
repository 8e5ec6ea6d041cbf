package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey;
import org.gradus.nn.BatchNorm.Population;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;

class BatchNormTest {
    private static final double[] FIRST = {1, 2, 3, 6};
    private static final double[] SECOND = {-4, 8};

    private final Session session = new Session(1, Type.FLOAT64);

    /// Means 3 and 2, variances times B / (B - 1) 14/3 and 72, with the weights 4 and 2.
    @Test
    void calibrationGathersTheLecturesPopulation() {
        BatchNorm norm = BatchNorm.of();
        run(norm, Mode.TRAIN, FIRST);

        run(norm, Mode.CALIBRATE, FIRST);
        run(norm, Mode.CALIBRATE, SECOND);

        assertThat(state("running_mean")).isCloseTo((4 * 3 + 2 * 2) / 6.0, within(1e-15));
        assertThat(state("running_var")).isCloseTo((4 * 14 / 3.0 + 2 * 72) / 6, within(1e-13));
        assertThat(run(norm, Mode.EVAL, 3)[0])
                .isCloseTo((3 - state("running_mean")) / Math.sqrt(state("running_var") + 1e-5), within(1e-15));
    }

    @Test
    void pooledStatisticsAreThoseOfOneLargeBatch() {
        BatchNorm norm = BatchNorm.of().population(Population.POOLED);

        run(norm, Mode.CALIBRATE, FIRST);
        run(norm, Mode.CALIBRATE, SECOND);

        double[] all = {1, 2, 3, 6, -4, 8};
        double mean = DoubleStream.of(all).average().orElseThrow();
        double variance =
                DoubleStream.of(all).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        assertThat(state("running_mean")).isCloseTo(mean, within(1e-15));
        assertThat(state("running_var")).isCloseTo(variance, within(1e-14));
    }

    @Test
    void calibrationBeginsAnewWhenTrainingHasGoneOn() {
        BatchNorm norm = BatchNorm.of();
        run(norm, Mode.CALIBRATE, SECOND);
        run(norm, Mode.TRAIN, SECOND);

        run(norm, Mode.CALIBRATE, FIRST);

        assertThat(state("running_mean")).isEqualTo(3);
        assertThat(state("running_var")).isCloseTo(14 / 3.0, within(1e-15));
    }

    @Test
    void trainingMovesOnFromCalibratedStatistics() {
        BatchNorm norm = BatchNorm.of().momentum(0.25);
        run(norm, Mode.CALIBRATE, FIRST);

        run(norm, Mode.TRAIN, SECOND);

        assertThat(state("running_mean")).isEqualTo(0.75 * 3 + 0.25 * 2);
    }

    @Test
    void anExampleDependsOnItsBatchWhileTrainingAlone() {
        BatchNorm norm = BatchNorm.of();

        assertThat(run(norm, Mode.TRAIN, 1, 2)[0]).isNotEqualTo(run(norm, Mode.TRAIN, 1, 3)[0]);
        assertThat(run(norm, Mode.EVAL, 1, 2)[0]).isEqualTo(run(norm, Mode.EVAL, 1, 3)[0]);
    }

    @Test
    void unitsThatAreNotChosenPass() {
        Array x = Array.of(Shape.of(2, 3), 1.0, 2, 3, 5, 6, 7);

        double[] y = run(BatchNorm.of().eps(0).units(1), Mode.TRAIN, x);

        assertThat(y).containsExactly(1, -1, 3, 5, 1, 7);
        assertThatThrownBy(() -> run(BatchNorm.of().units(3), Mode.TRAIN, x))
                .hasMessageContaining("the input needs the channel 3")
                .hasMessageContaining("float64[2, 3]");
    }

    @Test
    void oneNumberHasNoVariance() {
        assertThatThrownBy(() -> run(BatchNorm.of(), Mode.TRAIN, 7))
                .hasMessageContaining("(BatchNorm): the input needs at least 2 numbers in each channel")
                .hasMessageContaining("BatchNormTest.java");
        assertThat(run(BatchNorm.of(), Mode.EVAL, 7)).hasSize(1);
    }

    @Test
    void statesHavePyTorchsNamesAndRoles() {
        run(BatchNorm.of(), Mode.TRAIN, FIRST);

        assertThat(session.states())
                .extracting(StateKey::toString)
                .containsExactly(
                        "weight: float64[1] norm",
                        "bias: float64[1] norm",
                        "running_mean: float64[1] buffer",
                        "running_var: float64[1] buffer",
                        "num_batches_tracked: int64[] buffer");
        assertThat(state("num_batches_tracked")).isEqualTo(1);
    }

    private double state(String name) {
        return session.state(name).get(0);
    }

    private double[] run(BatchNorm norm, Mode mode, double... column) {
        return run(norm, mode, Array.of(Shape.of(column.length, 1), column));
    }

    private double[] run(BatchNorm norm, Mode mode, Array x) {
        return session.eagerly(mode, (scope, in) -> List.of(norm.forward(scope, in.get(0))), x)
                .get(0)
                .toDoubles();
    }
}
