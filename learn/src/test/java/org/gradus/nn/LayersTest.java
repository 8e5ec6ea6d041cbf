package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.junit.jupiter.api.Test;

class LayersTest {
    private final Session session = new Session(1, Type.FLOAT64);

    @Test
    void aCausalLayerSeesNothingOfWhatComesLater() {
        List<Layer> layers = List.of(
                new MultiheadAttention(2, true, 0, true, true),
                new TransformerEncoderLayer(2, 4, 0, Activation.RELU, 1e-5, false, true, true),
                new TransformerDecoderLayer.Remembering(
                        (_, x) -> x.times(0), 2, 4, 0, Activation.RELU, 1e-5, false, true, true));
        for (Layer layer : layers) {
            Session session = new Session(3, Type.FLOAT64);
            Step step = session.step("s", Scope.Mode.EVAL, (scope, in) -> List.of(layer.forward(scope, in.getFirst())));
            double[] numbers = new Random(1).doubles(12).toArray();
            Array before = step.run(Array.of(Shape.of(1, 3, 4), numbers.clone()))
                    .getFirst()
                    .to(Type.FLOAT64);
            numbers[11] = 5; // of the last place
            Array after = step.run(Array.of(Shape.of(1, 3, 4), numbers)).getFirst();
            assertThat(Arrays.copyOf(after.toDoubles(), 8)).isEqualTo(Arrays.copyOf(before.toDoubles(), 8));
            assertThat(before.toDoubles()[8]).isNotEqualTo(after.toDoubles()[8]);
        }
    }

    @Test
    void linearIsAMatrixProductAndASum() {
        session.setState("weight", Array.of(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6));
        session.setState("bias", Array.of(Shape.of(2), 0.5, -0.5));

        Array y = run(Linear.of(2), Array.of(Shape.of(2, 3), 1.0, 0, -1, 2, 2, 2));

        assertThat(y.shape()).isEqualTo(Shape.of(2, 2));
        assertThat(y.toDoubles()).containsExactly(-1.5, -2.5, 12.5, 29.5);
    }

    @Test
    void linearWithoutBiasHasAWeightAlone() {
        session.setState("weight", Array.of(Shape.of(1, 2), 1.0, 2));

        Array y = run(new Linear(1, false), Array.of(Shape.of(1, 2), 3.0, 4));

        assertThat(y.toDoubles()).containsExactly(11);
        assertThat(session.states()).extracting(StateKey::path).containsExactly("weight");
    }

    @Test
    void linearWorksAlongTheLastAxis() {
        assertThat(run(Linear.of(5), Array.of(Shape.of(2, 3, 4), new double[24]))
                        .shape())
                .isEqualTo(Shape.of(2, 3, 5));
    }

    @Test
    void linearStartsUniformBelowOneOverTheRootOfItsInputs() {
        run(Linear.of(100), Array.of(Shape.of(1, 400), new double[400]));

        for (String path : List.of("weight", "bias")) {
            double[] values = session.state(path).toDoubles();
            assertThat(Arrays.stream(values).max().orElseThrow()).isBetween(0.045, 0.05);
            assertThat(Arrays.stream(values).min().orElseThrow()).isBetween(-0.05, -0.045);
            assertThat(Arrays.stream(values).distinct().count()).isEqualTo(values.length);
        }
    }

    @Test
    void anotherNumberOfFeaturesIsToldWithPathAndShapes() {
        Layer model = Sequential.of(new Flatten(), Linear.of(3));
        run(model, Array.of(Shape.of(2, 2, 2), new double[8]));

        assertThatThrownBy(() -> run(model, Array.of(Shape.of(2, 3, 3), new double[18])))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("`1` (Linear): the input has 9 features, so that `weight` would be [3, 9].")
                .hasMessageContaining("[3, 4]")
                .hasMessageContaining("float64[2, 9]")
                .hasMessageContaining("LayersTest.java");
    }

    @Test
    void aScalarHasNoFeatures() {
        assertThatThrownBy(() -> run(Linear.of(3), Array.of(Shape.SCALAR, 1.0)))
                .hasMessageContaining("(Linear): the input needs an axis of features");
        assertThatThrownBy(() -> run(new Flatten(), Array.of(Shape.SCALAR, 1.0)))
                .hasMessageContaining("Flatten keeps the first axis");
    }

    @Test
    void aLayerHasOutputs() {
        assertThatThrownBy(() -> Linear.of(0)).hasMessageContaining("at least 1 output, but was given 0");
        assertThatThrownBy(Mlp::of).hasMessageContaining("no width");
    }

    @Test
    void flattenKeepsTheFirstAxis() {
        assertThat(run(new Flatten(), Array.of(Shape.of(2, 3, 4), new double[24]))
                        .shape())
                .isEqualTo(Shape.of(2, 12));
        assertThat(run(new Flatten(), Array.of(Shape.of(5), new double[5])).shape())
                .isEqualTo(Shape.of(5, 1));
        assertThat(run(new Flatten(), Array.of(Shape.of(0, 3), new double[0])).shape())
                .isEqualTo(Shape.of(0, 3));
    }

    @Test
    void activationsWorkElementwise() {
        Array x = Array.of(Shape.of(3), -1.0, 0, 2);

        assertThat(run(Activation.RELU, x).toDoubles()).containsExactly(0, 0, 2);
        assertThat(run(Activation.TANH, x).toDoubles())
                .containsExactly(new double[] {Math.tanh(-1), 0, Math.tanh(2)}, within(1e-15));
        assertThat(run(Activation.SIGMOID, x).toDoubles())
                .containsExactly(new double[] {1 / (1 + Math.E), 0.5, 1 / (1 + Math.exp(-2))}, within(1e-15));
    }

    @Test
    void sequentialNamesItsLayersByNumber() {
        run(Sequential.of(Linear.of(3), Activation.RELU, Sequential.of(Linear.of(2))), new double[8]);

        assertThat(session.states())
                .extracting(StateKey::path)
                .containsExactly("0.weight", "0.bias", "2.0.weight", "2.0.bias");
        assertThat(run(Sequential.of(), Array.of(Shape.of(1), 7.0)).toDoubles()).containsExactly(7);
    }

    @Test
    void anMlpIsItsLayers() {
        Mlp mlp = Mlp.of(5, 3, 2);
        double[] x = {1, 2, 3, 4, 5, 6, 7, 8};

        assertThat(mlp.layers())
                .isEqualTo(Sequential.of(Linear.of(5), Activation.RELU, Linear.of(3), Activation.RELU, Linear.of(2)));
        assertThat(run(mlp, x).toDoubles()).isEqualTo(run(mlp.layers(), x).toDoubles());
        assertThat(run(mlp, Array.of(Shape.of(2, 2, 2), x)).shape()).isEqualTo(Shape.of(2, 2));
        assertThat(session.states())
                .extracting(StateKey::toString)
                .startsWith(
                        "0.weight: float64[5, 4] weight", "0.bias: float64[5] bias", "2.weight: float64[3, 5] weight");
        assertThat(mlp).hasToString("Mlp[widths=[5, 3, 2], activation=RELU]");
    }

    @Test
    void aWholeModelGivesTheSameTracedAndEagerly() {
        Array x = Array.of(Shape.of(2, 4), 1.0, 2, 3, 4, 5, 6, 7, 8);
        Layer model = Mlp.of(5, 2);

        Array traced = session.step("test", Scope.Mode.EVAL, (scope, in) -> List.of(model.forward(scope, in.get(0))))
                .run(x)
                .get(0);

        assertThat(traced.toDoubles()).isEqualTo(run(model, x).toDoubles());
    }

    private Array run(Layer layer, double[] x) {
        return run(layer, Array.of(Shape.of(2, 4), x));
    }

    private Array run(Layer layer, Array x) {
        return session.eagerly(Scope.Mode.EVAL, (scope, inputs) -> List.of(layer.forward(scope, inputs.get(0))), x)
                .get(0);
    }
}
