package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules for some parameters, and for some steps.
class SomeParametersTest {
    private static final Map<String, double[]> TWO =
            new TreeMap<>(Map.of("a", new double[] {1}, "b", new double[] {1}));

    @Test
    void aRuleOnAPatternLeavesOthersAlone() {
        Descent descent = new Descent(
                Optimizer.of(0.5, new ScaleByLearningRate().then(new ClipByValue(0.25).on("a"))),
                TWO,
                w -> w.get("a").sum().plus(w.get("b").sum()));

        descent.step();

        assertThat(descent.position()).containsExactly(0.75, 0.5);
    }

    @Test
    void aNormIsThatOfItsOwnParameters() {
        Descent descent = new Descent(
                Optimizer.of(1, new ClipByGlobalNorm(1).on("a")),
                TWO,
                w -> w.get("a").sum().times(2).plus(w.get("b").sum().times(3)));

        descent.step();

        assertThat(descent.position()).containsExactly(new double[] {0, -2}, within(1e-6));
    }

    @Test
    void aPatternOfNothingIsTold() {
        assertThatThrownBy(
                        () -> Descent.of(Sgd.of().on("conv*"), w -> w.sum(), 1).step())
                .hasMessageContaining("No parameter matches `conv*`; there are [w]");
    }

    /// While a group stands still its moments are gathered: Adam's first step for it is as long as the learning rate.
    @Test
    void aGroupMovesFromItsEpochOn() {
        Groups rule = Groups.of(Adam.of()).with(new Groups.Group(new Parameters("b"), 0.5, 1, 2));
        Optimizer optimizer = Optimizer.of(0.125, rule);

        assertThat(rule.numbers()).hasSize(3);
        assertThat(rule.numbers().getLast().at(new Progress(7, 1, 4, 3, 4))).isEqualTo(0);
        assertThat(rule.numbers().getLast().at(new Progress(8, 2, 4, 0, 4))).isEqualTo(1);
        Descent descent = new Descent(
                optimizer, TWO, w -> w.get("a").sum().plus(w.get("b").sum()));
        descent.step(new Progress(0, 0, 4, 0, 1));
        descent.step(new Progress(1, 1, 4, 0, 1));
        assertThat(descent.position()).containsExactly(new double[] {0.75, 1}, within(1e-7));
        descent.step(new Progress(2, 2, 4, 0, 1));
        assertThat(descent.position()).containsExactly(new double[] {0.625, 0.9375}, within(1e-7));
    }

    /// f = w²/2 over batches that ask for w + 1, w - 3 …: the mean gradient over two is that of one batch of both.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void gatheredBatchesAreOneStep(int batches) {
        Rule adam = new ClipByGlobalNorm(0.8).then(Adam.withDecay(0.1));
        Descent whole = Descent.of(adam, w -> w.squared().sum(), 1, -2);
        Descent gathered =
                Descent.of(new Accumulate(batches, adam), w -> w.squared().sum(), 1, -2);
        for (int step = 0; step < 4; step++) {
            double[] before = gathered.position();
            for (int batch = 1; batch < batches; batch++) {
                gathered.step();
                assertThat(gathered.position()).isEqualTo(before);
            }
            gathered.step();
            whole.step();
            assertThat(gathered.position()).containsExactly(whole.position(), within(1e-15));
        }
    }

    @Test
    void stepsOfNoBatchesAreRefused() {
        assertThatThrownBy(() -> new Accumulate(0, Sgd.of())).hasMessageContaining("at least 1 batch");
    }

    @Test
    void averagesOfEpochsTakeTheLastStepOfEach() {
        Descent descent = new Descent(
                Optimizer.of(1, AverageWeights.equal(1, 1).byEpoch()),
                Map.of("w", new double[] {0}),
                w -> w.get("w").sum().negated());
        double[] expected = {1, 2, 3, 4, 4, 5, 5, 6}; // two batches an epoch; from the second on
        for (int step = 0; step < expected.length; step++) {
            descent.step(new Progress(step, step / 2, 4, step % 2, 2));
            assertThat(descent.session().state(AverageWeights.STATE + "w").get(0))
                    .isEqualTo(expected[step]);
        }
    }
}
