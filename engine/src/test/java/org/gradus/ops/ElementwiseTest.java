package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.eager.Eager.scalar;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Elementwise.*;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;

import org.gradus.autodiff.Derivatives;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class ElementwiseTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    private final Tensor x = tensor(-2.5, -0.5, 0.5, 4.0);
    private final Tensor y = tensor(2.0, -2.0, 1.0, 4.0);

    @Test
    void arithmetic() {
        holds(add(x, y), -0.5, -2.5, 1.5, 8);
        holds(add(x, 1), -1.5, 0.5, 1.5, 5);
        holds(sub(x, y), -4.5, 1.5, -0.5, 0);
        holds(sub(x, 1), -3.5, -1.5, -0.5, 3);
        holds(sub(1, x), 3.5, 1.5, 0.5, -3);
        holds(mul(x, y), -5, 1, 0.5, 16);
        holds(mul(x, 2), -5, -1, 1, 8);
        holds(div(x, y), -1.25, 0.25, 0.5, 1);
        holds(div(x, 2), -1.25, -0.25, 0.25, 2);
        holds(div(1, y), 0.5, -0.5, 1, 0.25);
        holds(floorDivide(x, y), -2, 0, 0, 1);
        holds(floorDivide(x, 2), -2, -1, 0, 2);
        holds(remainder(x, y), 1.5, -0.5, 0.5, 0);
        holds(remainder(x, 2), 1.5, 1.5, 0.5, 0);
    }

    @Test
    void wholeNumbersStayWhole() {
        Tensor n = tensor(-7, 7, 8);
        holds(floorDivide(n, tensor(2, -2, 3)), -4, -4, 2);
        holds(remainder(n, 3), 2, 1, 2);
        holds(abs(n), 7, 7, 8);
        holds(sign(n), -1, 1, 1);
        holds(maximum(n, 0), 0, 7, 8);
        holds(clamp(n, -1, 7), -1, 7, 7);
        assertThat(square(n).type().type()).isEqualTo(Type.INT32);
    }

    @Test
    void extremesKeepNan() {
        Tensor odd = tensor(NAN, -INF, INF, 0);
        holds(maximum(odd, tensor(1.0, 1.0, 1.0, 1.0)), NAN, 1, INF, 1);
        holds(minimum(odd, tensor(1.0, 1.0, 1.0, 1.0)), NAN, -INF, 1, 0);
        holds(minimum(odd, 2), NAN, -INF, 2, 0);
        holds(clamp(odd, -1, 1), NAN, -1, 1, 0);
    }

    @Test
    void clampPassesTheGradientOnTheClosedInterval() {
        Tensor at = tensor(-1.5, -1.0, 0.0, 1.0, 1.5, NAN);
        holds(Derivatives.grad(t -> clamp(t, -1, 1).sum()).apply(at), 0, 1, 1, 1, 0, 0);
    }

    @Test
    void equalsShareTheGradientOfAMaximum() {
        Tensor at = tensor(0.0, 1.0, -1.0);
        holds(Derivatives.grad(t -> maximum(t, 0).sum()).apply(at), 0.5, 1, 0);
        holds(Derivatives.grad(t -> minimum(t, stopGradient(t)).sum()).apply(at), 0.5, 0.5, 0.5);
    }

    @Test
    void powers() {
        holds(pow(x, 2), 6.25, 0.25, 0.25, 16);
        holds(pow(tensor(4.0, 0.0, -8.0), 0.5), 2, 0, NAN);
        holds(pow(tensor(2.0, 3.0), tensor(3.0, -1.0)), 8, 1 / 3.0);
        holds(Derivatives.grad(t -> pow(t, 0).sum()).apply(tensor(0.0, 2.0)), 0, 0);
        holds(cube(x), -15.625, -0.125, 0.125, 64);
        holds(square(x), 6.25, 0.25, 0.25, 16);
        holds(reciprocal(y), 0.5, -0.5, 1, 0.25);
        holds(sqrt(tensor(4.0, -1.0)), 2, NAN);
        holds(rsqrt(tensor(4.0, 0.0)), 0.5, INF);
    }

    @Test
    void ways() {
        Tensor a = tensor(1.0, 1e20);
        Tensor b = tensor(3.0, 1.0);
        holds(lerp(a, b, 0.25), 1.5, 0.75e20);
        holds(lerp(a, b, 1), 3, 1);
        holds(lerp(a, b, tensor(0.0, 1.0)), 1, 1);
    }

    @Test
    void signsAndRounding() {
        Tensor t = tensor(-1.5, -0.5, 0.5, 1.5, 2.5, NAN);
        holds(abs(t), 1.5, 0.5, 0.5, 1.5, 2.5, NAN);
        holds(neg(t), 1.5, 0.5, -0.5, -1.5, -2.5, NAN);
        holds(sign(t), -1, -1, 1, 1, 1, 0);
        holds(floor(t), -2, -1, 0, 1, 2, NAN);
        holds(ceil(t), -1, 0, 1, 2, 3, NAN);
        holds(round(t), -2, 0, 0, 2, 2, NAN);
        holds(trunc(t), -1, 0, 0, 1, 2, NAN);
        holds(Derivatives.grad(s -> abs(s).plus(round(s)).plus(sign(s)).sum()).apply(tensor(-1.0, 0.0, 2.0)), -1, 0, 1);
    }

    @Test
    void exponentialsAndLogarithms() {
        Tensor t = tensor(1.0, 2.0, 1e-20);
        holds(exp(t), Math.E, Math.E * Math.E, 1);
        holds(expm1(t), Math.E - 1, Math.E * Math.E - 1, 1e-20);
        holds(log(t), 0, Math.log(2), Math.log(1e-20));
        holds(log1p(t), Math.log(2), Math.log(3), 1e-20);
        holds(log2(tensor(8.0, 0.5)), 3, -1);
        holds(log10(tensor(1000.0, 0.01)), 3, -2);
    }

    @Test
    void shapesBroadcastAndTypesDoNotMix() {
        holds(add(tensor(Shape.of(2, 1), 1.0, 2.0), tensor(10.0, 20.0)), Shape.of(2, 2), 11, 21, 12, 22);
        holds(cast(tensor(1.9, -1.9), Type.INT64), 1, -1);
        error("mixed-types", () -> add(tensor(1.0), tensor(1f)), "float64", "float32");
        error("broadcast", () -> add(tensor(1.0, 2.0), tensor(1.0, 2.0, 3.0)), "[2]", "[3]");
        error("floating-needed", () -> exp(tensor(1, 2)), "exp", "int32");
        error("whole-needed", () -> mul(tensor(1, 2), 0.5), "int32", "0.5");
    }

    @Test
    void stopGradientIsAConstant() {
        Tensor at = tensor(2.0, 3.0);
        holds(stopGradient(at), 2, 3);
        holds(Derivatives.grad(t -> t.times(stopGradient(t)).sum()).apply(at), 2, 3);
        holds(Derivatives.jvp(t -> t.times(stopGradient(t)), at, tensor(1.0, 1.0)), 2, 3);
        assertThat(stopGradient(scalar(1f)).item()).isEqualTo(1);
    }
}
