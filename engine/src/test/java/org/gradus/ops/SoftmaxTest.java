package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.CrossEntropy.crossEntropy;
import static org.gradus.ops.Expect.close;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Expect.value;
import static org.gradus.ops.LogSoftmax.logSoftmax;
import static org.gradus.ops.Softmax.softmax;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gradus.autodiff.Derivatives;
import org.gradus.autodiff.GradientCheck;
import org.gradus.base.Shape;
import org.gradus.graph.Definition;
import org.gradus.graph.Named;
import org.gradus.graph.Tensor;
import org.gradus.ops.CrossEntropy.Reduction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SoftmaxTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final Tensor CLASSES = tensor(2L, 0L);

    private final Tensor x = tensor(Shape.of(2, 3), 0.5, -1.0, 2.0, 1.0, 1.0, 1.0);

    static Stream<Definition> definitions() {
        return Stream.of(
                new Softmax(1),
                new Softmax(0),
                new LogSoftmax(1),
                new LogSumExp(List.of(1)),
                new LogSumExp(List.of(0, 1)),
                new CrossEntropy(Reduction.MEAN),
                new CrossEntropy(Reduction.SUM),
                new CrossEntropy(Reduction.NONE));
    }

    /// The rules and the definition's own derivative are the same up to some roundings.
    @ParameterizedTest
    @MethodSource("definitions")
    void rulesAgreeWithTheDefinition(Definition definition) {
        UnaryOperator<Tensor> ruled = t ->
                t.tracer().apply(new Named(definition), inputs(definition, t)).get(0);
        UnaryOperator<Tensor> defined =
                t -> definition.define(inputs(definition, t)).get(0);
        Tensor y = defined.apply(x);
        holds(ruled.apply(x), y.shape(), y.array().toDoubles());
        Tensor cotangent = counted(y.shape().sizes()).plus(0.5);
        close(Derivatives.vjp(ruled, x, cotangent), 1e-14, numbers(Derivatives.vjp(defined, x, cotangent)));
        Tensor tangent = counted(2, 3).minus(1.7);
        close(Derivatives.jvp(ruled, x, tangent), 1e-14, numbers(Derivatives.jvp(defined, x, tangent)));
        GradientCheck.of(ruled, x).demand(1e-7);
        // The rules are differentiable themselves.
        UnaryOperator<Tensor> number = t -> ruled.apply(t).squared().sum();
        close(
                Derivatives.hessian(number, x),
                1e-13,
                numbers(Derivatives.hessian(t -> defined.apply(t).squared().sum(), x)));
    }

    @Test
    void softmaxAddsUpToOne() {
        Tensor t = tensor(Shape.of(2, 3), 0.0, Math.log(2), Math.log(5), 1000.0, 1000.0, -1000.0);
        holds(softmax(t, -1), Shape.of(2, 3), 0.125, 0.25, 0.625, 0.5, 0.5, 0);
        holds(logSoftmax(t, -1).exp(), Shape.of(2, 3), 0.125, 0.25, 0.625, 0.5, 0.5, 0);
        holds(softmax(counted(1, 2), 0), Shape.of(1, 2), 1, 1);
        error("axis-range", () -> softmax(t, 2));
        error("floating-needed", () -> softmax(tensor(1, 2), 0));
    }

    @Test
    void infinitiesAsInPyTorch() {
        Tensor t = tensor(Shape.of(4, 2), -INF, 0, INF, 0, -INF, -INF, NAN, 0);
        holds(softmax(t, 1), Shape.of(4, 2), 0, 1, NAN, NAN, NAN, NAN, NAN, NAN);
        holds(logSoftmax(t, 1), Shape.of(4, 2), -INF, 0, NAN, NAN, NAN, NAN, NAN, NAN);
        Tensor ones = counted(4, 2).times(0).plus(1);
        holds(Derivatives.vjp(s -> softmax(s, 1), t, ones), Shape.of(4, 2), 0, 0, NAN, NAN, NAN, NAN, NAN, NAN);
        holds(Derivatives.vjp(s -> logSoftmax(s, 1), t, ones), Shape.of(4, 2), 1, -1, NAN, NAN, NAN, NAN, NAN, NAN);
    }

    @Test
    void crossEntropyOfOneAndManyAxes() {
        Tensor logits = tensor(Shape.of(2, 2), 0.0, Math.log(3), 1000.0, 0.0);
        Tensor classes = tensor(0, 0);
        holds(crossEntropy(logits, classes, Reduction.NONE), Math.log(4), 0);
        value(crossEntropy(logits, classes, Reduction.SUM), Math.log(4));
        value(crossEntropy(logits, classes), Math.log(4) / 2);
        holds(
                Derivatives.grad(t -> crossEntropy(t, classes)).apply(logits),
                Shape.of(2, 2),
                (0.25 - 1) / 2,
                0.75 / 2,
                0,
                0);
        value(crossEntropy(tensor(0.0, 0.0), org.gradus.eager.Eager.tensor(Shape.SCALAR, 1L)), Math.log(2));
        Tensor image = counted(1, 2, 1, 2).times(0);
        Tensor labels = tensor(Shape.of(1, 1, 2), 0L, 1L);
        holds(crossEntropy(image, labels, Reduction.NONE), Shape.of(1, 1, 2), Math.log(2), Math.log(2));
    }

    @Test
    void crossEntropyNeedsClassesOfTheRightShape() {
        error("cross-entropy-classes", () -> crossEntropy(x, tensor(1L)), "integers [2]", "int64[1]");
        error("cross-entropy-classes", () -> crossEntropy(x, tensor(1.0, 0.0)), "float64[2]");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> crossEntropy(x, tensor(3L, 0L))))
                .hasMessageContaining("3");
    }

    private static List<Tensor> inputs(Definition definition, Tensor x) {
        return definition instanceof CrossEntropy ? List.of(x, CLASSES) : List.of(x);
    }

    private static double[] numbers(Tensor x) {
        return x.array().toDoubles();
    }
}
