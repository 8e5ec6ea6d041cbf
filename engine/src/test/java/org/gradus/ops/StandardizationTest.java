package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.gradus.autodiff.Derivatives;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class StandardizationTest {
    private static final double EPS = 1e-5;
    private static final Tensor COLUMN = Eager.tensor(Shape.of(5, 1), 0.3, -1.2, 2.5, 0.7, 0.1);
    private static final Tensor CUBE =
            Eager.tensor(Shape.of(2, 3, 2), 0.3, -1.2, 2.5, 0.7, 0.1, 1.9, -0.4, 0.8, 1.1, -2.3, 0.6, 0.2);

    @Test
    void meanIsZeroAndVarianceOne() {
        Standardization.Result found = Standardization.standardize(COLUMN, 0, 0);

        assertThat(found.mean().item()).isCloseTo(0.48, within(1e-15));
        assertThat(found.variance().item()).isCloseTo(Reductions.var(COLUMN, 0).item(), within(1e-15));
        assertThat(found.values().mean().item()).isCloseTo(0, within(1e-15));
        assertThat(found.values().squared().mean().item()).isCloseTo(1, within(1e-15));
    }

    /// The lecture's Jacobian, element by element: dy_i / dx_j = (δ_ij - (1 + y_i y_j) / m) / √(variance + eps).
    @Test
    void theJacobianIsTheLectures() {
        Tensor jacobian =
                Derivatives.jacobian(x -> Standardization.standardize(x, EPS, 0).values(), COLUMN);

        Standardization.Result found = Standardization.standardize(COLUMN, EPS, 0);
        double scale = 1 / Math.sqrt(found.variance().item() + EPS);
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                double product =
                        found.values().array().get(i) * found.values().array().get(j);
                double expected = ((i == j ? 1 : 0) - (1 + product) / 5) * scale;
                assertThat(jacobian.array().get(5 * i + j)).isCloseTo(expected, within(1e-14));
            }
        }
    }

    /// No scaling, one number for each mean, one for several means, and several for each.
    static final List<List<Shape>> SCALED = List.of(
            List.of(),
            List.of(Shape.of(3, 1), Shape.of(1, 3, 1)),
            List.of(Shape.of(1), Shape.of(1, 1, 1)),
            List.of(Shape.of(2), Shape.of(3, 2)),
            List.of(Shape.of(2, 3, 2), Shape.of(2, 1, 1)));

    @ParameterizedTest
    @FieldSource("SCALED")
    void theClosedGradientsAreThoseOfTheDefinition(List<Shape> scaled) {
        Standardization op = new Standardization(List.of(0, 2), EPS);
        List<Tensor> scaling = scaled.stream().map(StandardizationTest::numbers).toList();
        for (int output = 0; output < 3; output++) {
            int at = output;
            for (int input = 0; input < (output == 0 ? 1 + scaling.size() : 1); input++) {
                int by = input;
                UnaryOperator<Tensor> closed = x -> {
                    List<Tensor> inputs = with(scaling, by, x);
                    Standardization.Result found =
                            Standardization.standardize(inputs.get(0), inputs.subList(1, inputs.size()), EPS, 0, 2);
                    return weighted(List.of(found.values(), found.mean(), found.variance())
                            .get(at));
                };
                UnaryOperator<Tensor> derived =
                        x -> weighted(op.define(with(scaling, by, x)).get(at));
                UnaryOperator<UnaryOperator<Tensor>> moved = f -> x -> Derivatives.jvp(f, x, x.squared());
                Tensor point = by == 0 ? CUBE : scaling.get(by - 1);
                same(
                        Derivatives.grad(closed).apply(point),
                        Derivatives.grad(derived).apply(point));
                same(moved.apply(closed).apply(point), moved.apply(derived).apply(point));
                same(
                        Derivatives.hessianVector(closed, point, point.tanh()),
                        Derivatives.hessianVector(derived, point, point.tanh()));
            }
        }
    }

    private static Tensor numbers(Shape shape) {
        return Eager.tensor(
                shape,
                IntStream.range(0, shape.count())
                        .mapToDouble(i -> 0.7 + Math.sin(3 * i))
                        .toArray());
    }

    /// The inputs of the op, with `x` in the place of one of them.
    private static List<Tensor> with(List<Tensor> scaling, int place, Tensor x) {
        List<Tensor> inputs = new ArrayList<>(scaling);
        inputs.addFirst(CUBE);
        inputs.set(place, x);
        return inputs;
    }

    /// Rows whose first number, which is the centre, lies anywhere: of `n` numbers it costs the variance at most about
    /// `n` roundings, and that only where no other number differs; mostly there are as many as the sums take.
    @Test
    void theCentreMayLieAnywhere() {
        int count = 1000;
        SplittableRandom random = new SplittableRandom(7);
        double[][] rows = new double[6][];
        double[] first = {0, 1, 4, -30, 1e4, 3e-5};
        double[] offset = {0, 0, 100, 1e4, 0, 1e-3};
        double[] spread = {1, 1, 1, 1, 1e-3, 1e-6};
        for (int row = 0; row < rows.length; row++) {
            int at = row;
            rows[row] = random.doubles(count)
                    .map(u -> offset[at] + spread[at] * (u - 0.5))
                    .toArray();
            rows[row][0] += first[at];
        }
        for (double[] row : rows) {
            Tensor x = Eager.tensor(Shape.of(1, count), row).to(Type.FLOAT32);
            Tensor exact = x.to(Type.FLOAT64);
            Standardization.Result found = Standardization.standardize(x, 0, 1);
            double mean = exact.mean().item();
            double variance = exact.minus(mean).squared().mean().item();
            double away = exact.array().get(0) - mean;
            double lost = 1 + away * away / variance;
            double rounding = Math.ulp(1f);
            assertThat(lost).isLessThan(count + 1);
            assertThat(found.variance().item()).isCloseTo(variance, within(variance * 8 * lost * rounding));
            assertThat(found.mean().item())
                    .isCloseTo(mean, within(8 * rounding * (Math.abs(mean) + Math.sqrt(lost * variance))));
        }
    }

    /// The mean of equal numbers is rounded, which must not make a variance less than nothing.
    @Test
    void equalNumbersHaveNoVariance() {
        Tensor x = Constants.fullLike(Eager.tensor(Shape.of(3000, 2), new float[6000]), 0.1);

        Standardization.Result found = Standardization.standardize(x, EPS, 0);

        assertThat(Arrays.stream(found.variance().array().toDoubles()))
                .allMatch(variance -> variance >= 0 && variance < 1e-14);
        assertThat(Arrays.stream(found.values().array().toDoubles())).allMatch(y -> Math.abs(y) < 1e-4);
    }

    @Test
    void aSumGoesToAShapeThatBroadcastsOnly() {
        assertThat(CUBE.sumTo(Shape.of(3, 1)).array().toDoubles())
                .containsExactly(CUBE.sum(0, 2).array().toDoubles());
        assertThatThrownBy(() -> CUBE.sumTo(Shape.of(2, 2, 3)))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("[2, 2, 3]");
    }

    /// A sum with unequal slopes.
    private static Tensor weighted(Tensor y) {
        return y.times(y.sigmoid()).sum();
    }

    private static void same(Tensor found, Tensor expected) {
        assertThat(found.shape()).isEqualTo(expected.shape());
        assertThat(found.array().toDoubles()).containsExactly(expected.array().toDoubles(), within(1e-13));
    }
}
