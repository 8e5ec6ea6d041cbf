package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Expect.value;
import static org.gradus.ops.Reductions.*;

import org.gradus.autodiff.Derivatives;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class ReductionsTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    private final Tensor x = tensor(Shape.of(2, 3), 1.0, 2.0, 3.0, 4.0, 4.0, -5.0);

    @Test
    void folds() {
        value(sum(x), 9);
        holds(sum(x, 0), 5, 6, -2);
        holds(sum(x, -1), 6, 3);
        value(mean(x), 1.5);
        holds(mean(x, 1), 2, 1);
        value(prod(x), -480);
        holds(prod(x, 1), 6, -80);
        holds(amax(x, 1), 3, 4);
        holds(amin(x, 0), 1, 2, -5);
        holds(amax(tensor(Shape.of(1, 2), 1.0, NAN), 1), NAN);
        value(mean(Eager.tensor(Shape.of(0), new double[0])), NAN);
        error("reduce-empty", () -> amax(counted(0, 2), 0), "[0, 2]");
        error("axis-twice", () -> sum(x, 0, -2));
        error("axis-range", () -> sum(x, 2));
        error("floating-needed", () -> mean(tensor(1, 2)));
        error("number-needed", () -> sum(tensor(true)));
    }

    @Test
    void keepPutsTheAxesBack() {
        holds(keep(sum(x, 1), x, 1), Shape.of(2, 1), 6, 3);
        holds(keep(sum(x), x), Shape.of(1, 1), 9);
        holds(x.minus(keep(mean(x, 1), x, -1)), Shape.of(2, 3), -1, 0, 1, 3, 3, -6);
    }

    @Test
    void extremesAndTheirPlaces() {
        holds(max(x, 1).values(), 3, 4);
        holds(max(x, 1).indices(), 2, 0);
        holds(min(x, -1).values(), 1, -5);
        holds(min(x, -1).indices(), 0, 2);
        holds(argmax(x, 0), 1, 1, 0);
        holds(argmin(x, 0), 0, 0, 1);
        assertThat(argmax(x, 0).type().type()).isEqualTo(Type.INT64);
        error("axis-range", () -> max(x, 2));
    }

    @Test
    void theFirstMaximumGetsTheGradientOrAllShareIt() {
        holds(Derivatives.grad(t -> max(t, 1).values().sum()).apply(x), Shape.of(2, 3), 0, 0, 1, 1, 0, 0);
        holds(Derivatives.grad(t -> amax(t, 1).sum()).apply(x), Shape.of(2, 3), 0, 0, 1, 0.5, 0.5, 0);
    }

    @Test
    void truthAndCounts() {
        Tensor t = tensor(Shape.of(2, 2), true, false, true, true);
        value(any(t), 1);
        holds(any(t, 1), 1, 1);
        holds(all(t, 1), 0, 1);
        holds(countNonzero(t, 0), 2, 1);
        holds(countNonzero(tensor(Shape.of(1, 3), 0, NAN, -2), 1), 2);
        value(any(counted(0)), 0);
        value(all(counted(0)), 1);
        assertThat(all(t).type().type()).isEqualTo(Type.BOOL);
    }

    @Test
    void variances() {
        Tensor t = tensor(Shape.of(2, 2), 1.0, 3.0, 5.0, 5.0);
        holds(var(t, 1, 1), 2, 0);
        holds(var(t, 0, 1), 1, 0);
        value(var(t, 0), 2.75);
        holds(std(t, 1, 1), Math.sqrt(2), 0);
        value(var(tensor(3.0), 1), NAN);
        double part = 1 / Math.sqrt(2);
        holds(Derivatives.grad(s -> std(s, 1, 1).sum()).apply(t), Shape.of(2, 2), -part, part, 0, 0);
    }

    @Test
    void logSumExpNeitherOverflowsNorLosesInfinities() {
        Tensor t = tensor(Shape.of(4, 2), 1000, 1000, -INF, -INF, INF, 0, NAN, 0);
        holds(logSumExp(t, 1), 1000 + Math.log(2), -INF, INF, NAN);
        value(logSumExp(tensor(0.0, 0.0, 0.0, 0.0)), Math.log(4));
        value(logSumExp(Eager.scalar(3.0)), 3);
        holds(
                Derivatives.grad(s -> logSumExp(s, 1).sum()).apply(t),
                Shape.of(4, 2),
                0.5,
                0.5,
                NAN,
                NAN,
                NAN,
                0,
                NAN,
                NAN);
    }

    @Test
    void norms() {
        Tensor t = tensor(Shape.of(2, 2), 3.0, -4.0, 0.0, 0.0);
        holds(norm(t, 2, 1), 5, 0);
        holds(norm(t, 1, 1), 7, 0);
        holds(norm(t, 3, 1), Math.cbrt(91), 0);
        holds(norm(t, 0.5, 1), 7 + 2 * Math.sqrt(12), 0);
        holds(norm(t, INF, 1), 4, 0);
        holds(norm(t, -INF, 1), 3, 0);
        holds(norm(t, 0, 1), 2, 0);
        value(norm(t, 2), 5);
        error("norm-order", () -> norm(t, -1, 1), "-1");
        error("norm-order", () -> norm(t, NAN, 1));
    }

    @Test
    void theNormOfZerosHasDerivativeZero() {
        for (double p : new double[] {0.5, 1, 1.5, 2, 3, INF}) {
            Tensor at = tensor(0.0, 0.0);
            holds(Derivatives.grad(t -> norm(t, p)).apply(at), 0, 0);
            holds(Derivatives.hessian(t -> norm(t, p), at), Shape.of(2, 2), 0, 0, 0, 0);
        }
        holds(Derivatives.grad(t -> norm(t, 2)).apply(tensor(3.0, 4.0)), 0.6, 0.8);
        holds(Derivatives.grad(t -> norm(t, 1)).apply(tensor(-3.0, 0.0)), -1, 0);
        holds(Derivatives.grad(t -> norm(t, INF)).apply(tensor(-3.0, 3.0)), -0.5, 0.5);
        holds(Derivatives.grad(t -> norm(t, 3)).apply(tensor(0.0, -2.0)), 0, -1);
    }
}
