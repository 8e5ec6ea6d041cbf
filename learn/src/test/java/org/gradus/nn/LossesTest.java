package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.autodiff.Derivatives;
import org.gradus.autodiff.GradientCheck;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.gradus.ops.LogSoftmax;
import org.gradus.ops.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LossesTest {
    /// Rounding and curvature err by about ε^(2/3) of the scale of the second and third derivatives, which are below
    /// 1000 here.
    private static final double TOLERANCE = 1000 * Math.pow(0x1p-52, 2.0 / 3);

    private static final Tensor CLASSES = Eager.tensor(2L, 0, 1, 2);
    private static final Tensor SIGNS = Eager.tensor(Shape.of(4, 3), 1.0, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, -1);
    private static final Tensor BITS = SIGNS.plus(1).div(2);

    private final Tensor logits = Eager.tensor(Shape.of(2, 3), 1.0, 2, 3, 1000, 0, 0);

    /// Losses of outputs `[4, 3]` and labels.
    static Stream<Arguments> pointwise() {
        Tensor x = numbers(1, 0);
        Tensor targets = numbers(2, 0);
        Tensor shares = numbers(3, 0).sigmoid();
        return Stream.of(
                Arguments.of(new L1Loss(), x, targets),
                Arguments.of(new MseLoss(), x, targets),
                Arguments.of(new HuberLoss(0.7), x, targets),
                Arguments.of(new SmoothL1Loss(0.7), x, targets),
                Arguments.of(new SmoothL1Loss(0), x, targets),
                Arguments.of(new BceLoss(), x.sigmoid(), shares),
                Arguments.of(BceWithLogitsLoss.of(), x, shares),
                Arguments.of(new BceWithLogitsLoss(List.of(0.5, 2.0, 3.0)), x, shares),
                Arguments.of(KlDivLoss.of(), x, shares),
                Arguments.of(new KlDivLoss(true), x, targets),
                Arguments.of(new HingeLoss(false), x, SIGNS),
                Arguments.of(new HingeLoss(true), x, SIGNS),
                Arguments.of(new HingeEmbeddingLoss(0.8), x, SIGNS),
                Arguments.of(new SoftMarginLoss(), x, SIGNS),
                Arguments.of(MultiMarginLoss.of(), x, CLASSES),
                Arguments.of(new MultiMarginLoss(2, 0.9, List.of(0.5, 2.0, 3.0)), x, CLASSES),
                Arguments.of(
                        new MultiLabelMarginLoss(),
                        x,
                        Eager.tensor(Shape.of(4, 3), 2L, -1, 0, 0, 1, -1, -1, 0, 0, 0, 1, 2)),
                Arguments.of(MultiLabelSoftMarginLoss.of(), x, BITS),
                Arguments.of(new MultiLabelSoftMarginLoss(List.of(0.5, 2.0, 3.0)), x, BITS),
                Arguments.of(PoissonNllLoss.of(), x, shares.times(5)),
                Arguments.of(new PoissonNllLoss(false, true), x.sigmoid(), shares.times(5)),
                Arguments.of(GaussianNllLoss.of(), Views.concat(-1, x, numbers(4, 0)), targets),
                Arguments.of(new GaussianNllLoss(true, 0.01), Views.concat(-1, x, numbers(4, 0)), targets),
                Arguments.of(NllLoss.of(), x, CLASSES),
                Arguments.of(new NllLoss(List.of(0.5, 2.0, 3.0), 1), x, CLASSES),
                Arguments.of(CrossEntropyLoss.of(), x, CLASSES),
                Arguments.of(
                        CrossEntropyLoss.of().weighted(0.5, 2, 3).smoothed(0.2).ignoring(0), x, CLASSES),
                Arguments.of(CrossEntropyLoss.of().weighted(0.5, 2, 3).smoothed(0.2), x, shares));
    }

    @ParameterizedTest
    @MethodSource("pointwise")
    void gradientsAgreeWithDifferencesInBothModes(PointwiseLoss loss, Tensor output, Tensor labels) {
        for (Loss form : List.of(loss, loss::each, loss.summed(), loss.perExample())) {
            GradientCheck.of(x -> form.of(x, labels), output).demand(TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("pointwise")
    void formsAreTheSameNumbersReduced(PointwiseLoss loss, Tensor output, Tensor labels) {
        double sum = loss.each(output, labels).sum().item();

        assertThat(loss.summed().of(output, labels).item()).isEqualTo(sum);
        assertThat(loss.perExample().of(output, labels).item()).isEqualTo(sum / 4);
    }

    static Stream<Arguments> labelled() {
        Tensor shares = numbers(3, 0).sigmoid();
        return Stream.of(
                Arguments.of(new BceLoss(), numbers(1, 0).sigmoid(), shares),
                Arguments.of(BceWithLogitsLoss.of(), numbers(1, 0), shares),
                Arguments.of(KlDivLoss.of(), numbers(1, 0), shares),
                Arguments.of(CrossEntropyLoss.of().smoothed(0.1), numbers(1, 0), shares));
    }

    @ParameterizedTest
    @MethodSource("labelled")
    void labelsHaveGradientsToo(PointwiseLoss loss, Tensor output, Tensor labels) {
        GradientCheck.of(x -> loss.each(x.get(0), x.get(1)), List.of(output, labels))
                .demand(TOLERANCE);
    }

    static Stream<Arguments> paired() {
        Tensor signs = Eager.tensor(1.0, -1, -1, 1);
        return Stream.of(
                paired("marginRanking", x -> PairedLosses.marginRanking(x.get(0), x.get(1), SIGNS, 0.3)),
                paired("cosineEmbedding", x -> PairedLosses.cosineEmbedding(x.get(0), x.get(1), signs, -0.9)),
                paired("tripletMargin", x -> PairedLosses.tripletMargin(x.get(0), x.get(1), x.get(2), 2, 2, false)),
                paired(
                        "tripletMargin, swapped",
                        x -> PairedLosses.tripletMargin(x.get(0), x.get(1), x.get(2), 2, 3, true)),
                paired(
                        "gaussianNll",
                        x -> PairedLosses.gaussianNll(
                                x.get(0), x.get(1), x.get(2).exp(), true, 1e-6)));
    }

    @ParameterizedTest
    @MethodSource("paired")
    void gradientsOfPairsAgreeWithDifferences(String name, Function<List<Tensor>, Tensor> loss) {
        GradientCheck.of(loss, List.of(numbers(1, 0), numbers(2, 0.5), numbers(3, -0.5)))
                .demand(TOLERANCE);
    }

    /// Every loss has its row here or in PairLossTest; a sum is tested with each of them.
    @Test
    void everyLossIsInATable() throws IOException, URISyntaxException, ClassNotFoundException {
        Set<Class<?>> losses = Declared.publicly(Loss.class);
        losses.removeAll(List.of(SummedLoss.class, PerPosition.class));
        assertThat(Stream.concat(pointwise(), PairLossTest.losses())
                        .<Class<?>>map(row -> row.get()[0].getClass())
                        .collect(Collectors.toSet()))
                .isEqualTo(losses);
        assertThat(paired().map(row -> row.get()[0].toString().replaceAll(",.*", ""))
                        .collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(PairedLosses.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .map(Method::getName)
                        .collect(Collectors.toSet()));
    }

    @Test
    void aLossPerPositionIsThatOfAllPositions() {
        Tensor output = random(8, Shape.of(2, 3, 4), 0);
        Tensor labels = Eager.tensor(Shape.of(2, 3), 0L, 1, 2, 3, 0, 1);
        PerPosition loss = new PerPosition(CrossEntropyLoss.of());

        assertThat(loss.of(output, labels).item())
                .isEqualTo(CrossEntropyLoss.of()
                        .of(output.reshape(6, 4), labels.reshape(6))
                        .item());
        assertThat(loss.of(output, labels, Eager.tensor(1.0, 0)).item())
                .isCloseTo(
                        CrossEntropyLoss.of()
                                        .of(Views.narrow(output, 0, 0, 1).reshape(3, 4), Views.select(labels, 0, 0))
                                        .item()
                                / 2,
                        within(1e-15));
        GradientCheck.of(x -> loss.of(x, labels), output).demand(TOLERANCE);
    }

    @Test
    void ctcSumsOverAllWaysToStretch() {
        // Two outputs for the one label 1: (1, 1), (1, blank) and (blank, 1).
        Tensor p = Eager.tensor(Shape.of(2, 1, 3), 0.5, 0.3, 0.2, 0.1, 0.6, 0.3);
        Tensor loss = Ctc.losses(p.log(), Eager.tensor(Shape.of(1, 1), 1L), Eager.tensor(2L), Eager.tensor(1L), 0);

        assertThat(loss.array().toDoubles())
                .containsExactly(new double[] {-Math.log(0.3 * 0.6 + 0.3 * 0.1 + 0.5 * 0.6)}, within(1e-15));
    }

    @Test
    void ctcOfWhatDoesNotFitIsInfinite() {
        Tensor p = Eager.tensor(Shape.of(2, 1, 2), 0.5, 0.5, 0.5, 0.5);

        assertThat(ctc(p, 2).array().toDoubles())
                .containsExactly(Double.POSITIVE_INFINITY); // 1 1 needs a blank between
        assertThat(ctc(p, 0).array().toDoubles()).containsExactly(new double[] {Math.log(4)}, within(1e-15));
    }

    @Test
    void ctcGradientsAgreeWithDifferences() {
        Tensor labels = Eager.tensor(Shape.of(2, 2), 1L, 1, 2, 0);
        GradientCheck.of(
                        x -> Ctc.losses(
                                LogSoftmax.logSoftmax(x, 2), labels, Eager.tensor(4L, 3), Eager.tensor(2L, 1), 0),
                        random(5, Shape.of(4, 2, 3), 0))
                .demand(TOLERANCE);
    }

    @Test
    void crossEntropyIsMinusTheLogOfTheRightProbability() {
        double first = -Math.log(Math.exp(1) / (Math.exp(1) + Math.exp(2) + Math.exp(3)));

        for (Loss loss : List.<Loss>of(Losses::crossEntropy, CrossEntropyLoss.of())) {
            assertThat(loss.of(logits, Eager.tensor(0L, 0L)).item()).isCloseTo(first / 2, within(1e-15));
            assertThat(loss.of(logits, Eager.tensor(0L, 1L)).item()).isCloseTo((first + 1000) / 2, within(1e-12));
        }
    }

    @Test
    void oneHotRowsAreProbabilities() {
        Tensor rows = Eager.tensor(Shape.of(2, 3), 0.0, 0, 1, 0, 1, 0);

        assertThat(CrossEntropyLoss.of().of(logits, rows).item())
                .isEqualTo(
                        CrossEntropyLoss.of().of(logits, Eager.tensor(2L, 1L)).item());
    }

    @Test
    void theThreeOutputUnitsHaveTheLecturesGradient() {
        // Identity and L2/2, logistic and binary cross-entropy, softmax and cross-entropy: all ŷ - y.
        Tensor z = numbers(1, 0);
        Tensor half =
                Derivatives.grad(x -> new MseLoss().summed().of(x, BITS).div(2)).apply(z);
        Tensor binary = Derivatives.grad(x -> BceWithLogitsLoss.of().summed().of(x, BITS))
                .apply(z);
        Tensor many = Derivatives.grad(x -> CrossEntropyLoss.of().summed().of(x, BITS))
                .apply(z);

        assertClose(half, z.minus(BITS));
        assertClose(binary, z.sigmoid().minus(BITS));
        Tensor rows = BITS.sum(1).reshape(4, 1);
        assertClose(many, LogSoftmax.logSoftmax(z, 1).exp().times(rows).minus(BITS));
    }

    @Test
    void extremeLogitsHaveExactLosses() {
        Tensor x = Eager.tensor(-800.0, -200, 200, 800);
        Tensor y = Eager.tensor(0.0, 0, 1, 0);

        assertThat(BceWithLogitsLoss.of().each(x, y).array().toDoubles())
                .containsExactly(new double[] {0, Math.exp(-200), Math.exp(-200), 800}, within(1e-99));
    }

    @Test
    void nothingThatCountsIsNaNWithoutAGradient() {
        Loss loss = CrossEntropyLoss.of();
        Tensor none = Eager.tensor(-100L, -100L);

        assertThat(loss.of(logits, none).item()).isNaN();
        assertThat(Derivatives.grad(x -> loss.of(x, none)).apply(logits).array().toDoubles())
                .containsOnly(0);
    }

    @Test
    void theMeanOfTheDivergenceIsNotTheDivergence() {
        Tensor shares = Eager.tensor(Shape.of(2, 2), 0.5, 0.5, 1.0, 0);
        Tensor logs = Eager.tensor(Shape.of(2, 2), 0.25, 0.75, 0.5, 0.5).log();
        double divergence = (0.5 * Math.log(2) + 0.5 * Math.log(2.0 / 3) + Math.log(2)) / 2;

        assertThat(KlDivLoss.of().perExample().of(logs, shares).item()).isCloseTo(divergence, within(1e-15));
        assertThat(KlDivLoss.of().of(logs, shares).item()).isCloseTo(divergence / 2, within(1e-15));
    }

    @Test
    void meanSquaredErrorIsOverAllElements() {
        Tensor labels = Eager.tensor(Shape.of(2, 3), 1.0, 2, 6, 1000, 3, 0);

        assertThat(Losses.meanSquaredError(logits, labels).item()).isEqualTo(3);
    }

    @Test
    void examplesCountByTheirWeight() {
        Tensor losses = Eager.tensor(Shape.of(2, 2), 1.0, 2, 3, 4);

        assertThat(Losses.weightedMean(losses, Eager.tensor(3.0, 1)).item()).isEqualTo((3 * 3 + 7) / 8.0);
        assertThat(Losses.weightedMean(losses, losses).item()).isEqualTo(3);
    }

    @Test
    void accuracyIsTheShareOfRightClasses() {
        assertThat(Metric.accuracy(logits, Eager.tensor(2L, 1L)).item()).isEqualTo(0.5);
        assertThat(Metric.accuracy(logits, Eager.tensor(2, 0)).item()).isEqualTo(1);
        assertThat(Metric.accuracy(logits, Eager.tensor(0L, 2L)).item()).isEqualTo(0);
    }

    @Test
    void lossesPrintWhatTheyAre() {
        assertThat(CrossEntropyLoss.of().smoothed(0.1))
                .hasToString("CrossEntropyLoss[classWeights=[], ignored=-100, smoothing=0.1]");
        assertThat(new HuberLoss(1).summed()).hasToString("SummedLoss[loss=HuberLoss[delta=1.0], perExample=false]");
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new HuberLoss(0)).hasMessageContaining("positive distance, but was given 0.0");
        assertThatThrownBy(() -> new SmoothL1Loss(-1)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> CrossEntropyLoss.of().smoothed(2)).hasMessageContaining("by 0 to 1");
        assertThatThrownBy(() -> new MultiMarginLoss(3, 1, List.of())).hasMessageContaining("order 1 or 2");
        assertThatThrownBy(() -> CrossEntropyLoss.of().weighted(1, 2).of(logits, Eager.tensor(0L, 0L)))
                .hasMessageContaining("weights for 2 classes")
                .hasMessageContaining("3 classes apart");
        assertThatThrownBy(() -> NllLoss.of().of(logits, Eager.tensor(0L, 0, 0)))
                .hasMessageContaining("integers [2], but were given int64[3]");
    }

    private static Tensor ctc(Tensor p, long length) {
        return Ctc.losses(p.log(), Eager.tensor(Shape.of(1, 2), 1L, 1), Eager.tensor(2L), Eager.tensor(length), 0);
    }

    private static Arguments paired(String name, Function<List<Tensor>, Tensor> loss) {
        return Arguments.of(name, loss);
    }

    private static void assertClose(Tensor found, Tensor expected) {
        assertThat(found.array().toDoubles()).containsExactly(expected.array().toDoubles(), within(1e-15));
    }

    /// Random numbers around one, `[4, 3]`.
    private static Tensor numbers(long seed, double middle) {
        return random(seed, Shape.of(4, 3), middle);
    }

    private static Tensor random(long seed, Shape shape, double middle) {
        Random random = new Random(seed);
        Array array = Array.zeros(new TensorType(Type.FLOAT64, shape));
        for (int i = 0; i < array.count(); i++) {
            array.set(i, middle + random.nextGaussian());
        }
        return Eager.tensor(array);
    }
}
