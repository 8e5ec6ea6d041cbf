package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gradus.autodiff.Derivatives;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.gradus.ops.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// *Optimization*: surfaces with saddles and with two basins; which rules leave the flat places, with the signs of the Hessian
/// along the way; and the rate of convergence on a parabola.
class SurfacesTest {
    private static final double RATE = 0.05;
    private static final double BESIDE = 1e-9; // the ridge of a saddle, where descent would stay for ever

    /// Rules, and within how many steps they leave a saddle that they come to beside its ridge.
    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of(Sgd.of(), 150, 300), // a factor of 1.1 in each step
                Arguments.of(Sgd.of(0.9), 50, 149),
                Arguments.of(new Sgd(0.9, 0, true, 0), 50, 149),
                Arguments.of(Adam.of(), 5, 60), // steps of the rate's length, however small gradients are
                Arguments.of(RmsProp.of(), 2, 60),
                Arguments.of(Rprop.of(), 2, 30));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void saddlesAreLeftByEachRuleInItsTime(Rule rule, int soonest, int latest) {
        assertThat(steps(rule, SurfacesTest::saddle, latest, 1, BESIDE)).isBetween(soonest, latest);
    }

    /// On the ridge there is no slope to the side, and no rule leaves it.
    @ParameterizedTest
    @MethodSource("rules")
    void onTheRidgeAllRulesEndInTheSaddle(Rule rule, int soonest, int latest) {
        assertThat(steps(rule, SurfacesTest::saddle, 400, 1, 0)).isEqualTo(-1);
    }

    /// It is flat in all directions at its middle: without a slope or a curvature even Adam takes long to come away.
    @Test
    void theMonkeysSaddleHasNoCurvature() {
        assertThat(signs(SurfacesTest::monkey, 0, 0)).containsExactly(0, 0);
        assertThat(signs(SurfacesTest::monkey, 0.5, 0)).containsExactly(-1, 1);
        assertThat(steps(Sgd.of(), SurfacesTest::monkey, 2000, 0.01, 0.02))
                .isGreaterThan(steps(Adam.of(), SurfacesTest::monkey, 2000, 0.01, 0.02));
    }

    /// Between the basins of (x² - 1)² + y² the curvature is negative along x; in them it is positive.
    @Test
    void descentGoesFromBetweenTheBasinsIntoOne() {
        Descent descent = descent(Sgd.of(), SurfacesTest::basins, 0.01, 1);
        assertThat(signs(SurfacesTest::basins, descent.position())).containsExactly(-1, 1);
        descent.steps(300);

        assertThat(descent.position()).containsExactly(new double[] {1, 0}, within(1e-3));
        assertThat(signs(SurfacesTest::basins, descent.position())).containsExactly(1, 1);
    }

    /// f = a·x²/2 with the learning rate η: R = (f(x_{k+1}) - f*) / (f(x_k) - f*) = (1 - η·a)². It converges, oscillates and
    /// diverges as the lecture says.
    @ParameterizedTest
    @MethodSource("rates")
    void theRateOfConvergenceIsThatOfTheFormula(double rate, boolean oscillates, double expected) {
        Descent descent = new Descent(
                Optimizer.of(rate, Sgd.of()),
                Map.of("w", new double[] {1}),
                w -> w.get("w").squared().times(2.0).sum());
        double[] xs = descent.steps(6).stream().mapToDouble(x -> x[0]).toArray();
        for (int k = 0; k + 1 < xs.length; k++) {
            assertThat(2 * xs[k + 1] * xs[k + 1] / (2 * xs[k] * xs[k])).isCloseTo(expected, within(1e-9));
            assertThat(xs[k + 1] * xs[k] < 0).isEqualTo(oscillates);
        }
    }

    static Stream<Arguments> rates() {
        return Stream.of(Arguments.of(0.1, false, 0.36), Arguments.of(0.4, true, 0.36), Arguments.of(0.6, true, 1.96));
    }

    private static Tensor saddle(Tensor w) {
        return x(w).squared().minus(y(w).squared());
    }

    private static Tensor monkey(Tensor w) {
        return x(w).times(x(w).squared()).minus(x(w).times(y(w).squared()).times(3));
    }

    private static Tensor basins(Tensor w) {
        return x(w).squared().minus(1).squared().plus(y(w).squared());
    }

    private static Tensor x(Tensor w) {
        return Views.select(w, 0, 0);
    }

    private static Tensor y(Tensor w) {
        return Views.select(w, 0, 1);
    }

    private static Descent descent(Rule rule, UnaryOperator<Tensor> surface, double... start) {
        return new Descent(Optimizer.of(RATE, rule), Map.of("w", start), vectors -> surface.apply(vectors.get("w")));
    }

    /// After how many steps the surface is left, half a unit below its middle; -1 if it is not.
    private static int steps(Rule rule, UnaryOperator<Tensor> surface, int most, double... start) {
        Descent descent = descent(rule, surface, start);
        for (int k = 1; k <= most; k++) {
            descent.step();
            if (surface.apply(Eager.tensor(descent.position())).item() < -0.5) {
                return k;
            }
        }
        return -1;
    }

    /// Of the Hessian's two eigenvalues, the smaller one first.
    private static List<Integer> signs(UnaryOperator<Tensor> surface, double... at) {
        double[] h = Derivatives.hessian(surface, Eager.tensor(at)).array().toDoubles();
        double mean = (h[0] + h[3]) / 2;
        double root = Math.hypot((h[0] - h[3]) / 2, h[1]);
        return List.of((int) Math.signum(mean - root), (int) Math.signum(mean + root));
    }
}
