package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Logic.*;

import org.gradus.autodiff.Derivatives;
import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class LogicTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    private final Tensor a = tensor(1, 2, 3, NAN);
    private final Tensor b = tensor(2.0, 2.0, 2.0, 2.0);

    @Test
    void comparisonsWithNanAreFalse() {
        holds(less(a, b), 1, 0, 0, 0);
        holds(less(a, 2), 1, 0, 0, 0);
        holds(lessEqual(a, b), 1, 1, 0, 0);
        holds(lessEqual(a, 2), 1, 1, 0, 0);
        holds(greater(a, b), 0, 0, 1, 0);
        holds(greater(a, 2), 0, 0, 1, 0);
        holds(greaterEqual(a, b), 0, 1, 1, 0);
        holds(greaterEqual(a, 2), 0, 1, 1, 0);
        holds(equal(a, b), 0, 1, 0, 0);
        holds(equal(a, 2), 0, 1, 0, 0);
        holds(notEqual(a, b), 1, 0, 1, 1);
        holds(notEqual(a, 2), 1, 0, 1, 1);
        assertThat(less(a, b).type().type()).isEqualTo(Type.BOOL);
        holds(less(tensor(1L, 2L), tensor(2L, 2L)), 1, 0);
    }

    @Test
    void truthValues() {
        Tensor p = tensor(true, true, false, false);
        Tensor q = tensor(true, false, true, false);
        holds(and(p, q), 1, 0, 0, 0);
        holds(or(p, q), 1, 1, 1, 0);
        holds(xor(p, q), 0, 1, 1, 0);
        holds(not(p), 0, 0, 1, 1);
        holds(equal(p, q), 1, 0, 0, 1);
        error("map-truth", () -> and(p, tensor(1, 1, 1, 1)));
        error("map-truth", () -> where(tensor(1.0), tensor(1.0), tensor(2.0)));
    }

    @Test
    void choicesAndTheirGradients() {
        Tensor c = tensor(true, false, true, false);
        holds(where(c, a, b), 1, 2, 3, 2);
        holds(where(c, a, 9), 1, 9, 3, 9);
        holds(where(c, 9, a), 9, 2, 9, NAN);
        holds(where(c, tensor(true, true, false, false), tensor(false, true, true, true)), 1, 1, 0, 1);
        holds(Derivatives.grad(t -> where(c, t, b).sum()).apply(a), 1, 0, 1, 0);
        holds(Derivatives.grad(t -> where(c, b, t).sum()).apply(a), 0, 1, 0, 1);
    }

    @Test
    void whatIsNoNumber() {
        Tensor odd = tensor(1, NAN, INF, -INF);
        holds(isNan(odd), 0, 1, 0, 0);
        holds(isFinite(odd), 1, 0, 0, 0);
        holds(isFinite(tensor(1, Integer.MAX_VALUE)), 1, 1);
        holds(isNan(tensor(1L)), 0);
        holds(nanToNum(odd), 1, 0, Double.MAX_VALUE, -Double.MAX_VALUE);
        holds(nanToNum(odd.to(Type.FLOAT32)), 1, 0, Float.MAX_VALUE, -Float.MAX_VALUE);
        holds(nanToNum(odd, 5, 6, 7), 1, 5, 6, 7);
        holds(nanToNum(tensor(1, 2)), 1, 2);
        holds(Derivatives.grad(t -> nanToNum(t).sum()).apply(odd), 1, 0, 0, 0);
    }
}
