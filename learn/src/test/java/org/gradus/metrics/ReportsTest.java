package org.gradus.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportsTest {
    private static final double EXACT = 1e-12; // some roundings of doubles around 1
    private static final List<String> CATS_AND_DOGS = List.of("cat", "dog", "eel");

    /// Five animals: a cat that is one, one that is taken for a dog, two dogs, and an eel that is taken for a cat.
    private final ClassificationReport animals = ClassificationReport.of(
            CATS_AND_DOGS,
            Array.of(Shape.of(5, 3), 0.7, 0.2, 0.1, 0.3, 0.6, 0.1, 0.1, 0.8, 0.1, 0.2, 0.5, 0.3, 0.4, 0.35, 0.25),
            Array.of(Shape.of(5), 0L, 0, 1, 1, 2),
            2,
            5);

    @Test
    void aSmallExampleByHand() {
        assertThat(animals.confusion().counts()).containsExactly(List.of(1, 1, 0), List.of(0, 2, 0), List.of(1, 0, 0));
        assertThat(animals.accuracy()).isEqualTo(0.6);
        assertThat(animals.topK()).isEqualTo(0.8); // the eel is the third
        ClassificationReport.OfClass cat = animals.classes().get(0);
        ClassificationReport.OfClass dog = animals.classes().get(1);
        ClassificationReport.OfClass eel = animals.classes().get(2);
        assertThat(cat.precision()).isEqualTo(0.5);
        assertThat(cat.recall()).isEqualTo(0.5);
        assertThat(cat.f1()).isEqualTo(0.5);
        assertThat(dog.precision()).isEqualTo(2 / 3.0);
        assertThat(dog.recall()).isEqualTo(1);
        assertThat(dog.f1()).isCloseTo(0.8, within(EXACT));
        assertThat(eel).isEqualTo(new ClassificationReport.OfClass("eel", 0, 0, 0, 0.75, 1));
        // Cats have 0.7 and 0.3; the others 0.1, 0.2 and 0.4: of six pairs five are in order.
        assertThat(cat.rocAuc()).isCloseTo(5 / 6.0, within(EXACT));
        // Dogs have 0.8 and 0.5; the others 0.2, 0.6 and 0.35.
        assertThat(dog.rocAuc()).isCloseTo(5 / 6.0, within(EXACT));
        assertThat(animals.macro().f1()).isCloseTo(1.3 / 3, within(EXACT));
        assertThat(animals.weighted().f1()).isCloseTo((2 * 0.5 + 2 * 0.8) / 5, within(EXACT));
        assertThat(animals.micro().f1()).isEqualTo(0.6);
        assertThat(animals.logLoss())
                .isCloseTo(
                        -(Math.log(0.7) + Math.log(0.3) + Math.log(0.8) + Math.log(0.5) + Math.log(0.25)) / 5,
                        within(EXACT));
        double brier = (0.09 + 0.04 + 0.01)
                + (0.49 + 0.36 + 0.01)
                + (0.01 + 0.04 + 0.01)
                + (0.04 + 0.25 + 0.09)
                + (0.16 + 0.1225 + 0.5625);
        assertThat(animals.brier()).isCloseTo(brier / 5, within(EXACT));
        // Bins of 0.2: 0.4 is in the second; 0.6 and 0.5 in the third; 0.7 and 0.8 in the fourth.
        assertThat(animals.calibration().bins())
                .extracting(Calibration.Bin::count, Calibration.Bin::accuracy)
                .containsExactly(tuple(1, 0.0), tuple(2, 0.5), tuple(2, 1.0));
        assertThat(animals.calibration().expectedError()).isCloseTo((0.4 + 2 * 0.05 + 2 * 0.25) / 5, within(EXACT));
        assertThat(animals.calibration().largestError()).isCloseTo(0.4, within(EXACT));
    }

    @Test
    void thePageHasTheNumbers() {
        assertThat(animals.toString())
                .startsWith("accuracy 0.6000, among the first 2 0.8000, log loss 0.7726")
                .containsPattern("dog +0\\.6667 +1\\.0000 +0\\.8000 +0\\.8333 +2\n")
                .containsPattern("macro mean +0\\.3889 +0\\.5000 +0\\.4333")
                .containsPattern("cat +1 +1 +\\.\n")
                .contains("0.40 to 0.60");
        assertThat(animals.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(120));
    }

    /// Against what the definitions say, example by example and pair by pair.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void theDefinitionsByBruteForce(int seed) {
        Random random = new Random(seed);
        int size = 60;
        int width = 2 + seed;
        double[] probabilities = new double[size * width];
        long[] labels = new long[size];
        for (int i = 0; i < size; i++) {
            labels[i] = random.nextInt(width - (seed == 5 ? 1 : 0)); // in the last one a class has no examples
            double sum = 0;
            for (int c = 0; c < width; c++) {
                // Coarse numbers, so that there are ties.
                probabilities[i * width + c] = 1 + random.nextInt(6) + (c == labels[i] ? 2 : 0);
                sum += probabilities[i * width + c];
            }
            for (int c = 0; c < width; c++) {
                probabilities[i * width + c] /= sum;
            }
        }
        List<String> names = IntStream.range(0, width).mapToObj(String::valueOf).toList();
        ClassificationReport report = ClassificationReport.of(
                names, Array.of(Shape.of(size, width), probabilities), Array.of(Shape.of(size), labels), 2, 10);

        int[] predicted = new int[size];
        double topTwo = 0;
        for (int i = 0; i < size; i++) {
            double[] row = Arrays.copyOfRange(probabilities, i * width, (i + 1) * width);
            List<Integer> order = IntStream.range(0, width)
                    .boxed()
                    .sorted((a, b) -> Double.compare(row[b], row[a])) // stable
                    .toList();
            predicted[i] = order.getFirst();
            topTwo += order.indexOf((int) labels[i]) < 2 ? 1 : 0;
        }
        assertThat(report.topK()).isCloseTo(topTwo / size, within(EXACT));
        for (int c = 0; c < width; c++) {
            int one = c;
            double both = count(size, i -> labels[i] == one && predicted[i] == one);
            double taken = count(size, i -> predicted[i] == one);
            double there = count(size, i -> labels[i] == one);
            ClassificationReport.OfClass found = report.classes().get(c);
            assertThat(found.precision()).isCloseTo(taken == 0 ? 0 : both / taken, within(EXACT));
            assertThat(found.recall()).isCloseTo(there == 0 ? 0 : both / there, within(EXACT));
            assertThat(found.f1()).isCloseTo(both == 0 ? 0 : 2 * both / (taken + there), within(EXACT));
            assertThat(found.examples()).isEqualTo((int) there);
            double pairs = 0;
            double right = 0;
            for (int i = 0; i < size; i++) {
                for (int k = 0; k < size; k++) {
                    if (labels[i] == one && labels[k] != one) {
                        double apart = probabilities[i * width + one] - probabilities[k * width + one];
                        pairs++;
                        right += apart > 0 ? 1 : apart == 0 ? 0.5 : 0;
                    }
                }
            }
            assertThat(found.rocAuc()).isCloseTo(right / pairs, within(EXACT));
        }
        assertThat(report.accuracy())
                .isCloseTo(count(size, i -> labels[i] == predicted[i]) / size, within(EXACT))
                .isCloseTo(report.micro().precision(), within(EXACT));
        double calibration = report.calibration().bins().stream()
                .mapToDouble(bin -> bin.count() * Math.abs(bin.accuracy() - bin.confidence()) / size)
                .sum();
        assertThat(report.calibration().expectedError()).isCloseTo(calibration, within(EXACT));
        assertThat(report.calibration().bins().stream()
                        .mapToInt(Calibration.Bin::count)
                        .sum())
                .isEqualTo(size);
    }

    @Test
    void areasAtTheirEnds() {
        boolean[] half = {false, false, true, true};
        assertThat(Ranking.rocAuc(new double[] {1, 2, 3, 4}, half)).isEqualTo(1);
        assertThat(Ranking.rocAuc(new double[] {4, 3, 2, 1}, half)).isZero();
        assertThat(Ranking.rocAuc(new double[] {1, 1, 1, 1}, half)).isEqualTo(0.5);
        assertThat(Ranking.rocAuc(new double[] {1, 3, 2, 4}, half)).isEqualTo(0.75);
        assertThat(Ranking.rocAuc(new double[] {1, 2}, new boolean[] {true, true}))
                .isNaN();
        assertThat(Ranking.place(new double[] {0.2, 0.5, 0.5, 0.1}, 2)).isEqualTo(1);
    }

    @Test
    void aCalibratedModelHasNoError() {
        double[] confidences = new double[1000];
        boolean[] right = new boolean[1000];
        for (int i = 0; i < 1000; i++) {
            confidences[i] = i % 2 == 0 ? 0.75 : 0.25;
            right[i] = i % 2 == 0 ? i / 2 % 4 != 0 : i / 2 % 4 == 0;
        }
        assertThat(Calibration.of(confidences, right, 10).expectedError()).isCloseTo(0, within(EXACT));
        Calibration ends = Calibration.of(new double[] {0, 1}, new boolean[] {false, false}, 10);
        assertThat(ends.bins()).extracting(Calibration.Bin::upTo).containsExactly(0.1, 1.0);
        assertThat(ends.largestError()).isEqualTo(1);
    }

    @Test
    void errorsOfSeveralNumbers() {
        Array labels = Array.of(Shape.of(3, 2), 1.0, 100, 2, 300, 6, 200);
        Array said = Array.of(Shape.of(3, 2), 2.0, 100, 2, 280, 5, 200);
        RegressionReport report = RegressionReport.of(List.of("a", "b"), said, labels);

        assertThat(report.examples()).isEqualTo(3);
        assertThat(report.mae()).isCloseTo(22 / 6.0, within(EXACT));
        assertThat(report.rmse()).isCloseTo(Math.sqrt(402 / 6.0), within(EXACT));
        assertThat(report.r2()).isCloseTo(1 - 402 / (14 + 20_000.0), within(EXACT)); // the means are 3 and 200
        assertThat(report.columns().keySet()).containsExactly("a", "b");
        assertThat(report.columns().get("a"))
                .isEqualTo(RegressionReport.of(Array.of(Shape.of(3), 2.0, 2, 5), Array.of(Shape.of(3), 1.0, 2, 6)));
        assertThat(report.toString()).contains("R2                       0.9799\n", "\na  ", "\nb  ");
        assertThat(RegressionReport.of(List.of("a"), said, labels).columns()).isEmpty();
    }

    /// With scikit-learn: `f1_score`, `precision_score` and `recall_score` with `average="micro"` and `None`,
    /// `accuracy_score`, `hamming_loss`, `log_loss` of each column, by hand.
    @Test
    void labelsThatAreThereOrNot() {
        Array truth = Array.of(Shape.of(4, 2), 1.0, 0, 1, 1, 0, 1, 0, 0);
        Array said = Array.of(Shape.of(4, 2), 0.9, 0.2, 0.4, 0.8, 0.1, 0.7, 0.6, 0.3);
        MultiLabelReport report = MultiLabelReport.of(List.of("warm", "wet"), said, truth);

        assertThat(report.examples()).isEqualTo(4);
        assertThat(report.exact()).isEqualTo(0.5);
        assertThat(report.accuracy()).isEqualTo(0.75);
        double logs = Math.log(0.9)
                + Math.log(0.8)
                + Math.log(0.4)
                + Math.log(0.8)
                + Math.log(0.9)
                + Math.log(0.7)
                + Math.log(0.4)
                + Math.log(0.7);
        assertThat(report.logLoss()).isCloseTo(-logs / 8, within(EXACT));
        assertThat(report.labels().get(0)).isEqualTo(new ClassificationReport.OfClass("warm", 0.5, 0.5, 0.5, 0.75, 2));
        assertThat(report.labels().get(1)).isEqualTo(new ClassificationReport.OfClass("wet", 1, 1, 1, 1, 2));
        assertThat(report.macro().f1()).isEqualTo(0.75);
        assertThat(report.micro().precision()).isEqualTo(0.75);
        assertThat(report.micro().recall()).isEqualTo(0.75);
        assertThat(report.micro().rocAuc()).isCloseTo(15 / 16.0, within(EXACT)); // 0.4 is below 0.6
        assertThat(report.toString()).contains("all labels right  0.5000", "wet", "all together");
        assertThatThrownBy(() -> MultiLabelReport.of(List.of("a", "b", "c"), said, truth))
                .hasMessageContaining("for each of 3 names");
    }

    @Test
    void errorsOfNumbers() {
        Array labels = Array.of(Shape.of(4, 1), 1.0, 2.0, 3.0, 6.0);
        RegressionReport report = RegressionReport.of(Array.of(Shape.of(4, 1), 2.0, 2.0, 1.0, 6.0), labels);

        assertThat(report.mae()).isEqualTo(0.75);
        assertThat(report.rmse()).isCloseTo(Math.sqrt(5 / 4.0), within(EXACT));
        assertThat(report.r2()).isCloseTo(1 - 5 / 14.0, within(EXACT)); // the mean is 3
        assertThat(report.bias()).isEqualTo(-0.25);
        assertThat(report.largest()).isEqualTo(2);
        assertThat(report.labelDeviation()).isCloseTo(Math.sqrt(14 / 4.0), within(EXACT));
        assertThat(RegressionReport.of(labels, labels).r2()).isEqualTo(1);
        assertThat(RegressionReport.of(Array.of(Shape.of(2), 1.0, 2.0), Array.of(Shape.of(2), 3.0, 3.0))
                        .r2())
                .isNaN();
        assertThat(report.toString()).contains("mean absolute error      0.7500", "R2                       0.6429");
    }

    @Test
    void ofManyClassesTheWorstAreListed() {
        int width = 60;
        double[] probabilities = new double[width * width];
        long[] labels = new long[width];
        for (int i = 0; i < width; i++) {
            labels[i] = i;
            probabilities[i * width + (i < 5 ? i + 1 : i)] = 1;
        }
        String page = ClassificationReport.of(
                        IntStream.range(0, width).mapToObj(i -> "class" + i).toList(),
                        Array.of(Shape.of(width, width), probabilities),
                        Array.of(Shape.of(width), labels))
                .toString();

        assertThat(page)
                .contains("The 40 of 60 classes with the smallest F1:", "true")
                .containsPattern("class0 +class1 +1\n")
                .doesNotContain("class59 ");
    }

    @Test
    void shapesMustFit() {
        assertThatThrownBy(() -> ClassificationReport.of(
                        CATS_AND_DOGS, Array.of(Shape.of(1, 2), 0.5, 0.5), Array.of(Shape.of(1), 0L)))
                .hasMessageContaining("for 3 classes was given float64[1, 2]");
        assertThatThrownBy(() -> ClassificationReport.of(
                        CATS_AND_DOGS, Array.of(Shape.of(1, 3), 0.5, 0.5, 0.0), Array.of(Shape.of(1), 3L)))
                .hasMessageContaining("int64[1] [3]");
        assertThatThrownBy(() -> RegressionReport.of(Array.of(Shape.of(1), 0.5), Array.of(Shape.of(2), 0.5, 1.0)))
                .hasMessageContaining("a prediction for each label");
    }

    private static double count(int size, IntPredicate which) {
        return IntStream.range(0, size).filter(which).count();
    }
}
