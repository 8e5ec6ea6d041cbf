package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.gradus.base.Type;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {
    private static final Rule DESCEND = new ScaleByLearningRate();

    /// The first steps down the parabola w²/2, whose gradient is w, from 1 with learning rate 0.1, by hand.
    static Stream<Arguments> parabola() {
        return Stream.of(
                row(Sgd.of(), 0.9, 0.81, 0.729),
                row(Sgd.of(0.9), 0.9, 0.72, 0.486),
                row(new Sgd(0.9, 0.5, false, 0), 0.9, 0.765, 0.60525),
                row(new Sgd(0.9, 0, true, 0), 0.81, 0.5751, 0.327321),
                row(new Sgd(0, 0, false, 0.5), 0.85, 0.7225, 0.614125),
                row(new Sgd(0.5, 0, false, 1), 0.8, 0.54, 0.302),
                row(new Ascend().then(DESCEND), 1.1, 1.21, 1.331),
                row(new ClipByValue(0.5).then(DESCEND), 0.95, 0.9, 0.85),
                row(DESCEND.then(new DecayWeights(0.2)), 0.7, 0.49, 0.343),
                row(Chain.of(), 0, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("parabola")
    void theParabolaIsGoneDownAsByHand(Rule rule, double first, double second, double third) {
        Descent descent = Descent.of(rule, RulesTest::parabola, 1);

        assertThat(descent.steps(3).stream().mapToDouble(position -> position[0]))
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-15 ? 0 : 1)
                .containsExactly(first, second, third);
    }

    @ParameterizedTest
    @MethodSource("parabola")
    void eagerStepsAreTheSame(Rule rule, double first, double second, double third) {
        Descent traced = Descent.of(rule, RulesTest::parabola, 1);
        Descent eager = Descent.of(rule, RulesTest::parabola, 1);
        for (int step = 0; step < 3; step++) {
            traced.step();
            eager.eagerStep();
        }

        assertThat(eager.position()).isEqualTo(traced.position());
        assertThat(eager.session().steps()).isEqualTo(3);
    }

    @Test
    void valuesAreClippedOneByOne() {
        assertThat(Descent.of(new ClipByValue(0.5).then(DESCEND), RulesTest::parabola, 3, -4, 0.2)
                        .steps(1)
                        .get(0))
                .containsExactly(new double[] {2.95, -3.95, 0.18}, within(1e-15));
    }

    @Test
    void theGlobalNormIsThatOfAllParametersTogether() {
        Descent descent = new Descent(
                Optimizer.of(0.1, new ClipByGlobalNorm(1).then(DESCEND)),
                new TreeMap<>(Map.of("a", new double[] {3}, "b", new double[] {0, 4})),
                v -> parabola(v.get("a")).plus(parabola(v.get("b"))));
        double factor = 0.1 / (5 + 1e-6);

        assertThat(descent.steps(1).get(0))
                .containsExactly(new double[] {3 - 3 * factor, 0, 4 - 4 * factor}, within(1e-15));
    }

    @Test
    void aShortGradientIsNotClipped() {
        assertThat(Descent.of(new ClipByGlobalNorm(6).then(DESCEND), RulesTest::parabola, 3, 4)
                        .steps(1)
                        .get(0))
                .containsExactly(new double[] {2.7, 3.6}, within(1e-15));
    }

    @Test
    void momentumIsKeptUnderTheParametersPath() {
        Descent descent = Descent.of(Sgd.of(0.9), RulesTest::parabola, 1);
        descent.steps(2);

        assertThat(descent.session().state("optimizer.momentum.w").toDoubles())
                .containsExactly(new double[] {1.8}, within(1e-15));
        assertThat(descent.session().states())
                .filteredOn(key -> key.role() == StateKey.Role.BUFFER)
                .hasSize(1);
    }

    @Test
    void withoutMomentumNothingIsKept() {
        Descent descent = Descent.of(Sgd.of(), RulesTest::parabola, 1);
        descent.step();

        assertThat(descent.session().states()).hasSize(1);
    }

    @Test
    void theLearningRateFollowsItsSchedule() {
        Optimizer optimizer = new Optimizer(progress -> 0.5 / (progress.step() + 1), Sgd.of());
        Descent descent = new Descent(optimizer, Map.of("w", new double[] {1}), v -> parabola(v.get("w")));

        assertThat(descent.steps(2)).extracting(position -> position[0]).containsExactly(0.5, 0.375);
    }

    @Test
    void numbersOfAChainGoToTheirRules() {
        Rule dampened = new Momentum(0.9, 0.5, false);

        assertThat(Chain.of(dampened, DESCEND, dampened).numbers()).hasSize(2);
        assertThat(Optimizer.of(0.1, dampened).inputs(new Progress(3, 0, 1, 0, 1), Type.FLOAT32))
                .extracting(array -> array.get(0))
                .containsExactly((double) 0.1f, 0.5);
    }

    @Test
    void progressIsCountedInEpochs() {
        Progress progress = new Progress(99, 3, 8, 1, 2);

        assertThat(progress.epochsDone()).isEqualTo(3.5);
        assertThat(progress.share()).isEqualTo(0.4375);
    }

    @Test
    void rulesPrintWhatTheyAre() {
        assertThat(new ClipByGlobalNorm(1).then(Sgd.of(0.9)))
                .hasToString("Chain[rules=[ClipByGlobalNorm[limit=1.0, order=2.0],"
                        + " Sgd[momentum=0.9, dampening=0.0, nesterov=false, weightDecay=0.0]]]");
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> Sgd.of(1.5)).hasMessageContaining("from 0 to 1, but was given 1.5");
        assertThatThrownBy(() -> Sgd.of(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Sgd(0, 0, true, 0)).hasMessageContaining("Nesterov's form needs a momentum");
        assertThatThrownBy(() -> new Sgd(0.9, 0.1, true, 0)).hasMessageContaining("no dampening");
        assertThatThrownBy(() -> new DecayWeights(-1)).hasMessageContaining("at least 0, but was given -1.0");
        assertThatThrownBy(() -> new ClipByValue(0)).hasMessageContaining("not at 0.0");
        assertThatThrownBy(() -> new ClipByGlobalNorm(1, 0)).hasMessageContaining("not at 1.0 of order 0.0");
    }

    @Test
    void aStepIsGivenAllNumbers() {
        Optimizer dampened = Optimizer.of(0.1, new Momentum(0.9, 0.5, false));

        assertThatThrownBy(() -> dampened.update(null, Map.of(), List.of(), List.of()))
                .hasMessageContaining("takes 2 scalars in each step")
                .hasMessageContaining("was given 0");
    }

    private static Tensor parabola(Tensor w) {
        return w.squared().div(2).sum();
    }

    private static Arguments row(Rule rule, double first, double second, double third) {
        return Arguments.of(rule, first, second, third);
    }
}
