package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Scaling;
import org.gradus.eager.Eager;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope.Mode;
import org.gradus.nn.Activation;
import org.gradus.nn.BatchNorm;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.GroupNorm;
import org.gradus.nn.Initialised;
import org.gradus.nn.Initialisers;
import org.gradus.nn.Initialisers.Fan;
import org.gradus.nn.InstanceNorm;
import org.gradus.nn.LayerNorm;
import org.gradus.nn.Linear;
import org.gradus.nn.Metric;
import org.gradus.nn.Sequential;
import org.gradus.nn.UnitSum;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Schedules;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;

/// What the lectures claim of training as a whole, shown with what the library measures.
class LecturesTest {
    private static final int DEPTH = 6;

    /// *Loss functions*: small Gaussian weights and sigmoids make gradients shrink from layer to layer; deep supervision keeps
    /// the early ones large.
    @Test
    void gradientsVanishAndDeepSupervisionKeepsThem() {
        Recipe plain = recipe(deep(Activation.SIGMOID, Initialisers.normal(0, 0.1), false));
        Auxiliary[] heads = new Auxiliary[DEPTH - 1];
        for (int i = 0; i < heads.length; i++) {
            heads[i] = Auxiliary.classifier(String.valueOf(2 * i), 10, Schedules.constant(0.3));
        }
        Map<String, Double> alone = inspect(plain).meanGradients();
        Map<String, Double> supervised = inspect(plain.with(heads)).meanGradients();

        for (int i = 1; i + 1 < DEPTH; i++) { // the first has other inputs: pixels
            assertThat(alone.get(2 * i + ".weight")).isLessThan(0.5 * alone.get(2 * i + 2 + ".weight"));
        }
        assertThat(alone.get("0.weight")).isLessThan(0.01 * alone.get(2 * DEPTH - 2 + ".weight"));
        for (String what : List.of("0.weight", "0.bias")) {
            assertThat(supervised.get(what)).isGreaterThan(100 * alone.get(what));
        }
    }

    /// *Making optimization easier*: products of weights vanish or explode in deep nets of relus, unless weights have He's
    /// scale or batch normalisation stands between.
    @Test
    void signalsKeepTheirSizeWithTheRightStart() {
        double small = growth(deep(Activation.RELU, Initialisers.normal(0, 0.05), false));
        double large = growth(deep(Activation.RELU, Initialisers.normal(0, 0.5), false));
        double right = growth(deep(Activation.RELU, Initialisers.heNormal(Fan.IN, Initialisers.RELU_GAIN), false));
        double normalised = growth(deep(Activation.RELU, Initialisers.normal(0, 0.05), true));

        // 64 inputs: each layer multiplies by √(64/2) times the deviation of its weights: 0.28, 2.8 and 1.
        assertThat(small).isBetween(0.14, 0.42);
        assertThat(large).isBetween(1.4, 4.2);
        assertThat(right).isBetween(0.5, 1.5);
        assertThat(normalised).isBetween(0.8, 1.25);
    }

    /// *Batch Normalization*: what a layer is given drifts while those before it learn; behind a normalisation it does not.
    @Test
    void whatLayersAreGivenDriftsUnlessItIsNormalised() {
        for (boolean normalised : new boolean[] {false, true}) {
            Layer model = deep(Activation.TANH, Initialisers.normal(0, 0.15), normalised);
            Events events = new Events();
            new Trainer(new Session(4, Type.FLOAT32), recipe(model).lasting(5).inspected(), events).fit(digits());
            List<Inspection.Moments> given = events.of(Event.Inspected.class)
                    .map(seen -> seen.layers().outputs().get(normalised ? "4" : "2"))
                    .toList();
            double drift =
                    Math.abs(given.getLast().deviation() / given.getFirst().deviation() - 1);

            // Both are the numbers before the second activation. The weights of the norm itself may move.
            assertThat(drift).as("normalised: %s, %s", normalised, given).matches(x -> normalised ? x < 0.15 : x > 0.3);
        }
    }

    /// *Why normalization helps*: the loss along the gradient, and how well a gradient predicts the next. Small steps change
    /// the loss by -η·‖g‖² and the gradient by hardly anything; long ones need not.
    @Test
    void theLossAlongTheGradientIsPredictedByIt() {
        Session session = new Session(2, Type.FLOAT64);
        Examples digits = digits().withFeatures(digits().features().to(Type.FLOAT64));
        Trainer trainer = new Trainer(session, recipe(deep(Activation.TANH, Initialisers.normal(0, 0.2), false)));
        Inspection here = trainer.inspect(digits);
        double square = here.gradients().values().stream()
                .mapToDouble(LecturesTest::squares)
                .sum();
        double off = Double.POSITIVE_INFINITY;
        for (double rate : new double[] {1e-2, 1e-3, 1e-4}) {
            here.gradients().forEach((path, g) -> session.setState(path, moved(session.state(path), g, -rate)));
            Inspection there = trainer.inspect(digits);
            here.gradients().forEach((path, g) -> session.setState(path, moved(session.state(path), g, rate)));
            double predicted = -rate * square;
            double error = Math.abs(there.loss() - here.loss() - predicted) / -predicted;
            double turned = Math.sqrt(here.gradients().keySet().stream()
                    .mapToDouble(path -> squares(
                            moved(there.gradients().get(path), here.gradients().get(path), -1)))
                    .sum());

            assertThat(error).as("rate %s", rate).isLessThan(0.2 * off); // it falls with the rate
            assertThat(turned / Math.sqrt(square)).as("rate %s", rate).isLessThan(1000 * rate);
            off = error;
        }
        assertThat(off).isLessThan(0.01);
    }

    /// *Loss functions*: classification error is not what is minimised.
    @Test
    void theLowerLossMayHaveTheHigherError() {
        var labels = Eager.tensor(0L, 0, 0, 0);
        // The first is right but never sure; the second is wrong once, by little, and sure of all else.
        var unsure = Eager.tensor(Shape.of(4, 2), 0.1, 0, 0.1, 0, 0.1, 0, 0.1, 0);
        var sure = Eager.tensor(Shape.of(4, 2), 5.0, 0, 5, 0, 5, 0, 0, 0.1);

        assertThat(CrossEntropyLoss.of().of(sure, labels).item())
                .isLessThan(CrossEntropyLoss.of().of(unsure, labels).item() / 2);
        assertThat(Metric.accuracy(unsure, labels).item()).isEqualTo(1);
        assertThat(Metric.accuracy(sure, labels).item()).isEqualTo(0.75);
    }

    /// *Why normalization helps*, its matrix of 4 examples and 6 features: which sums are equal afterwards.
    @Test
    void eachNormalisationKeepsItsOwnAxes() {
        double[] numbers = new double[24];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = 1 + (i * 7 + i / 5) % 11;
        }
        double[][] batch = rows(BatchNorm.of(), numbers);
        double[][] layer = rows(LayerNorm.of(), numbers);
        double[][] groups = rows(GroupNorm.of(2), numbers);
        double[][] shares = rows(new UnitSum(1), numbers);
        double[][] columns = rows(new UnitSum(0), numbers);

        for (int k = 0; k < 6; k++) {
            double[] column = {batch[0][k], batch[1][k], batch[2][k], batch[3][k]};
            assertStandard(column);
            assertThat(columns[0][k] + columns[1][k] + columns[2][k] + columns[3][k])
                    .isCloseTo(1, within(1e-12));
        }
        for (int i = 0; i < 4; i++) {
            assertStandard(layer[i]);
            assertStandard(Arrays.copyOfRange(groups[i], 0, 3));
            assertStandard(Arrays.copyOfRange(groups[i], 3, 6));
            assertThat(Arrays.stream(shares[i]).sum()).isCloseTo(1, within(1e-12));
        }
        double[] instance =
                run(InstanceNorm.of(), Array.of(Shape.of(1, 4, 6), numbers)); // rows as channels of one example
        assertStandard(Arrays.copyOfRange(instance, 6, 12));
    }

    private static void assertStandard(double[] numbers) {
        double mean = Arrays.stream(numbers).average().orElse(1);
        double square = Arrays.stream(numbers).map(x -> x * x).average().orElse(0);
        assertThat(mean).isCloseTo(0, within(1e-12));
        assertThat(square).isCloseTo(1, within(1e-4)); // eps is in the root
    }

    private static double[][] rows(Layer layer, double[] numbers) {
        double[] out = run(layer, Array.of(Shape.of(4, 6), numbers));
        double[][] rows = new double[4][];
        for (int i = 0; i < 4; i++) {
            rows[i] = Arrays.copyOfRange(out, 6 * i, 6 * i + 6);
        }
        return rows;
    }

    private static double[] run(Layer layer, Array x) {
        return new Session(1, Type.FLOAT64)
                .eagerly(Mode.TRAIN, (scope, in) -> List.of(layer.forward(scope, in.getFirst())), x)
                .getFirst()
                .toDoubles();
    }

    /// Linear layers 64 wide with an activation behind each, and a last one.
    private static Layer deep(Activation activation, Initial start, boolean normalised) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i + 1 < DEPTH; i++) {
            layers.add(Initialised.weights(Linear.of(64), start));
            if (normalised) {
                layers.add(BatchNorm.of());
            }
            layers.add(activation);
        }
        layers.add(Initialised.weights(Linear.of(10), start));
        return new Sequential(layers);
    }

    /// By what the deviation of the signals grows from layer to layer.
    private static double growth(Layer model) {
        Map<String, Inspection.Moments> outputs = inspect(recipe(model)).outputs();
        int each = outputs.size() > 2 * DEPTH ? 3 : 2;
        double first = outputs.get(String.valueOf(each - 2)).deviation(); // before the activation
        double last = outputs.get(String.valueOf((DEPTH - 2) * each + each - 2)).deviation();
        return Math.pow(last / first, 1.0 / (DEPTH - 2));
    }

    private static Inspection inspect(Recipe recipe) {
        return new Trainer(new Session(1, Type.FLOAT32), recipe).inspect(digits());
    }

    private static Recipe recipe(Layer model) {
        return Recipe.classifier(model, Optimizer.of(0.01, Adam.of()), 64, 1);
    }

    private static Examples digits() {
        Examples digits = Datasets.digits();
        return Scaling.standardizing(digits).apply(digits);
    }

    private static Array moved(Array from, Array by, double times) {
        Array to = Array.zeros(from.type());
        for (int i = 0; i < to.count(); i++) {
            to.set(i, from.get(i) + times * by.get(i));
        }
        return to;
    }

    private static double squares(Array array) {
        return Arrays.stream(array.toDoubles()).map(x -> x * x).sum();
    }
}
