package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;

class SampledTest {
    /// 90 of a common class, 9 of a rare one, 1 of the rarest; none of the last.
    private final Examples lopsided = new Examples(
            Array.of(Shape.of(100, 1), numbers(100)),
            Array.of(
                    Shape.of(100),
                    IntStream.range(0, 100)
                            .mapToLong(i -> i < 90 ? 0 : i < 99 ? 1 : 2)
                            .toArray()),
            List.of("common", "rare", "rarest", "none"));

    @Test
    void examplesComeInProportionToTheirWeights() {
        double[] weights = {0, 1, 0, 2, 5, 0};
        Examples six = lopsided.part(0, 1, 2, 3, 4, 5);
        int[] counts = counts(Sampled.weighted(six, weights, 8000).pass(1, 2), 6);

        for (int i = 0; i < 6; i++) {
            double p = weights[i] / 8;
            // Five standard deviations of a binomial distribution.
            assertThat((double) counts[i]).isCloseTo(8000 * p, within(5 * Math.sqrt(8000 * p * (1 - p))));
        }
    }

    @Test
    void balancedClassesAreEquallyFrequent() {
        int[] classes = new int[3];
        int[] rare = new int[100];
        Sampled sampled = Sampled.balanced(lopsided);
        assertThat(sampled.size()).isEqualTo(100);
        for (int epoch = 0; epoch < 60; epoch++) {
            Batch batch = sampled.pass(7, epoch).batch(Order.sequential(100));
            for (int i = 0; i < 100; i++) {
                classes[(int) batch.labels().getLong(i)]++;
                rare[(int) batch.features().get(i)]++;
            }
        }
        for (int count : classes) {
            assertThat((double) count).isCloseTo(2000, within(5 * Math.sqrt(6000 * 2 / 9.0)));
        }
        for (int i = 90; i < 99; i++) {
            assertThat((double) rare[i]).isCloseTo(2000 / 9.0, within(5 * Math.sqrt(2000 / 9.0)));
        }
    }

    @Test
    void theSeedAndThePassDecide() {
        Sampled sampled = Sampled.balanced(lopsided);

        assertThat(drawn(sampled.pass(1, 2))).isEqualTo(drawn(sampled.pass(1, 2)));
        assertThat(drawn(sampled.pass(1, 2))).isNotEqualTo(drawn(sampled.pass(1, 3)));
        assertThat(drawn(sampled.pass(1, 2))).isNotEqualTo(drawn(sampled.pass(2, 2)));
        assertThat(drawn(sampled)).isEqualTo(drawn(lopsided));
        assertThatThrownBy(() -> sampled.pass(1, 2).batch(100)).hasMessageContaining("0 to 99");
    }

    @Test
    void weightsMustBeSome() {
        for (double[] wrong :
                new double[][] {{}, {1}, {0, 0}, {1, -1}, {Double.NaN, 1}, {Double.POSITIVE_INFINITY, 1}}) {
            assertThatThrownBy(() -> Sampled.weighted(lopsided.part(0, 1), wrong, 5))
                    .isInstanceOfSatisfying(
                            GradusException.class, e -> assertThat(e.kind()).isEqualTo("sample-weights"));
        }
        assertThatThrownBy(() -> Sampled.balanced(new Examples(lopsided.features(), lopsided.features(), List.of())))
                .hasMessageContaining("Only classes can be balanced");
    }

    /// Scikit-learn's `balanced`, over the classes that there are: n / (k · count).
    @Test
    void weightsOfClasses() {
        ClassCounts counts = ClassCounts.of(lopsided);

        assertThat(counts.counts()).containsExactly(90, 9, 1, 0);
        assertThat(counts.balancedWeights())
                .containsExactly(new double[] {100 / 270.0, 100 / 27.0, 100 / 3.0, 0}, within(1e-12));
    }

    @Test
    void eachExampleIsTestedWithInOneFold() {
        Examples iris = Datasets.iris();
        List<Split> folds = IntStream.rangeClosed(1, 4)
                .mapToObj(fold -> Split.fold(iris, 3, 4, fold, 0.2))
                .toList();

        assertThat(folds.stream()
                        .flatMapToDouble(split -> rows(split.test()))
                        .sorted()
                        .toArray())
                .isEqualTo(rows(iris).sorted().toArray());
        for (Split split : folds) {
            assertThat(split.test().size()).isBetween(37, 38);
            assertThat(ClassCounts.of(split.test()).counts()).allMatch(count -> count == 12 || count == 13);
            assertThat(split.validation().size()).isBetween(22, 24);
            assertThat(Stream.of(split.training(), split.validation(), split.test())
                            .flatMapToDouble(SampledTest::rows)
                            .sorted()
                            .toArray())
                    .isEqualTo(rows(iris).sorted().toArray());
        }
        assertThat(rows(Split.fold(iris, 3, 4, 2, 0.2).test()).toArray())
                .isEqualTo(rows(folds.get(1).test()).toArray())
                .isNotEqualTo(rows(Split.fold(iris, 4, 4, 2, 0.2).test()).toArray());
    }

    @Test
    void foldsOfNumbersAndOfTooFew() {
        Examples numbers = new Examples(lopsided.features(), lopsided.features(), List.of());

        assertThat(Split.fold(numbers, 1, 7, 7, 0.25)).hasToString("[65, 21, 14] examples");
        assertThatThrownBy(() -> Split.fold(lopsided, 1, 5, 1, 0.2))
                .hasMessageContaining("The class `rarest` has 1 example");
        for (int[] wrong : new int[][] {{1, 1}, {5, 0}, {5, 6}}) {
            assertThatThrownBy(() -> Split.fold(numbers, 1, wrong[0], wrong[1], 0.2))
                    .isInstanceOfSatisfying(
                            GradusException.class, e -> assertThat(e.kind()).isEqualTo("split-fold"));
        }
    }

    private static DoubleStream rows(Examples examples) {
        int width = examples.features().count() / examples.size();
        return IntStream.range(0, examples.size()).mapToDouble(i -> {
            double sum = 0;
            for (int k = 0; k < width; k++) {
                sum = sum * 100 + examples.features().get(i * width + k);
            }
            return sum;
        });
    }

    private static int[] counts(Dataset data, int of) {
        int[] counts = new int[of];
        for (double feature : drawn(data)) {
            counts[(int) feature]++;
        }
        return counts;
    }

    private static double[] drawn(Dataset data) {
        return data.batch(Order.sequential(data.size())).features().toDoubles();
    }

    private static float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }
}
