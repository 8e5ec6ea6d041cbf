package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Reductions;
import org.gradus.ops.Views;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizersTest {
    private static final double RATE = 0.1; // Descent's

    /// Each rule, with a learning rate that suits a bowl, and one that suits Rosenbrock's valley.
    static Stream<Arguments> rules() {
        return Stream.of(
                row(Sgd.of(), 0.1, 1e-3),
                row(Sgd.of(0.9), 0.02, 5e-4),
                row(new Sgd(0.9, 0, true, 0), 0.02, 5e-4),
                row(Sgd.ofLecture(0.9, false), 0.02, 5e-4),
                row(Sgd.ofLecture(0.9, true), 0.02, 5e-4),
                row(Adam.of(), 0.05, 0.05),
                row(new Adam(0.9, 0.999, 1e-8, true), 0.05, 0.05),
                row(Adamax.of(), 0.05, 0.05),
                row(NAdam.of(), 0.05, 0.05),
                row(new ClipByNorm(1).then(RAdam.of()), 0.05, 0.05),
                row(RmsProp.of(), 0.01, 5e-3),
                row(new RmsProp(0.9, 1e-8, true, 0.5), 2e-3, 1e-3),
                row(Adagrad.of(), 0.5, 0.5),
                row(Adadelta.of(), 5, 5),
                row(Rprop.of(), 0.05, 0.01),
                row(Asgd.of(), 0.1, 1e-3),
                row(Lion.of(), 5e-3, 2e-3),
                row(new ClipByGlobalNorm(1).then(Adam.of()), 0.05, 0.05),
                row(new ClipByNorm(1).then(Sgd.of()), 0.1, 5e-3));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aParabolaAndABowlAreGoneDown(Rule rule, double rate, double slow) {
        assertThat(best(rule, rate, OptimizersTest::bowl, 500, 1.5)).isLessThan(0.05); // from 1.1
        assertThat(best(rule, rate, OptimizersTest::bowl, 500, 1.5, -1, 2)).isLessThan(0.1); // from 3.6
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rosenbrocksValleyIsFollowed(Rule rule, double rate, double slow) {
        assertThat(best(rule, slow, OptimizersTest::rosenbrock, 1000, -1.2, 1))
                .isLessThan(2); // from 24.2; the valley begins at 4
    }

    @Test
    void limitedMemoryFindsTheBottomOfTheValley() {
        double[] point = {-1.2, 1};
        for (Lbfgs rule : List.of(Lbfgs.of(1, 20, 10), new Lbfgs(0.1, 500, 1000, 1e-10, 1e-14, 10, false))) {
            Lbfgs.Search search = rule.start();
            for (int i = 0; i < 10; i++) {
                search.step(point, OptimizersTest::valley);
            }
            assertThat(point).containsExactly(new double[] {1, 1}, within(1e-4));
            point = new double[] {-1.2, 1};
        }
    }

    /// w²/2 from 1 with gradients 1, then 0.9…: the form of PyTorch and of the lecture part when the rate changes.
    @Test
    void trap1MomentumHoldsGradientsOrSteps() {
        Schedule halved = progress -> progress.step() == 0 ? 0.1 : 0.05;

        assertThat(follow(new Optimizer(halved, Sgd.of(0.9)), 2)).isCloseTo(0.9 - 0.05 * (0.9 + 0.9), within(1e-15));
        assertThat(follow(new Optimizer(halved, Sgd.ofLecture(0.9, false)), 2))
                .isCloseTo(0.9 - (0.9 * 0.1 + 0.05 * 0.9), within(1e-15));
    }

    @Test
    void trap2NesterovsFormsDifferLikewise() {
        Schedule halved = progress -> progress.step() == 0 ? 0.1 : 0.05;
        // Both first step by 0.1 (1 + 0.9); then PyTorch's v is 0.9 + g, and the lecture's is 0.09 + 0.05 g.
        double g = 1 - 0.19;

        assertThat(follow(new Optimizer(halved, new Sgd(0.9, 0, true, 0)), 2))
                .isCloseTo(g - 0.05 * (g + 0.9 * (0.9 + g)), within(1e-15));
        assertThat(follow(new Optimizer(halved, Sgd.ofLecture(0.9, true)), 2))
                .isCloseTo(g - (0.05 * g + 0.9 * (0.09 + 0.05 * g)), within(1e-15));
    }

    @Test
    void trap3WeightDecayIsCoupledOrDecoupled() {
        // The gradient is 1, and Adam's first step has length η whatever it is.
        Rule coupled = new DecayWeights(0.5).then(Adam.of());
        Rule decoupled = Adam.of().then(DecayWeights.decoupled(0.5));

        assertThat(follow(Optimizer.of(RATE, coupled), 1)).isCloseTo(0.9, within(1e-8));
        assertThat(follow(Optimizer.of(RATE, decoupled), 1)).isCloseTo(0.9 - RATE * 0.5, within(1e-8));
    }

    @Test
    void trap4AdamsEpsilonIsAddedToTheCorrectedRoot() {
        // Keras' form would be η·√(1 - β₂)/(1 - β₁)·(1 - β₁)·g / (√(1 - β₂)·g + ε): much shorter.
        assertThat(follow(Optimizer.of(RATE, new Adam(0.9, 0.999, 1, false)), 1))
                .isCloseTo(1 - RATE / (1 + 1), within(1e-15));
    }

    @Test
    void trap5RmsPropsEpsilonIsOutsideOfTheRoot() {
        assertThat(follow(Optimizer.of(RATE, new RmsProp(0.75, 1, false, 0)), 1))
                .isCloseTo(1 - RATE / (Math.sqrt(0.25) + 1), within(1e-15));
    }

    @Test
    void trap13NormsAreClippedForEachParameterOrForAll() {
        Map<String, double[]> starts = Map.of("a", new double[] {3}, "b", new double[] {4});
        Descent.Function sum = v -> bowl(v.get("a")).plus(bowl(v.get("b")));
        Descent each = new Descent(Optimizer.of(1, new ClipByNorm(1)), new TreeMap<>(starts), sum);
        Descent all = new Descent(Optimizer.of(1, new ClipByGlobalNorm(1)), new TreeMap<>(starts), sum);

        assertThat(each.steps(1).get(0)).containsExactly(new double[] {2, 3}, within(1e-6));
        assertThat(all.steps(1).get(0)).containsExactly(new double[] {2.4, 3.2}, within(1e-6));
    }

    /// w²/2 from 1 with the first step 0.4: 0.6, then α·0.4 = 0.48 to 0.12, then 0.576 to -0.456; there the sign has
    /// changed: back to 0.12, and 0.288 on to -0.168. Again: back, and 0.144 on to -0.024; again to 0.12 - 0.072.
    @Test
    void rpropOfTheLectureStepsBack() {
        Descent descent =
                new Descent(Optimizer.of(0.4, Rprop.ofLecture()), Map.of("w", new double[] {1}), v -> bowl(v.get("w")));

        assertThat(descent.steps(6).stream()
                        .mapToDouble(position -> position[0])
                        .toArray())
                .containsExactly(new double[] {0.6, 0.12, -0.456, -0.168, -0.024, 0.048}, within(1e-15));
    }

    /// Sideways of the valley the sign that is compared is that of a place left long ago, and steps shrink for ever.
    @Test
    void rpropOfTheLectureStopsInAValley() {
        assertThat(best(Rprop.ofLecture(), 0.05, OptimizersTest::bowl, 300, 1.5, -1, 2))
                .isLessThan(1e-6);
        assertThat(best(Rprop.ofLecture(), 0.01, OptimizersTest::rosenbrock, 1000, -1.2, 1))
                .isGreaterThan(2);
        assertThat(best(Rprop.of(), 0.01, OptimizersTest::rosenbrock, 1000, -1.2, 1))
                .isLessThan(2);
    }

    @Test
    void stepsOfRpropHaveALeastAndALargestLength() {
        Rprop rule = new Rprop(0.5, 1.2, 0.3, 0.45, true);
        Descent descent = new Descent(Optimizer.of(0.4, rule), Map.of("w", new double[] {1}), v -> bowl(v.get("w")));

        assertThat(descent.steps(4).stream()
                        .mapToDouble(position -> position[0])
                        .toArray())
                .containsExactly(new double[] {0.6, 0.15, -0.3, -0.15}, within(1e-15));
    }

    @Test
    void aDecoupledDecayLeavesBiasesAndNormsAlone() {
        Rule decay = DecayWeights.decoupled(0.5);

        assertThat(oneStepOfOnes(decay)).containsExactly(0.95, 1, 1, 0.95);
        assertThat(oneStepOfOnes(DecayWeights.decoupled(0.5).everywhere())).containsExactly(0.95, 0.95, 0.95, 0.95);
        assertThat(oneStepOfOnes(new DecayWeights(0.5))).containsOnly(0.5);
        assertThat(oneStepOfOnes(DecayWeights.coupled(0.5))).containsExactly(0.5, 1, 1, 0.5);
        assertThat(Adam.withDecay(0.01).toString()).contains("decoupled=true, roles=[WEIGHT, EMBEDDING]");
    }

    @Test
    void groupsHaveTheirOwnLearningRatesAndDecays() {
        Rule both = DecayWeights.decoupled(0.5).everywhere();

        assertThat(oneStepOfOnes(Groups.of(both).with("*.bias", 2, 1).with("*", 1, 0)))
                .containsExactly(1, 1 - 2 * RATE * 0.5, 1, 1);
        assertThat(oneStepOfOnes(Groups.of(new DecayWeights(0.5)).with("layer.w*", 0, 0.5)))
                .containsExactly(0.75, 0.5, 0.5, 0.5);
        assertThatThrownBy(() -> oneStepOfOnes(Groups.of(both).with("layer", 1, 1)))
                .hasMessageContaining("No parameter matches `layer`")
                .hasMessageContaining("[layer.weight, layer.bias, norm.weight, table.weight]");
    }

    @Test
    void weightsAreAveragedBesideTheParameters() {
        Descent exponential = average(AverageWeights.exponential(0.75));
        Descent equal = average(AverageWeights.equal(1, 2)); // positions: 0.9, 0.81, 0.729, 0.6561

        assertThat(exponential.session().state("optimizer.average.w").get(0))
                .isCloseTo(0.75 * (0.75 * (0.75 * 0.9 + 0.25 * 0.81) + 0.25 * 0.729) + 0.25 * 0.6561, within(1e-15));
        assertThat(equal.session().state("optimizer.average.w").get(0)).isCloseTo((0.81 + 0.6561) / 2, within(1e-15));
        assertThat(equal.position()[0]).isCloseTo(0.6561, within(1e-15));
    }

    static Stream<Arguments> penalties() {
        return Stream.of(1.0, 1.5, 2.0, 3.0).flatMap(p -> Stream.of(Arguments.of(p, true), Arguments.of(p, false)));
    }

    /// The gradient of the penalty, as a loss, is what the rule adds.
    @ParameterizedTest
    @MethodSource("penalties")
    void penaltiesAreGradientsOfNorms(double order, boolean root) {
        Rule rule = new LpPenalty(0.3, order, root, List.of(Role.WEIGHT)).then(new ScaleByLearningRate());
        double[] start = {3, -4, 0, 0.5};
        double[] byRule =
                Descent.of(rule, w -> w.sum().times(0), start).steps(1).get(0);
        double[] byLoss = Descent.of(new ScaleByLearningRate(), w -> penalty(w, order, root), start)
                .steps(1)
                .get(0);

        assertThat(byRule).containsExactly(byLoss, within(1e-14));
    }

    @Test
    void aNormOfNothingHasNoGradient() {
        for (double order : new double[] {1, 1.5, 2}) {
            assertThat(Descent.of(LpPenalty.norm(1, order), w -> w.sum().times(0), 0, 0)
                            .steps(1)
                            .get(0))
                    .containsExactly(0, 0);
        }
    }

    @Test
    void theElasticNetIsBothPenalties() {
        assertThat(Descent.of(LpPenalty.elastic(0.1, 0.2), w -> w.sum().times(0), 2, -1)
                        .steps(1)
                        .get(0))
                .containsExactly(new double[] {2 - 0.1 - 0.8, -1 + 0.1 + 0.4}, within(1e-15));
    }

    @Test
    void shrinkingMakesZeros() {
        double[] after = Descent.of(
                        new ScaleByLearningRate().then(ShrinkToZero.of(2)),
                        w -> w.sum().times(0),
                        1,
                        0.1,
                        -0.3)
                .steps(1)
                .get(0);

        assertThat(after).containsExactly(new double[] {0.8, 0, -0.1}, within(1e-15));
    }

    @Test
    void weightsOfOneOutputHaveALargestNorm() {
        Session session = new Session(0, Type.FLOAT64);
        session.setState("w", Array.of(Shape.of(2, 2), 3.0, 4, 0.3, 0.4));
        Optimizer optimizer = Optimizer.of(1, new MaxNorm(1));
        session.eagerly(
                Scope.Mode.TRAIN,
                (scope, in) -> {
                    Tensor w = scope.parameter("w", Role.WEIGHT, Initial.constant(0), 2, 2);
                    optimizer.update(scope, scope.parameters(), List.of(w.times(0)), in);
                    return List.of();
                },
                optimizer.inputs(Progress.START, Type.FLOAT64).toArray(Array[]::new));

        assertThat(session.state("w").toDoubles()).containsExactly(new double[] {0.6, 0.8, 0.3, 0.4}, within(1e-15));
    }

    @Test
    void rectificationWaitsForEnoughGradients() {
        // With β₂ = 0.9 the approximated length passes 5 in the sixth step; before, steps are η·m̂ = η·g.
        double[] positions = new double[2];
        Descent descent = new Descent(
                Optimizer.of(RATE, new RAdam(0.0, 0.9, 0)),
                Map.of("w", new double[] {100}),
                v -> v.get("w").sum().times(7));
        descent.steps(5);
        positions[0] = descent.position()[0];
        descent.step();
        positions[1] = descent.position()[0];

        assertThat(positions[0]).isCloseTo(100 - 5 * RATE * 7, within(1e-12));
        assertThat(positions[0] - positions[1]).isLessThan(RATE); // rectified, and divided by √v̂ = 7
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Adam(1, 0.999, 1e-8, false)).hasMessageContaining("β₁ is from 0 to below 1");
        assertThatThrownBy(() -> new Adam(0.9, 0.999, -1, false)).hasMessageContaining("ε is at least 0");
        assertThatThrownBy(() -> new Rprop(0.5, 1, 1e-6, 50, false)).hasMessageContaining("α is above 1");
        assertThatThrownBy(() -> new Rprop(0.5, 1.2, 1, 0.5, false)).hasMessageContaining("at least the smallest");
        assertThatThrownBy(() -> LpPenalty.norm(1, 0.5)).hasMessageContaining("at least 1, but was given 0.5");
        assertThatThrownBy(() -> AverageWeights.equal(0, 0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> Lbfgs.of(0, 20, 10)).hasMessageContaining("above 0");
    }

    private static double best(Rule rule, double rate, UnaryOperator<Tensor> function, int steps, double... start) {
        Descent descent = new Descent(Optimizer.of(rate, rule), Map.of("w", start), v -> function.apply(v.get("w")));
        descent.steps(steps);
        return function.apply(Eager.tensor(descent.position())).item();
    }

    /// Where the parabola w²/2 is after some steps from 1.
    private static double follow(Optimizer optimizer, int steps) {
        Descent descent = new Descent(optimizer, Map.of("w", new double[] {1}), v -> bowl(v.get("w")));
        descent.steps(steps);
        return descent.position()[0];
    }

    private static Descent average(AverageWeights rule) {
        Descent descent = Descent.of(Sgd.of().then(rule), OptimizersTest::bowl, 1);
        descent.steps(4);
        return descent;
    }

    /// A weight, a bias, a norm and an embedding, all 1, after a step with gradients of 0 and the learning rate 0.1.
    private static double[] oneStepOfOnes(Rule rule) {
        Session session = new Session(0, Type.FLOAT64);
        Optimizer optimizer = Optimizer.of(RATE, rule);
        List<String> paths = List.of("layer.weight", "layer.bias", "norm.weight", "table.weight");
        List<Role> roles = List.of(Role.WEIGHT, Role.BIAS, Role.NORM, Role.EMBEDDING);
        session.eagerly(
                Scope.Mode.TRAIN,
                (scope, in) -> {
                    List<Tensor> zeros = new ArrayList<>();
                    for (int i = 0; i < paths.size(); i++) {
                        zeros.add(scope.parameter(paths.get(i), roles.get(i), Initial.constant(1), 1)
                                .times(0));
                    }
                    optimizer.update(scope, scope.parameters(), zeros, in);
                    return List.of();
                },
                optimizer.inputs(Progress.START, Type.FLOAT64).toArray(Array[]::new));
        return paths.stream().mapToDouble(path -> session.state(path).get(0)).toArray();
    }

    private static Tensor penalty(Tensor w, double order, boolean root) {
        Tensor norm = Reductions.norm(w, order);
        return (root ? norm : Elementwise.pow(norm, order)).times(0.3);
    }

    private static Tensor bowl(Tensor w) {
        return w.squared().div(2).sum();
    }

    private static Tensor rosenbrock(Tensor x) {
        Tensor x0 = Views.select(x, 0, 0);
        Tensor x1 = Views.select(x, 0, 1);
        return x1.minus(x0.squared())
                .squared()
                .times(100)
                .plus(x0.negated().plus(1).squared());
    }

    private static double valley(double[] x, double[] gradient) {
        double over = x[1] - x[0] * x[0];
        gradient[0] = -400 * x[0] * over - 2 * (1 - x[0]);
        gradient[1] = 200 * over;
        return 100 * over * over + (1 - x[0]) * (1 - x[0]);
    }

    private static Arguments row(Rule rule, double rate, double slow) {
        return Arguments.of(rule, rate, slow);
    }
}
