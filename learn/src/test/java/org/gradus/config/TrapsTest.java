package org.gradus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Form;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.nn.AvgPool;
import org.gradus.nn.BatchNorm;
import org.gradus.nn.Conv;
import org.gradus.nn.Dropout;
import org.gradus.nn.Initialised;
import org.gradus.nn.Initialisers;
import org.gradus.nn.LayerNorm;
import org.gradus.nn.LeakyRelu;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.optim.Chain;
import org.gradus.optim.ClipByGlobalNorm;
import org.gradus.optim.ClipByNorm;
import org.gradus.optim.DecayWeights;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.optim.RmsProp;
import org.gradus.optim.Rule;
import org.gradus.optim.ScaleByLearningRate;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;

/// Thirteen places where libraries differ without saying so. Gradus does as PyTorch does; where it offers the other form too,
/// that is shown beside it.
class TrapsTest {
    private static final double EXACT = 1e-14;
    private static final double[] RATES = {0.1, 0.01, 0.2};
    private static final double[] SLOPES = {1, -2, 0.5};

    @Test
    void trap1TheLearningRateIsOutsideOrInsideOfTheSpeed() {
        double outside = 1;
        double inside = 1;
        double v = 0;
        double u = 0;
        for (int t = 0; t < 3; t++) {
            v = 0.9 * v + SLOPES[t];
            outside -= RATES[t] * v;
            u = 0.9 * u - RATES[t] * SLOPES[t];
            inside += u;
        }

        assertThat(descend(Sgd.of(0.9))).isCloseTo(outside, within(EXACT));
        assertThat(descend(Sgd.ofLecture(0.9, false))).isCloseTo(inside, within(EXACT));
        assertThat(Math.abs(outside - inside)).isGreaterThan(0.05);
    }

    @Test
    void trap2NesterovsFormDiffersLikewise() {
        double outside = 1;
        double inside = 1;
        double v = 0;
        double u = 0;
        for (int t = 0; t < 3; t++) {
            v = 0.9 * v + SLOPES[t];
            outside -= RATES[t] * (SLOPES[t] + 0.9 * v);
            u = 0.9 * u - RATES[t] * SLOPES[t];
            inside += 0.9 * u - RATES[t] * SLOPES[t];
        }

        assertThat(descend(new Sgd(0.9, 0, true, 0))).isCloseTo(outside, within(EXACT));
        assertThat(descend(Sgd.ofLecture(0.9, true))).isCloseTo(inside, within(EXACT));
        assertThat(Math.abs(outside - inside)).isGreaterThan(0.05);
    }

    @Test
    void trap3WeightDecayIsInTheGradientOrBesideIt() {
        double coupled = 1;
        double decoupled = 1;
        double v = 0;
        double u = 0;
        for (int t = 0; t < 3; t++) {
            v = 0.9 * v + SLOPES[t] + 0.5 * coupled;
            coupled -= RATES[t] * v;
            u = 0.9 * u + SLOPES[t];
            decoupled -= RATES[t] * u + RATES[t] * 0.5 * decoupled;
        }

        assertThat(descend(new Sgd(0.9, 0, false, 0.5))).isCloseTo(coupled, within(EXACT));
        assertThat(descend(Sgd.of(0.9).then(DecayWeights.decoupled(0.5)))).isCloseTo(decoupled, within(EXACT));
        assertThat(Math.abs(coupled - decoupled)).isGreaterThan(0.01);
        assertThat(rule("type = 'sgd'\nweight_decay = 0.5"))
                .isEqualTo(DecayWeights.coupled(0.5).then(Sgd.of()));
        assertThat(rule("type = 'adamw'\nweight_decay = 0.5")).isEqualTo(Adam.withDecay(0.5));
    }

    @Test
    void trap4AdamsEpsilonIsAddedToTheCorrectedRoot() {
        double corrected = 1;
        double folded = 1;
        double m = 0;
        double v = 0;
        for (int t = 0; t < 3; t++) {
            m = 0.9 * m + 0.1 * SLOPES[t];
            v = 0.99 * v + 0.01 * SLOPES[t] * SLOPES[t];
            double first = 1 - Math.pow(0.9, t + 1);
            double second = 1 - Math.pow(0.99, t + 1);
            corrected -= RATES[t] * (m / first) / (Math.sqrt(v / second) + 0.1);
            folded -= RATES[t] * Math.sqrt(second) / first * m / (Math.sqrt(v) + 0.1); // Keras'
        }

        assertThat(descend(new Adam(0.9, 0.99, 0.1, false))).isCloseTo(corrected, within(EXACT));
        assertThat(Math.abs(corrected - folded)).isGreaterThan(0.01);
    }

    @Test
    void trap5RmspropsEpsilonIsOutsideOfTheRoot() {
        double outside = 1;
        double inside = 1;
        double s = 0;
        for (int t = 0; t < 3; t++) {
            s = 0.9 * s + 0.1 * SLOPES[t] * SLOPES[t];
            outside -= RATES[t] * SLOPES[t] / (Math.sqrt(s) + 0.1);
            inside -= RATES[t] * SLOPES[t] / Math.sqrt(s + 0.1); // Keras'
        }

        assertThat(descend(new RmsProp(0.9, 0.1, false, 0))).isCloseTo(outside, within(EXACT));
        assertThat(Math.abs(outside - inside)).isGreaterThan(0.005);
    }

    @Test
    void trap6BatchNormsMomentumIsTheWeightOfTheNewBatch() {
        Session session = new Session(1, Type.FLOAT64, 1);
        run(session, BatchNorm.of(), Mode.TRAIN, column(3, 5, 10)); // mean 6

        assertThat(session.state("running_mean").get(0)).isCloseTo(0.9 * 0 + 0.1 * 6, within(EXACT));
    }

    @Test
    void trap7TheRunningVarianceDividesByOneLess() {
        Session session = new Session(1, Type.FLOAT64, 1);
        double[] out = run(session, BatchNorm.of(), Mode.TRAIN, column(3, 5, 10)); // squares: 9 + 1 + 16 = 26

        assertThat(session.state("running_var").get(0)).isCloseTo(0.9 * 1 + 0.1 * 26 / 2, within(EXACT));
        assertThat(out[2]).isCloseTo(4 / Math.sqrt(26 / 3.0 + 1e-5), within(EXACT)); // while training, by all of them
    }

    @Test
    void trap8EpsilonOfNormsIsTheSmallOne() {
        double[] batch = run(new Session(1, Type.FLOAT64, 1), BatchNorm.of(), Mode.TRAIN, column(-0.01, 0.01));
        double[] layer =
                run(new Session(1, Type.FLOAT64, 1), LayerNorm.of(), Mode.TRAIN, Array.of(Shape.of(1, 2), -0.01, 0.01));
        double expected = 0.01 / Math.sqrt(1e-4 + 1e-5);

        assertThat(batch[1]).isCloseTo(expected, within(EXACT));
        assertThat(layer[1]).isCloseTo(expected, within(EXACT));
        assertThat(expected).isNotCloseTo(0.01 / Math.sqrt(1e-4 + 1e-3), within(0.5)); // Keras'
    }

    @Test
    void trap9LeakyReluLeaksAHundredth() {
        Layer layer = layer("type = 'leaky_relu'");

        assertThat(layer).isEqualTo(new LeakyRelu(0.01));
        assertThat(run(new Session(1, Type.FLOAT64, 1), layer, Mode.EVAL, column(-2, 3)))
                .containsExactly(-0.02, 3);
    }

    @Test
    void trap10PaddingCountsInAveragesAndWindowsThatDoNotFitAreLeftOut() {
        Array x = Array.of(Shape.of(1, 1, 5), 6.0, 6, 6, 6, 6);
        Session session = new Session(1, Type.FLOAT64, 1);
        AvgPool pool = AvgPool.avgPool1d(3).stride(2).padding(1);

        assertThat(run(session, pool, Mode.EVAL, x)).containsExactly(4, 6, 4);
        assertThat(run(session, pool.withoutPadding(), Mode.EVAL, x)).containsExactly(6, 6, 6);
        assertThat(run(session, AvgPool.avgPool1d(2), Mode.EVAL, x)).hasSize(2);
        assertThat(run(session, AvgPool.avgPool1d(2).ceilMode(), Mode.EVAL, x)).containsExactly(6, 6, 6);
        assertThat(layer("type = 'avg_pool2d'\nkernel = 2")).isEqualTo(AvgPool.avgPool2d(2)); // floor, counted
    }

    /// Four numbers, windows of three at a stride of two: one zero is added, behind the last number. Half of it on each side
    /// does not exist, and PyTorch's `padding=1` would see the zero first.
    @Test
    void trap11SamePaddingWithAStrideIsLongerBehind() {
        Layer sums =
                Initialised.weights(Conv.conv1d(1, 3).stride(2).samePadding().withoutBias(), Initialisers.constant(1));
        Array x = Array.of(Shape.of(1, 1, 4), 1.0, 2, 4, 8);

        assertThat(run(new Session(1, Type.FLOAT64, 1), sums, Mode.EVAL, x)).containsExactly(1 + 2 + 4, 4 + 8);
    }

    @Test
    void trap12DropoutsNumberIsTheShareThatIsLeftOut() {
        double[] ones = new double[10_000];
        Arrays.fill(ones, 1);
        Array x = Array.of(Shape.of(100, 100), ones);
        double[] out = run(new Session(1, Type.FLOAT64, 1), layer("type = 'dropout'\np = 0.8"), Mode.TRAIN, x);

        // 2000 are expected; five deviations are 5·√(10,000·0.8·0.2) = 200.
        assertThat(Arrays.stream(out).filter(y -> y != 0).count()).isBetween(1800L, 2200L);
        assertThat(Arrays.stream(out).max().orElse(0)).isCloseTo(1 / 0.2, within(EXACT));
        assertThat(layer("type = 'dropout'\np = 0.8")).isEqualTo(Dropout.of(0.8));
    }

    @Test
    void trap13NormsAreClippedTogetherOrEachByItself() {
        Map<String, double[]> slopes = new LinkedHashMap<>();
        slopes.put("a", new double[] {3});
        slopes.put("b", new double[] {0.4});
        double whole = Math.hypot(3, 0.4) + 1e-6;

        assertThat(steps(new ClipByGlobalNorm(1), slopes))
                .containsExactly(new double[] {3 / whole, 0.4 / whole}, within(EXACT));
        assertThat(steps(new ClipByNorm(1), slopes)).containsExactly(new double[] {3 / (3 + 1e-6), 0.4}, within(EXACT));
        assertThat(rule("type = 'sgd'\nclip_norm = 1")).isEqualTo(new ClipByGlobalNorm(1).then(Sgd.of()));
        assertThat(rule("type = 'sgd'\nclip_each_norm = 1")).isEqualTo(new ClipByNorm(1).then(Sgd.of()));
    }

    /// Where a number that starts at 1 is after three steps with these slopes and learning rates.
    private static double descend(Rule rule) {
        Session session = new Session(1, Type.FLOAT64, 1);
        Optimizer optimizer = new Optimizer(progress -> RATES[(int) progress.step()], rule);
        for (int t = 0; t < RATES.length; t++) {
            List<Array> inputs = new ArrayList<>(List.of(Array.of(Shape.of(1), SLOPES[t])));
            inputs.addAll(optimizer.inputs(new Progress(t, 0, 1, t, RATES.length), Type.FLOAT64));
            session.eagerly(
                    Mode.TRAIN,
                    (scope, in) -> {
                        scope.parameter("w", Role.WEIGHT, Initial.constant(1), 1);
                        optimizer.update(scope, scope.parameters(), in.subList(0, 1), in.subList(1, in.size()));
                        return List.of();
                    },
                    inputs.toArray(Array[]::new));
        }
        return session.state("w").get(0);
    }

    /// What is subtracted from parameters with these slopes.
    private static double[] steps(Rule rule, Map<String, double[]> slopes) {
        Optimizer optimizer = Optimizer.of(1, Chain.of(rule, new ScaleByLearningRate()));
        Session session = new Session(1, Type.FLOAT64, 1);
        session.eagerly(
                Mode.TRAIN,
                (scope, in) -> {
                    List<Tensor> gradients = new ArrayList<>();
                    slopes.forEach((name, slope) -> {
                        Tensor w = scope.parameter(name, Role.WEIGHT, Initial.constant(0), slope.length);
                        gradients.add(w.tracer().constant(Array.of(Shape.of(slope.length), slope)));
                    });
                    optimizer.update(scope, scope.parameters(), gradients, in);
                    return List.of();
                },
                optimizer.inputs(Progress.START, Type.FLOAT64).toArray(Array[]::new));
        return slopes.keySet().stream()
                .mapToDouble(name -> -session.state(name).get(0))
                .toArray();
    }

    private static double[] run(Session session, Layer layer, Mode mode, Array x) {
        return session.eagerly(mode, (scope, in) -> List.of(layer.forward(scope, in.getFirst())), x)
                .getFirst()
                .toDoubles();
    }

    private static Array column(double... values) {
        return Array.of(Shape.of(values.length, 1), values);
    }

    private static Rule rule(String optimizer) {
        return parsed("[optimizer]\n" + optimizer).recipe(task()).optimizer().rule();
    }

    private static Layer layer(String keys) {
        return ((Sequential) parsed("[[model.layer]]\n" + keys).recipe(task()).model())
                .layers()
                .getFirst();
    }

    private static Configuration parsed(String toml) {
        return Configuration.parse("traps.toml", toml);
    }

    private static Task task() {
        return new Task(new Form.Row(List.of("x")), List.of(), null);
    }
}
