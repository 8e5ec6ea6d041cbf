package org.gradus.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.expr.Formula;
import org.gradus.graph.Definition;
import org.gradus.graph.Graph;
import org.gradus.graph.Named;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Functions;
import org.gradus.ops.Logic;
import org.gradus.ops.Scans;
import org.gradus.ops.Views;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DerivativesTest {
    @Test
    void gradientOfASum() {
        Tensor gradient = Derivatives.grad(x -> x.squared().sum()).apply(Eager.tensor(1.0, -2.0, 3.0));
        assertThat(gradient.array().toDoubles()).containsExactly(2, -4, 6);
        assertThat(gradient.tracer().isRecording()).isFalse();
    }

    @Test
    void valueAndGradientsOfSeveralArguments() {
        var result = Derivatives.valueAndGrad(
                x -> x.get(0).times(x.get(1)).sum(), List.of(Eager.tensor(1.0, 2.0), Eager.tensor(3.0, 4.0)));
        assertThat(result.value().item()).isEqualTo(11);
        assertThat(result.gradients().get(0).array().toDoubles()).containsExactly(3, 4);
        assertThat(result.gradients().get(1).array().toDoubles()).containsExactly(1, 2);
    }

    @Test
    void gradientsNest() {
        Tensor third = Derivatives.grad(
                        Derivatives.grad(Derivatives.grad(x -> x.squared().squared())))
                .apply(Eager.scalar(2.0));
        assertThat(third.item()).isEqualTo(48);
    }

    /// d/dx (x · d/du (u · x)) = d/dx (x · x) = 2 x: the inner function captures x, and its u is not x.
    @Test
    void aCapturedArgumentIsNoVariable() {
        Tensor gradient = Derivatives.grad(
                        x -> x.times(Derivatives.grad(u -> u.times(x)).apply(x)))
                .apply(Eager.scalar(3.0));
        assertThat(gradient.item()).isEqualTo(6);
    }

    /// The same with the inner derivative taken at a plain number: d/dx (x · d/dy (x + y)) = d/dx (x · 1) = 1.
    @Test
    void anInnerDerivativeAtANumberSeesTheOuterVariable() {
        Tensor one = Eager.scalar(1.0);
        Tensor gradient = Derivatives.grad(
                        x -> x.times(Derivatives.grad(y -> x.plus(y)).apply(one)))
                .apply(Eager.scalar(3.0));
        assertThat(gradient.item()).isEqualTo(1);
        Tensor product = Derivatives.grad(
                        x -> Derivatives.grad(y -> x.squared().times(y)).apply(one))
                .apply(Eager.scalar(3.0));
        assertThat(product.item()).isEqualTo(6);
    }

    @Test
    void aDerivativeThatIsNaNIsFoundWhereverItStands() {
        Formula bad = Formula.unary("bad", x -> x.squared())
                .derivative((x, y) -> x.less(0).select(x.literal(Double.NaN), x.times(2)));
        for (double[] at : new double[][] {{-1, 2}, {2, -1}}) {
            assertThatThrownBy(() -> Derivatives.checkGradients(x -> Tensor.map(bad, x), Eager.tensor(at))
                            .demand(1e-6))
                    .hasMessageContaining("NaN");
        }
    }

    @Test
    void sweepsSkipWhatHasNoDerivative() {
        Sweeps sweeps = Sweeps.of(
                List.of("x"),
                List.of(Eager.scalar(2.0)),
                in -> List.of(Logic.where(Logic.greater(in.get(0), 0), in.get(0).squared(), in.get(0))),
                "x",
                0);
        assertThat(sweeps.rows()).extracting(Sweeps.Row::name).containsExactly("a1", "a2", "a3");
    }

    @Test
    void emptySlicesHaveGradients() {
        Tensor gradient = Derivatives.grad(x -> Views.narrow(x, 0, 2, 0).sum().plus(x.sum()))
                .apply(Eager.tensor(1.0, 2.0));
        assertThat(gradient.array().toDoubles()).containsExactly(1, 1);
    }

    @Test
    void cumulativeProductsOverInfinityHaveTheirGradient() {
        Tensor gradient =
                Derivatives.grad(x -> Scans.cumprod(x, 0).sum()).apply(Eager.tensor(2, Double.POSITIVE_INFINITY, 2));
        assertThat(gradient.array().toDoubles()).containsExactly(Double.POSITIVE_INFINITY, 6, Double.POSITIVE_INFINITY);
    }

    /// A literal is of the tensor's type, as in PyTorch: 0.1 equals 0.1f.
    @Test
    void literalsHaveTheTensorsType() {
        assertThat(Logic.equal(Eager.tensor(0.1f), 0.1).array().get(0)).isEqualTo(1);
        assertThat(Logic.greater(Eager.tensor(0.1f), 0.1).array().get(0)).isEqualTo(0);
    }

    @Test
    void independentArgumentsHaveZeroGradients() {
        Tensor gradient = Derivatives.grad(x -> Eager.scalar(1.0)).apply(Eager.tensor(1.0, 2.0));
        assertThat(gradient.array().toDoubles()).containsExactly(0, 0);
    }

    @Test
    void jacobianOfMoreOutputsThanInputsAndFewer() {
        Tensor x = Eager.tensor(2.0, 3.0);
        Tensor tall = Derivatives.jacobian(v -> v.reshape(2, 1).matmul(v.reshape(1, 2)), x);
        assertThat(tall.shape()).isEqualTo(Shape.of(2, 2, 2));
        assertThat(tall.array().toDoubles()).containsExactly(4, 0, 3, 2, 3, 2, 0, 6);
        Tensor wide = Derivatives.jacobian(v -> v.squared().sum().reshape(1), x);
        assertThat(wide.shape()).isEqualTo(Shape.of(1, 2));
        assertThat(wide.array().toDoubles()).containsExactly(4, 6);
    }

    /// The Jacobian of a composition is the product of the Jacobians (lecture, slide 4.2).
    @Test
    void jacobiansMultiply() {
        Tensor x = Eager.tensor(0.3, -0.7, 1.1);
        Tensor w = Eager.tensor(Shape.of(3, 2), 1, 2, -1, 0.5, 0.3, 0.7);
        Tensor z = x.reshape(1, 3).matmul(w).reshape(2);
        Tensor both = Derivatives.jacobian(
                v -> Functions.sin(v.reshape(1, 3).matmul(w).reshape(2)), x);
        Tensor product = Derivatives.jacobian(Functions::sin, z)
                .matmul(Derivatives.jacobian(v -> v.reshape(1, 3).matmul(w).reshape(2), x));
        assertThat(both.array().toDoubles())
                .containsExactly(product.array().toDoubles(), org.assertj.core.data.Offset.offset(1e-15));
    }

    @Test
    void hessianAndHessianVectorProduct() {
        Tensor at = Eager.tensor(1.0, 2.0);
        java.util.function.UnaryOperator<Tensor> f =
                v -> v.squared().times(v).sum().plus(v.sum().squared());
        Tensor hessian = Derivatives.hessian(f, at);
        assertThat(hessian.array().toDoubles()).containsExactly(8, 2, 2, 14);
        Tensor product = Derivatives.hessianVector(f, at, Eager.tensor(1.0, -1.0));
        assertThat(product.array().toDoubles()).containsExactly(6, -12);
    }

    @Test
    void jvpAndVjpOfAMatrixProduct() {
        Tensor w = Eager.tensor(Shape.of(2, 2), 1, 2, 3, 4.0);
        Tensor x = Eager.tensor(Shape.of(1, 2), 5, 6.0);
        Tensor u = Eager.tensor(Shape.of(1, 2), 1, -1.0);
        assertThat(Derivatives.jvp(v -> v.matmul(w), x, u).array().toDoubles()).containsExactly(-2, -2);
        assertThat(Derivatives.vjp(v -> v.matmul(w), x, u).array().toDoubles()).containsExactly(-1, -1);
    }

    @Test
    void castsCarryDerivativesBetweenFloatsAndStopAtIntegers() {
        Tensor x = Eager.tensor(1.5f, 2.5f);
        Tensor gradient =
                Derivatives.grad(v -> v.to(Type.FLOAT64).squared().sum()).apply(x);
        assertThat(gradient.type().type()).isEqualTo(Type.FLOAT32);
        assertThat(gradient.array().toDoubles()).containsExactly(3, 5);
        Tensor stopped =
                Derivatives.grad(v -> v.to(Type.INT64).to(Type.FLOAT32).sum()).apply(x);
        assertThat(stopped.array().toDoubles()).containsExactly(0, 0);
    }

    @Test
    void stopGradientStops() {
        Tensor gradient = Derivatives.grad(
                        v -> v.times(Elementwise.stopGradient(v)).sum())
                .apply(Eager.tensor(3.0));
        assertThat(gradient.array().toDoubles()).containsExactly(3);
    }

    /// A branch that is not taken gives no NaN, though its own derivative is infinite there.
    @Test
    void whatIsShutOutIsZero() {
        Tensor gradient = Derivatives.grad(v -> Logic.where(Logic.greater(v, 0), v.squared(), v.negated())
                        .sum())
                .apply(Eager.tensor(-1.0, 2.0));
        assertThat(gradient.array().toDoubles()).containsExactly(-1, 4);
    }

    /// Rounds, and passes the cotangent straight through: a rule that disagrees with the definition on purpose.
    private record StraightThrough() implements Definition {
        @Override
        public String name() {
            return "round-straight-through";
        }

        @Override
        public List<Tensor> define(List<Tensor> inputs) {
            return List.of(Elementwise.round(inputs.get(0)));
        }

        @Override
        public List<@Nullable Tensor> pullback(
                List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
            return cotangents;
        }

        @Override
        public boolean custom() {
            return true;
        }
    }

    @Test
    void customRulesAreUsed() {
        Tensor gradient = Derivatives.grad(x -> x.tracer()
                        .applyOne(new Named(new StraightThrough()), x)
                        .times(3)
                        .sum())
                .apply(Eager.tensor(0.4, 1.6));
        assertThat(gradient.array().toDoubles()).containsExactly(3, 3);
    }

    @Test
    void aTracedGradientIsAGraph() {
        Trace trace = new Trace();
        Tensor x = trace.input("x", Eager.tensor(1.0, 2.0).type());
        Graph graph = trace.finish(List.of(Derivatives.grad(v -> v.tanh().sum()).apply(x)));
        assertThat(graph.toString()).contains("tanh-gradient").contains("DerivativesTest.java:");
    }

    @Test
    void additionsNeedNoValuesOfTheirOperands() {
        Trace trace = new Trace();
        Tensor x = trace.input("x", Eager.tensor(1.0, 2.0).type());
        Graph graph = trace.finish(
                Derivatives.valueAndGrad(v -> v.get(0).plus(v.get(1)).sum(), List.of(x, x))
                        .gradients());
        assertThat(graph.live())
                .as("the gradient of a sum is ones, whatever was summed")
                .noneMatch(node ->
                        node.op().name().startsWith("add") || node.inputs().contains(x));
    }

    @Test
    void gradientsOfManyNumbersAndOfIntegersAreRefused() {
        assertThatThrownBy(() -> Derivatives.grad(x -> x).apply(Eager.tensor(1.0, 2.0)))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("belongs to one number")
                .hasMessageContaining("jacobian");
        assertThatThrownBy(() -> Derivatives.grad(x -> x.sum()).apply(Eager.tensor(1L, 2L)))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("Only floats have derivatives");
    }

    @Test
    void aTensorThatWasNotRecordedIsRefused() {
        Tensor x = Eager.tensor(1.0);
        Tensor y = x.squared().sum();
        assertThatThrownBy(() -> Reverse.gradients(y, List.of(x)))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("not recorded");
    }

    @Test
    void aWrongDerivativeIsFound() {
        GradientCheck check =
                GradientCheck.of(x -> x.times(Elementwise.stopGradient(x)), Eager.tensor(2.0, 3.0)); // says x, is 2 x
        assertThat(check.error()).isGreaterThan(0.4);
        assertThatThrownBy(() -> check.demand(1e-6)).hasMessageContaining("argument 0");
        assertThatThrownBy(() -> GradientCheck.of(x -> x, Eager.tensor(1f))).hasMessageContaining("float64");
    }

    @Test
    void bothSweepsOfTheLecture() {
        double w0 = 0.3;
        double w1 = 0.7;
        double x = 2;
        Sweeps sweeps = Sweeps.of(
                List.of("w0", "w1", "x"),
                List.of(Eager.scalar(w0), Eager.scalar(w1), Eager.scalar(x)),
                in -> {
                    Tensor u = in.get(1).times(in.get(2)).plus(in.get(0));
                    return List.of(Functions.sin(u), Functions.cos(u));
                },
                "w1",
                1);
        double u = w1 * x + w0;
        double[] values = {w0, w1, x, w1 * x, u, Math.sin(u), Math.cos(u)};
        double[] forward = {0, 1, 0, x, x, x * Math.cos(u), -x * Math.sin(u)};
        double s = -Math.sin(u);
        double[] reverse = {s, x * s, w1 * s, s, s, 0, 1};
        for (int i = 0; i < 7; i++) {
            Sweeps.Row row = sweeps.rows().get(i);
            assertThat(row.name()).isEqualTo("a" + (i + 1));
            assertThat(row.value().get(0)).isCloseTo(values[i], org.assertj.core.data.Offset.offset(1e-15));
            assertThat(row.forward().get(0)).isCloseTo(forward[i], org.assertj.core.data.Offset.offset(1e-15));
            assertThat(row.reverse().get(0)).isCloseTo(reverse[i], org.assertj.core.data.Offset.offset(1e-15));
        }
        assertThat(sweeps.toString()).isEqualToNormalizingNewlines("""
                evaluation                  value          ∂a/∂w1          ∂y2/∂a
                a1 = w0                  0.300000        0.000000       -0.991665
                a2 = w1                  0.700000        1.000000       -1.983330
                a3 = x                   2.000000        0.000000       -0.694165
                a4 = a2 × a3             1.400000        2.000000       -0.991665
                a5 = a4 + a1             1.700000        2.000000       -0.991665
                a6 = sin(a5) = y1        0.991665       -0.257689        0.000000
                a7 = cos(a5) = y2       -0.128844       -1.983330        1.000000
                """);
        assertThat(sweeps.toSvg())
                .startsWith("<svg")
                .contains("a7 = cos(a5) = y2")
                .contains("∂y2/∂a1 -0.991665");
    }

    @Test
    void float32IsComputedInItsOwnPrecision() {
        Array gradient =
                Derivatives.grad(v -> v.exp().sum()).apply(Eager.tensor(1f)).array();
        assertThat(gradient.type().type()).isEqualTo(Type.FLOAT32);
        assertThat(gradient.get(0)).isEqualTo((float) Math.exp(1));
    }
}
