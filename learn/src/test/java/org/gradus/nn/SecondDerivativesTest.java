package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gradus.autodiff.Derivatives;
import org.gradus.autodiff.GradientCheck;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.gradus.nn.LayerCases.LayerCase;
import org.gradus.ops.LogSoftmax;
import org.gradus.run.Session;
import org.gradus.run.StepFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every layer and loss: the derivatives of its gradient against central differences of that, reverse and forward over
/// reverse; and every loss compiled as eagerly.
class SecondDerivativesTest {
    /// As for first derivatives: the gradient is a function like any other.
    private static final double DIFFERENCE = 1e-7;

    static Stream<LayerCase> layers() {
        return LayerCases.all();
    }

    /// By input and parameters, all with all: the slope mixes the gradients of all of them.
    @ParameterizedTest
    @MethodSource("layers")
    void ofLayersByInputAndParameters(LayerCase given) {
        Session session = new Session(3, Type.FLOAT64);
        Shape out = given.shape(session, Mode.TRAIN);
        List<String> parameters = LayerGradientsTest.parameters(session);
        Function<List<Tensor>, Tensor> f = LayerGradientsTest.function(given, session, Mode.TRAIN, out, parameters);
        List<Tensor> point = LayerGradientsTest.point(given, session, parameters);

        GradientCheck check = GradientCheck.of(xs -> slope(f, xs), point);

        assertThat(check.error()).as("%s: %s", given, check).isLessThan(DIFFERENCE);
    }

    private static Tensor slope(Function<List<Tensor>, Tensor> f, List<Tensor> at) {
        List<Tensor> gradients = Derivatives.valueAndGrad(f, at).gradients();
        Tensor slope = null;
        for (int i = 0; i < at.size(); i++) {
            Tensor part = gradients
                    .get(i)
                    .times(constant(at.get(i), at.get(i).shape(), 7 + i))
                    .sum();
            slope = slope == null ? part : slope.plus(part);
        }
        return java.util.Objects.requireNonNull(slope);
    }

    static Stream<Arguments> losses() {
        return Stream.concat(LossesTest.pointwise(), PairLossTest.losses());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void ofLosses(Loss loss, Tensor output, Tensor labels) {
        check(loss.toString(), x -> loss.of(x, labels), output);
    }

    static Stream<Arguments> pairs() {
        return LossesTest.paired();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void ofLossesOfPairs(String name, Function<List<Tensor>, Tensor> loss) {
        Tensor others = Eager.tensor(noise(Shape.of(4, 3), 2));
        check(
                name,
                x -> loss.apply(List.of(x, others, others.plus(0.5))).sum(),
                Eager.tensor(noise(Shape.of(4, 3), 3)));
    }

    @Test
    void ofSequencesOfLabels() {
        check("ctc", SecondDerivativesTest::ctc, Eager.tensor(noise(Shape.of(4, 2, 3), 4)));
    }

    @Test
    void compiledSequencesOfLabelsEqualEagerOnes() {
        compiledEqualsEager("ctc", in -> ctc(in.get(0)), List.of(noise(Shape.of(4, 2, 3), 4)));
    }

    private static Tensor ctc(Tensor x) {
        Tracer tracer = x.tracer();
        Tensor labels = tracer.constant(Array.of(Shape.of(2, 2), 1L, 1, 2, 0));
        Tensor times = tracer.constant(Array.of(Shape.of(2), 4L, 3));
        Tensor lengths = tracer.constant(Array.of(Shape.of(2), 2L, 1));
        return Ctc.losses(LogSoftmax.logSoftmax(x, 2), labels, times, lengths, 0)
                .sum();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void compiledLossesOfPairsEqualEagerOnes(String name, Function<List<Tensor>, Tensor> loss) {
        compiledEqualsEager(
                name,
                in -> loss.apply(List.of(
                                in.get(0), in.get(0).times(2).tanh(), in.get(0).sigmoid()))
                        .sum(),
                List.of(noise(Shape.of(4, 3), 3)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void compiledLossesEqualEagerOnes(Loss loss, Tensor output, Tensor labels) {
        compiledEqualsEager(
                loss.toString(), in -> loss.of(in.get(0), in.get(1)), List.of(output.array(), labels.array()));
        if (loss instanceof PointwiseLoss each) {
            compiledEqualsEager(
                    loss + ", each", in -> each.each(in.get(0), in.get(1)), List.of(output.array(), labels.array()));
        }
    }

    /// Values, and the gradient by the first of the inputs.
    private static void compiledEqualsEager(String what, Function<List<Tensor>, Tensor> loss, List<Array> at) {
        StepFunction step = (scope, in) -> {
            Tensor y = loss.apply(in);
            List<Tensor> results = new ArrayList<>(List.of(y));
            results.addAll(Reverse.gradients(y.sum(), List.of(in.get(0))));
            return results;
        };
        Session session = new Session(1, Type.FLOAT64);
        Array[] inputs = at.toArray(Array[]::new);
        List<Array> eager = session.eagerly(Mode.TRAIN, step, inputs);
        List<Array> compiled = session.step("loss", Mode.TRAIN, step).run(inputs);

        for (int i = 0; i < eager.size(); i++) {
            // 200 elementwise steps of 4 halves of an ulp, relative to numbers of at most 100
            assertThat(compiled.get(i).toDoubles())
                    .as("%s, result %s", what, i)
                    .containsExactly(eager.get(i).toDoubles(), within(4 * 0x1p-53 * 200 * 100));
        }
    }

    private static void check(String what, UnaryOperator<Tensor> f, Tensor at) {
        GradientCheck check = GradientCheck.of(xs -> slope(ys -> f.apply(ys.get(0)), xs), List.of(at));
        assertThat(check.error()).as("%s: %s", what, check).isLessThan(DIFFERENCE);
    }

    private static Tensor constant(Tensor x, Shape shape, long seed) {
        return x.tracer().constant(noise(shape, seed));
    }

    private static Array noise(Shape shape, long seed) {
        Philox random = Philox.of(seed, Philox.stream("noise", 0), 0);
        Array noise = Array.zeros(new TensorType(Type.FLOAT64, shape));
        for (int i = 0; i < noise.count(); i++) {
            noise.set(i, random.normal(Type.FLOAT64, i));
        }
        return noise;
    }
}
