package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.autodiff.Derivatives;
import org.gradus.base.Shape;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

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

    @Test
    void theClosedGradientsAreThoseOfTheDefinition() {
        Standardization op = new Standardization(List.of(0, 2), EPS);
        for (int output = 0; output < 3; output++) {
            int at = output;
            UnaryOperator<Tensor> closed = x -> {
                Standardization.Result found = Standardization.standardize(x, EPS, 0, 2);
                return weighted(
                        List.of(found.values(), found.mean(), found.variance()).get(at));
            };
            UnaryOperator<Tensor> derived = x -> weighted(op.define(List.of(x)).get(at));
            UnaryOperator<UnaryOperator<Tensor>> moved = f -> x -> Derivatives.jvp(f, x, x.squared());
            same(Derivatives.grad(closed).apply(CUBE), Derivatives.grad(derived).apply(CUBE));
            same(moved.apply(closed).apply(CUBE), moved.apply(derived).apply(CUBE));
            same(
                    Derivatives.hessianVector(closed, CUBE, CUBE.tanh()),
                    Derivatives.hessianVector(derived, CUBE, CUBE.tanh()));
        }
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
