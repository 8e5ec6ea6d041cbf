package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.nn.Initialisers.Fan;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InitialisersTest {
    private static final TensorType KERNEL = TensorType.of(Type.FLOAT64, 40, 20, 5, 5); // fan in 500, fan out 1000
    private static final Philox RANDOM = Philox.of(3, Philox.stream("weight", -1), 0);
    private static final double ROOT_3 = Math.sqrt(3);

    static Stream<Arguments> scales() {
        return Stream.of(
                row("uniform", Initialisers.uniform(-2, 2), 2 / ROOT_3, 2),
                row("normal", Initialisers.normal(0, 3), 3, 20),
                row("truncated normal", Initialisers.truncatedNormal(0, 1), 0.8796257, 2),
                row("xavier uniform", Initialisers.xavierUniform(1), Math.sqrt(2.0 / 1500), Math.sqrt(6.0 / 1500)),
                row("xavier normal", Initialisers.xavierNormal(2), 2 * Math.sqrt(2.0 / 1500), 1),
                row(
                        "he uniform",
                        Initialisers.heUniform(Fan.IN, Initialisers.RELU_GAIN),
                        Math.sqrt(2.0 / 500),
                        Math.sqrt(6.0 / 500)),
                row("he normal out", Initialisers.heNormal(Fan.OUT, Initialisers.RELU_GAIN), Math.sqrt(2.0 / 1000), 1),
                row("lecun uniform", Initialisers.lecunUniform(), Math.sqrt(1.0 / 500), ROOT_3 * Math.sqrt(1.0 / 500)),
                row("lecun normal", Initialisers.lecunNormal(), Math.sqrt(1.0 / 500), 1),
                row("orthogonal", Initialisers.orthogonal(1), Math.sqrt(1.0 / 500), 1));
    }

    /// 20,000 numbers: the deviation of the sample's deviation is below 0.5 % of it.
    @ParameterizedTest
    @MethodSource("scales")
    void theScaleIsThatOfTheFormula(Initial initial, double deviation, double bound) {
        double[] values = initial.values(KERNEL, RANDOM).toDoubles();

        assertThat(Arrays.stream(values).average().orElseThrow())
                .isCloseTo(0, within(4 * deviation / Math.sqrt(20_000)));
        assertThat(Math.sqrt(Arrays.stream(values).map(v -> v * v).average().orElseThrow()))
                .isCloseTo(deviation, within(0.02 * deviation));
        assertThat(Arrays.stream(values).map(Math::abs).max().orElseThrow()).isLessThanOrEqualTo(bound);
    }

    @ParameterizedTest
    @MethodSource("scales")
    void seedAndPathAloneDecide(Initial initial, double deviation, double bound) {
        TensorType type = TensorType.of(Type.FLOAT32, 3, 5);

        assertThat(initial.values(type, RANDOM).toDoubles())
                .isEqualTo(initial.values(type, RANDOM).toDoubles())
                .isNotEqualTo(initial.values(type, Philox.of(4, Philox.stream("weight", -1), 0))
                        .toDoubles());
    }

    @Test
    void constantsAreConstant() {
        assertThat(Initialisers.constant(0.1)
                        .values(TensorType.of(Type.FLOAT64, 3), RANDOM)
                        .toDoubles())
                .containsExactly(0.1, 0.1, 0.1);
    }

    @Test
    void aTruncatedNormalStaysInItsRange() {
        double[] values = Initialisers.truncatedNormal(1, 2, 0, 1.5)
                .values(KERNEL, RANDOM)
                .toDoubles();

        assertThat(Arrays.stream(values).min().orElseThrow()).isBetween(0.0, 0.001);
        assertThat(Arrays.stream(values).max().orElseThrow()).isBetween(1.499, 1.5);
        assertThat(Arrays.stream(values).distinct().count()).isEqualTo(values.length);
        assertThatThrownBy(() -> Initialisers.truncatedNormal(0, 1, 9, 10).values(KERNEL, RANDOM))
                .hasMessageContaining("hardly anything falls within [9.0, 10.0]");
    }

    @ParameterizedTest
    @MethodSource("matrices")
    void theShorterSideOfAnOrthogonalMatrixIsPerpendicular(int rows, int columns) {
        double[] w = Initialisers.orthogonal(2)
                .values(TensorType.of(Type.FLOAT64, rows, columns), RANDOM)
                .toDoubles();
        int vectors = Math.min(rows, columns);
        for (int i = 0; i < vectors; i++) {
            for (int j = 0; j < vectors; j++) {
                double product = 0;
                for (int k = 0; k < Math.max(rows, columns); k++) {
                    product += rows <= columns
                            ? w[i * columns + k] * w[j * columns + k]
                            : w[k * columns + i] * w[k * columns + j];
                }
                assertThat(product).isCloseTo(i == j ? 4 : 0, within(1e-14));
            }
        }
    }

    static Stream<Arguments> matrices() {
        return Stream.of(
                Arguments.of(1, 1), Arguments.of(4, 4), Arguments.of(3, 7), Arguments.of(7, 3), Arguments.of(64, 64));
    }

    @Test
    void fansArePyTorchs() {
        assertThat(Initialisers.fan(Shape.of(7, 5), Fan.IN)).isEqualTo(5);
        assertThat(Initialisers.fan(Shape.of(7, 5), Fan.OUT)).isEqualTo(7);
        assertThat(Initialisers.fan(Shape.of(8, 3, 2, 4), Fan.IN)).isEqualTo(24);
        assertThat(Initialisers.fan(Shape.of(8, 3, 2, 4), Fan.OUT)).isEqualTo(64);
        assertThatThrownBy(() -> Initialisers.fan(Shape.of(7), Fan.IN)).hasMessageContaining("the parameter is [7]");
    }

    @Test
    void theIdentityPassesInputsOn() {
        assertThat(Initialisers.identity()
                        .values(TensorType.of(Type.FLOAT64, 2, 3), RANDOM)
                        .toDoubles())
                .containsExactly(1, 0, 0, 0, 1, 0);
        assertThat(Initialisers.identity()
                        .values(TensorType.of(Type.FLOAT64, 2, 1, 3), RANDOM)
                        .toDoubles())
                .containsExactly(0, 1, 0, 0, 0, 0);
    }

    @Test
    void sparseColumnsHaveTheirShareOfZeros() {
        double[] w = Initialisers.sparse(0.3, 0.01)
                .values(TensorType.of(Type.FLOAT64, 10, 4), RANDOM)
                .toDoubles();
        for (int column = 0; column < 4; column++) {
            int zeros = 0;
            for (int row = 0; row < 10; row++) {
                zeros += w[row * 4 + column] == 0 ? 1 : 0;
            }
            assertThat(zeros).isEqualTo(3);
        }
    }

    private static Arguments row(String name, Initial initial, double deviation, double bound) {
        return Arguments.of(Named.of(name, initial), deviation, bound);
    }
}
