package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.nn.Dropout.Form;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final int COUNT = 20_000;
    private static final double P = 0.3;

    /// Of 20,000 draws the share is off by 0.003 (one deviation).
    private static final double SHARE = 0.012;

    private final Session session = new Session(4, Type.FLOAT64);

    @Test
    void whatIsKeptIsDividedWhileTraining() {
        double[] y = run(Dropout.of(P), Mode.TRAIN, ones(COUNT));

        assertThat(Arrays.stream(y).filter(v -> v == 0).count() / (double) COUNT)
                .isCloseTo(P, within(SHARE));
        assertThat(Arrays.stream(y).filter(v -> v != 0).distinct()).containsExactly(1 / (1 - P));
        assertThat(run(Dropout.of(P), Mode.EVAL, ones(3))).containsExactly(1, 1, 1);
    }

    @Test
    void theLecturesFormScalesInEvaluation() {
        Dropout plain = Dropout.of(P).form(Form.PLAIN);

        assertThat(Arrays.stream(run(plain, Mode.TRAIN, ones(COUNT))).distinct())
                .containsExactlyInAnyOrder(0.0, 1.0);
        assertThat(run(plain, Mode.EVAL, ones(2))).containsExactly(0.7, 0.7);
        assertThat(run(plain, Mode.CALIBRATE, ones(2))).containsExactly(0.7, 0.7);
    }

    @Test
    void bothFormsHaveTheExpectationOfEvaluation() {
        double inverted = mean(run(Dropout.of(P), Mode.TRAIN, ones(COUNT)));
        double plain = mean(run(Dropout.of(P).form(Form.PLAIN), Mode.TRAIN, ones(COUNT)));

        assertThat(inverted).isCloseTo(1, within(SHARE / (1 - P)));
        assertThat(plain).isCloseTo(1 - P, within(SHARE));
    }

    @Test
    void wholeChannelsGo() {
        double[] y =
                run(Dropout.of(0.5).ofChannels(), Mode.TRAIN, Array.full(TensorType.of(Type.FLOAT64, 4, 25, 3), 1));

        for (int channel = 0; channel < 100; channel++) {
            assertThat(Arrays.stream(y, 3 * channel, 3 * channel + 3).distinct().count())
                    .isEqualTo(1);
        }
        assertThat(Arrays.stream(y).distinct()).containsExactlyInAnyOrder(0.0, 2.0);
    }

    /// The mean of 20,000 is off by 0.007, the mean square by 0.01 (one deviation each).
    @Test
    void alphaDropoutKeepsMeanAndDeviation() {
        Philox random = Philox.of(1, Philox.stream("x", 0), 0);
        Array x = Array.zeros(TensorType.of(Type.FLOAT64, COUNT));
        for (int i = 0; i < COUNT; i++) {
            x.set(i, random.normal(Type.FLOAT64, i));
        }

        double[] y = run(Dropout.of(P).form(Form.ALPHA), Mode.TRAIN, x);

        assertThat(mean(y)).isCloseTo(0, within(0.03));
        assertThat(mean(Arrays.stream(y).map(v -> v * v).toArray())).isCloseTo(1, within(0.04));
        assertThat(Arrays.stream(y).distinct().count()).isBetween(COUNT / 2L, COUNT * 3L / 4);
    }

    @Test
    void nothingIsKeptAtOne() {
        assertThat(run(Dropout.of(1), Mode.TRAIN, ones(3))).containsExactly(0, 0, 0);
        assertThatThrownBy(() -> Dropout.of(1.5)).hasMessageContaining("from 0 to 1, but was given 1.5");
    }

    private static Array ones(int count) {
        return Array.full(TensorType.of(Type.FLOAT64, count), 1);
    }

    private static double mean(double... values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private double[] run(Dropout dropout, Mode mode, Array x) {
        return session.eagerly(mode, (scope, in) -> List.of(dropout.forward(scope, in.get(0))), x)
                .get(0)
                .toDoubles();
    }
}
