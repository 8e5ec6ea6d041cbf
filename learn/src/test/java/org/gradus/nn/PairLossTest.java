package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.gradus.autodiff.GradientCheck;
import org.gradus.base.Shape;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.gradus.ops.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Losses over the pairs and triples of a batch, against the same taken one by one.
class PairLossTest {
    private static final int SIZE = 6;
    private static final long[] CLASSES = {0, 1, 0, 2, 1, 0};
    private static final double[] NUMBERS = {0.5, 2, 0.5, -1, 3, 1};

    private final Tensor x = numbers(3);
    private final Tensor classes = Eager.tensor(CLASSES);

    @Test
    void pairsAreThoseOfTwoExamples() {
        double cosines = 0;
        double distances = 0;
        for (int i = 0; i < SIZE; i++) {
            for (int k = 0; k < SIZE; k++) {
                Tensor sign = Eager.tensor(CLASSES[i] == CLASSES[k] ? 1.0 : -1.0);
                if (i != k) {
                    cosines += PairedLosses.cosineEmbedding(row(i), row(k), sign, 0.3)
                            .item();
                    Tensor distance = PairedLosses.distance(row(i), row(k), 2);
                    distances += new HingeEmbeddingLoss(1.5).of(distance, sign).item();
                }
            }
        }
        assertThat(new PairLoss.CosineEmbedding(0.3).of(x, classes).item())
                .isCloseTo(cosines / SIZE / (SIZE - 1), within(1e-12));
        assertThat(new PairLoss.HingeEmbedding(1.5).of(x, classes).item())
                .isCloseTo(distances / SIZE / (SIZE - 1), within(1e-12));
    }

    @Test
    void triplesHaveAnAnchorOneOfItsClassAndOneOfAnother() {
        for (boolean swap : new boolean[] {false, true}) {
            double sum = 0;
            int count = 0;
            for (int a = 0; a < SIZE; a++) {
                for (int p = 0; p < SIZE; p++) {
                    for (int n = 0; n < SIZE; n++) {
                        if (a != p && CLASSES[a] == CLASSES[p] && CLASSES[a] != CLASSES[n]) {
                            sum += PairedLosses.tripletMargin(row(a), row(p), row(n), 0.7, 1.5, swap)
                                    .item();
                            count++;
                        }
                    }
                }
            }
            assertThat(new PairLoss.TripletMargin(0.7, 1.5, swap).of(x, classes).item())
                    .isCloseTo(sum / count, within(1e-12));
        }
    }

    @Test
    void ofTwoNumbersTheLargerOneShouldHaveTheLargerScore() {
        Tensor scores = Views.narrow(x, 1, 0, 1);
        Tensor labels = Eager.tensor(Shape.of(SIZE, 1), NUMBERS);
        double sum = 0;
        double right = 0;
        int count = 0;
        for (int i = 0; i < SIZE; i++) {
            for (int k = 0; k < SIZE; k++) {
                if (NUMBERS[i] > NUMBERS[k]) {
                    double lead = scores.array().get(i) - scores.array().get(k);
                    sum += Math.max(0, 0.2 - lead);
                    right += lead > 0 ? 1 : 0;
                    count++;
                }
            }
        }
        PairLoss loss = new PairLoss.MarginRanking(0.2);
        assertThat(loss.of(scores, labels).item()).isCloseTo(sum / count, within(1e-12));
        assertThat(loss.accuracy(scores, labels).item()).isCloseTo(right / count, within(1e-12));
    }

    @Test
    void theNearestNeighbourIsOfTheSameClassOrNot() {
        Tensor places = Eager.tensor(Shape.of(5, 1), 0.0, 1, 10, 12, 15);
        Tensor labels = Eager.tensor(0L, 0, 1, 0, 0);
        for (PairLoss loss : new PairLoss[] {new PairLoss.HingeEmbedding(1), new PairLoss.TripletMargin(1, 2, false)}) {
            assertThat(loss.accuracy(places, labels).item()).isCloseTo(3 / 5.0, within(1e-12)); // but 10 and 12
        }
        Tensor directions = Eager.tensor(Shape.of(4, 2), 1.0, 0, 9, 1, 0, 1, 1, 8);
        assertThat(new PairLoss.CosineEmbedding(0)
                        .accuracy(directions, Eager.tensor(0L, 0, 1, 1))
                        .item())
                .isEqualTo(1);
    }

    static Stream<Arguments> losses() {
        Tensor classes = Eager.tensor(CLASSES);
        return Stream.of(
                Arguments.of(new PairLoss.CosineEmbedding(0.3), numbers(3), classes),
                Arguments.of(new PairLoss.HingeEmbedding(1.5), numbers(3), classes),
                Arguments.of(new PairLoss.TripletMargin(0.7, 2, false), numbers(3), classes),
                Arguments.of(new PairLoss.TripletMargin(0.7, 2, true), numbers(3), classes),
                Arguments.of(new PairLoss.MarginRanking(0.2), numbers(1), Eager.tensor(Shape.of(SIZE, 1), NUMBERS)));
    }

    /// The bound is that of [LossesTest], where third derivatives are below 1000 too: no two places are nearer than 0.1.
    @ParameterizedTest
    @MethodSource("losses")
    void gradientsAgreeWithDifferences(PairLoss loss, Tensor output, Tensor labels) {
        GradientCheck.of(y -> loss.of(y, labels), output).demand(1000 * Math.pow(0x1p-52, 2.0 / 3));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void oneExampleHasNoPairAndNoLoss(PairLoss loss, Tensor output, Tensor labels) {
        Tensor one = Views.narrow(labels, 0, 0, 1);
        assertThat(loss.of(Views.narrow(output, 0, 0, 1), one).item()).isZero();
    }

    private Tensor row(int i) {
        return Views.narrow(x, 0, i, 1);
    }

    private static Tensor numbers(int width) {
        Random random = new Random(11);
        double[] numbers = random.doubles((long) SIZE * width, -1, 1).toArray();
        return Eager.tensor(Shape.of(SIZE, width), numbers);
    }
}
