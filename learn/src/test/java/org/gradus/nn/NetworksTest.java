package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NetworksTest {
    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of(new LeNet(10), TensorType.of(Type.FLOAT32, 2, 1, 28, 28), 431_080),
                Arguments.of(new BnConvNet(10), TensorType.of(Type.FLOAT32, 2, 3, 32, 32), 307_946),
                Arguments.of(new ResNet(20, 10), TensorType.of(Type.FLOAT32, 2, 3, 32, 32), 269_722));
    }

    /// Caffe's LeNet has 431,080 parameters, and the paper's ResNet-20 0.27 million.
    @ParameterizedTest
    @MethodSource("networks")
    void networksHaveTheSizeOfTheirPapers(Layer network, TensorType input, int parameters) {
        Session session = new Session(1, Type.FLOAT32);

        Array logits = run(session, network, Array.full(input, 0.5));

        assertThat(logits.shape()).isEqualTo(Shape.of(2, 10));
        assertThat(logits.toDoubles()).doesNotContain(Double.NaN);
        assertThat(session.states().stream()
                        .filter(key -> key.role().isTrained())
                        .mapToInt(key -> key.type().shape().count())
                        .sum())
                .isEqualTo(parameters);
    }

    @Test
    void pathsAreThoseOfTheLayers() {
        Session session = new Session(1, Type.FLOAT32);
        run(session, new ResNet(8, 10), Array.zeros(TensorType.of(Type.FLOAT32, 1, 3, 8, 8)));

        assertThat(session.states())
                .extracting(StateKey::path)
                .contains("conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight", "layer3.0.bn2.bias", "fc.bias")
                .doesNotContain("conv1.bias");
        assertThatThrownBy(() -> new ResNet(21, 10)).hasMessageContaining("6n + 2, such as 20, but was given 21");
    }

    @Test
    void leNetStartsAsCaffeDoes() {
        Session session = new Session(1, Type.FLOAT32);
        run(session, new LeNet(10), Array.zeros(TensorType.of(Type.FLOAT32, 1, 1, 28, 28)));

        double bound = Math.sqrt(3.0 / (20 * 25));
        assertThat(Arrays.stream(session.state("conv2.weight").toDoubles())
                        .map(Math::abs)
                        .max())
                .hasValueCloseTo(bound, within(0.01 * bound));
        assertThat(session.state("ip1.bias").toDoubles()).containsOnly(0);
    }

    private static Array run(Session session, Layer network, Array x) {
        return session.eagerly(Scope.Mode.EVAL, (scope, in) -> List.of(network.forward(scope, in.get(0))), x)
                .get(0);
    }
}
