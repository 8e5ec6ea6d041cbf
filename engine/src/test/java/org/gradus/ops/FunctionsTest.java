package org.gradus.ops;

import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.close;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Functions.*;

import org.gradus.autodiff.Derivatives;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class FunctionsTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    @Test
    void angles() {
        Tensor t = tensor(0.0, Math.PI / 6, Math.PI / 4);
        holds(sin(t), 0, 0.5, Math.sqrt(0.5));
        holds(cos(t), 1, Math.sqrt(0.75), Math.sqrt(0.5));
        holds(tan(t), 0, Math.sqrt(1 / 3.0), 1);
        holds(asin(tensor(0.5, 1, 2)), Math.PI / 6, Math.PI / 2, Double.NaN);
        holds(acos(tensor(0.5, 1.0)), Math.PI / 3, 0);
        holds(atan(tensor(1, INF)), Math.PI / 4, Math.PI / 2);
        holds(atan2(tensor(1.0, -1.0, 0.0), tensor(-1.0, 0.0, 0.0)), 3 * Math.PI / 4, -Math.PI / 2, 0);
        holds(hypot(tensor(3, 1e200), tensor(4, 1e200)), 5, Math.sqrt(2) * 1e200);
    }

    @Test
    void hyperbolics() {
        Tensor t = tensor(0.0, 1.0, -2.0);
        holds(sinh(t), 0, Math.sinh(1), -Math.sinh(2));
        holds(cosh(t), 1, Math.cosh(1), Math.cosh(2));
        holds(tanh(t), 0, Math.tanh(1), -Math.tanh(2));
        holds(asinh(sinh(t)), 0, 1, -2);
        holds(acosh(cosh(t)), 0, 1, 2);
        holds(atanh(tanh(t)), 0, 1, -2);
    }

    @Test
    void specialFunctions() {
        // Abramowitz, Stegun, tables 7.1, 6.1 and 6.3.
        close(erf(tensor(0.5, 2.0)), 1e-9, 0.5204998778, 0.9953222650);
        close(erfc(tensor(0.5, 2.0)), 1e-9, 0.4795001222, 0.0046777350);
        holds(lgamma(tensor(1.0, 5.0, 0.5)), 0, Math.log(24), Math.log(Math.PI) / 2);
        close(digamma(tensor(1.0, 2.0)), 1e-9, -0.5772156649, 0.4227843351);
        holds(
                Derivatives.grad(t -> digamma(t).sum()).apply(tensor(1.0, 0.5)),
                Math.PI * Math.PI / 6,
                Math.PI * Math.PI / 2);
    }

    @Test
    void logAddExpNeitherOverflowsNorLosesInfinities() {
        Tensor a = tensor(0, 1000, -INF, INF, -INF);
        Tensor b = tensor(0, 999, 3, INF, -INF);
        holds(logAddExp(a, b), Math.log(2), 1000 + Math.log1p(Math.exp(-1)), 3, INF, -INF);
        holds(Derivatives.grad(t -> logAddExp(t, b).sum()).apply(a), 0.5, 1 / (1 + Math.exp(-1)), 0, 0.5, 0.5);
    }
}
