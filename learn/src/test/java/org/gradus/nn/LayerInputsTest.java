package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.nn.Initialisers.Fan;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What layers say of inputs that they cannot take, and how their parameters start.
class LayerInputsTest {
    private final Session session = new Session(1, Type.FLOAT64);

    static Stream<Arguments> refused() {
        return Stream.of(
                row(Conv.conv2d(2, 3), "(Conv2d): the input needs the axes [batch, channels, height, width]", 3, 8, 8),
                row(Conv.conv2d(2, 3).groups(2), "(Conv2d): the input needs channels that 2 groups share", 1, 3, 8, 8),
                row(Conv.conv2d(2, 3), "does not fit into the input's spatial size [2, 8]", 1, 3, 2, 8),
                row(ConvTransposed.convTransposed1d(2, 3), "(ConvTransposed1d): the input needs the axes", 3, 8),
                row(MaxPool.maxPool2d(2), "(MaxPool2d): the input needs the axes", 3, 8),
                row(AvgPool.avgPool1d(2), "(AvgPool1d): the input needs the axes [batch, channels, length]", 3, 8),
                row(new GlobalAvgPool(), "(GlobalAvgPool): the input needs the axes", 8),
                row(BatchNorm.of(), "(BatchNorm): the input needs the axes", 8),
                row(GroupNorm.of(3), "(GroupNorm): the input needs channels that 3 groups share", 2, 4),
                row(InstanceNorm.of(), "(InstanceNorm): the input needs the axes", 2, 4),
                row(new LayerNorm(3, 1e-5, true), "(LayerNorm): the input needs the axes", 2, 4),
                row(Recurrent.of(Cell.LSTM, 3), "(Recurrent): the input needs the axes [time, batch, features]", 2, 4),
                row(MultiheadAttention.of(3), "(MultiheadAttention): the input needs features that 3 heads", 2, 2, 4),
                row(Embedding.of(3, 2), "(Embedding): the input needs row numbers", 2),
                row(
                        new Residual(Linear.of(3), Sequential.of()),
                        "(Residual): the input becomes [2, 3] in the body",
                        2,
                        4),
                row(new PixelShuffle(2), "(PixelShuffle): the input needs channels for 4 pixels each", 1, 3, 2, 2),
                row(Reshape.of(3, -1), "reshape: ", 2, 4),
                row(Permute.of(0, 2), "permute: ", 2, 4, 3),
                row(new Select(1, 4), "(Select): the input needs a position 4 on axis 1", 2, 4),
                row(new Glu(1), "(Glu): the input needs an even size on axis 1", 2, 3));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatALayerCannotTakeIsToldWithPathShapeAndOrigin(Layer layer, String said, TensorType input) {
        assertThatThrownBy(() -> run(Sequential.of(layer), Array.zeros(input)))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("`0`")
                .hasMessageContaining(said)
                .hasMessageContaining(input.toString())
                .hasMessageContaining("LayerInputsTest.java");
    }

    @Test
    void anotherNumberOfChannelsIsToldWithBothShapes() {
        Layer model = Sequential.of(Conv.conv2d(2, 3), BatchNorm.of());
        run(model, Array.zeros(TensorType.of(Type.FLOAT64, 2, 3, 4, 4)));

        assertThatThrownBy(() -> run(model, Array.zeros(TensorType.of(Type.FLOAT64, 2, 5, 4, 4))))
                .hasMessageContaining("`0` (Conv2d): the input has 5 channels, so that `weight` would be [2, 5, 3, 3].")
                .hasMessageContaining("[2, 3, 3, 3]")
                .hasMessageContaining("float64[2, 5, 4, 4]");
    }

    @Test
    void hyperParametersAreChecked() {
        assertThatThrownBy(() -> Conv.conv2d(0, 3)).hasMessageContaining("at least 1 output channel, but was given 0");
        assertThatThrownBy(() -> Conv.conv2d(3, 3).groups(2)).hasMessageContaining("groups to share them");
        assertThatThrownBy(() -> Conv.conv2d(3, 3, 3, 3)).hasMessageContaining("2 spatial axes takes 1 number or 2");
        assertThatThrownBy(() -> Recurrent.of(Cell.GRU, 4).projection(2)).hasMessageContaining("of an LSTM");
        assertThatThrownBy(() -> GroupNorm.of(0)).hasMessageContaining("at least 1 group");
        assertThatThrownBy(() -> Concat.of()).hasMessageContaining("at least 1 branch");
    }

    @Test
    void layersPrintAndCompareByTheirNumbers() {
        assertThat(Conv.conv2d(4, 3).padding(1).stride(2))
                .isEqualTo(Conv.conv2d(4, 3, 3).stride(2, 2).padding(1, 1))
                .isNotEqualTo(Conv.conv2d(4, 3));
        assertThat(Dropout.of(0.5)).hasToString("Dropout[p=0.5, form=INVERTED, channels=false]");
    }

    /// √(1 / fan in) bounds the uniform start: 2 channels of a group, 3x3 taps.
    @Test
    void convolutionsStartUniformByTheirFan() {
        run(Conv.conv2d(64, 3).groups(2), Array.zeros(TensorType.of(Type.FLOAT64, 1, 4, 4, 4)));

        for (String path : List.of("weight", "bias")) {
            double[] values = session.state(path).toDoubles();
            assertThat(Arrays.stream(values).map(Math::abs).max().orElseThrow())
                    .isBetween(0.9 / Math.sqrt(18), 1 / Math.sqrt(18));
        }
    }

    @Test
    void aWholeModelStartsOtherwise() {
        Layer model = Sequential.of(Linear.of(3), Initialised.weights(Linear.of(2), Initialisers.heNormal(Fan.IN, 1)));

        run(
                new Initialised(model, Map.of(Role.WEIGHT, Initial.constant(0.5))),
                Array.zeros(TensorType.of(Type.FLOAT64, 1, 4)));

        assertThat(session.state("0.weight").toDoubles()).containsOnly(0.5);
        assertThat(session.state("0.bias").toDoubles()).doesNotContain(0.5);
        assertThat(session.state("1.weight").toDoubles())
                .as("the outermost wins")
                .containsOnly(0.5);
        assertThat(session.state("1.bias").toDoubles()).containsOnly(0);
    }

    @Test
    void normalisedWeightsStartWithTheLengthOfOthers() {
        run(new WeightNorm(Linear.of(5)), Array.full(TensorType.of(Type.FLOAT64, 1, 300), 1));

        double[] lengths = session.state("weight_g").toDoubles();
        assertThat(lengths).hasSize(5);
        for (double length : lengths) { // √(300 · 1/3 · 1/300), of 300 numbers to some percent
            assertThat(length).isBetween(0.52, 0.63);
        }
    }

    @Test
    void paddingRowsStartAsZero() {
        run(new Embedding(3, 2, 1, false), Array.zeros(TensorType.of(Type.INT64, 1)));

        double[] table = session.state("weight").toDoubles();
        assertThat(Arrays.copyOfRange(table, 2, 4)).containsOnly(0);
        assertThat(table[0]).isNotZero();
    }

    private static Arguments row(Layer layer, String said, int... input) {
        return Arguments.of(layer, said, TensorType.of(Type.FLOAT64, input));
    }

    private void run(Layer layer, Array x) {
        session.eagerly(Scope.Mode.TRAIN, (scope, in) -> List.of(layer.forward(scope, in.get(0))), x);
    }
}
