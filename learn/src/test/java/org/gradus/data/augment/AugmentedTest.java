package org.gradus.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Batch;
import org.gradus.data.Dataset;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Order;
import org.gradus.data.Prefetch;
import org.gradus.data.Scaling;
import org.junit.jupiter.api.Test;

class AugmentedTest {
    private static final Examples DIGITS = images(40);
    private final Augmented augmented = Augmented.of(
            DIGITS, Rotation.by(10), Scale.by(0.9, 1.1), Crop.padded(1), new Noise(0.05), new Mixup(1), new CutMix(1));

    @Test
    void theSeedThePassAndTheExampleDecide() {
        Batch all = augmented.pass(3, 5).batch(Order.sequential(40));
        Batch some = augmented.pass(3, 5).batch(7, 3, 7);

        assertThat(row(some, 0)).isEqualTo(row(all, 7)).isEqualTo(row(some, 2));
        assertThat(row(some, 1)).isEqualTo(row(all, 3));
        assertThat(row(augmented.pass(4, 5).batch(7), 0)).isNotEqualTo(row(all, 7));
        assertThat(row(augmented.pass(3, 6).batch(7), 0)).isNotEqualTo(row(all, 7));
        assertThat(augmented.size()).isEqualTo(40);
    }

    @Test
    void anyNumberOfThreadsMakesTheSameBatches() {
        List<int[]> orders = Order.batches(Order.shuffled(40, 1, 1), 7);
        for (int threads : new int[] {1, 2, 3, 8}) {
            Dataset pass = augmented.pass(1, 1);
            int i = 0;
            try (Prefetch batches = new Prefetch(pass, orders, threads + 1, threads)) {
                while (batches.hasNext()) {
                    Batch made = batches.next();
                    Batch plain = pass.batch(orders.get(i++));
                    assertThat(made.features().storage())
                            .isEqualTo(plain.features().storage());
                    assertThat(made.labels().storage()).isEqualTo(plain.labels().storage());
                }
            }
            assertThat(i).isEqualTo(6);
        }
    }

    @Test
    void outsideOfAPassNothingChangesButTheKindOfLabels() {
        Batch plain = augmented.batch(1, 2);

        assertThat(plain.features().storage())
                .isEqualTo(DIGITS.batch(1, 2).features().storage());
        assertThat(plain.labels().shape()).isEqualTo(Shape.of(2, 10));
        assertThat(plain.labels().get((int) DIGITS.labels().getLong(1))).isEqualTo(1);
        assertThat(Augmented.of(DIGITS, Crop.padded(1)).batch(1).labels().type().type())
                .isEqualTo(Type.INT64);
    }

    @Test
    void mixedLabelsAddUpToOneAndComeFromTwoClasses() {
        Array labels = augmented.pass(0, 0).batch(Order.sequential(40)).labels();
        int mixed = 0;
        for (int i = 0; i < 40; i++) {
            int row = i;
            double[] own = IntStream.range(0, 10)
                    .mapToDouble(k -> labels.get(row * 10 + k))
                    .filter(p -> p > 0)
                    .toArray();
            assertThat(own).hasSizeLessThanOrEqualTo(2);
            assertThat(own[0] + (own.length > 1 ? own[1] : 0)).isCloseTo(1, within(1e-6));
            mixed += own.length - 1;
        }
        assertThat(mixed).isBetween(20, 40);
    }

    /// Two maps one after the other, of which the first is no more than a shift by whole pixels within the image.
    @Test
    void neighbouringMapsAreInterpolatedOnce() {
        Geometric first = Rotation.by(20);
        Geometric second = Shear.by(10, 10);
        Image image = image(3);

        Image once = first.map(image, Draws.of(1, 0, 2, 3))
                .then(second.map(image, Draws.of(1, 1, 2, 3)))
                .resampled(image, Border.ZEROS);

        assertThat(row(Augmented.of(DIGITS, first, second).pass(1, 2).batch(3), 0))
                .isEqualTo(once.values());
        Image twice =
                new Shear(10, 10, Border.EDGE).apply(first.apply(image(3), Draws.of(1, 0, 2, 3)), Draws.of(1, 1, 2, 3));
        assertThat(row(
                        Augmented.of(DIGITS, first, new Shear(10, 10, Border.EDGE))
                                .pass(1, 2)
                                .batch(3),
                        0))
                .isEqualTo(twice.values());
    }

    @Test
    void scalingComesLast() {
        Scaling scaling = Scaling.standardizing(DIGITS);
        Augmented raw = Augmented.of(DIGITS, Crop.padded(2));
        Batch scaled = raw.scaled(scaling).pass(1, 1).batch(4, 5);

        assertThat(scaled.features().storage())
                .isEqualTo(scaling.apply(raw.pass(1, 1).batch(4, 5).features()).storage());
        assertThat(raw.scaled(scaling).batch(4).features().storage())
                .isEqualTo(scaling.apply(DIGITS).batch(4).features().storage());
    }

    @Test
    void rowsTakeNoiseAndMixup() {
        Examples iris = Datasets.iris();
        Batch mixed =
                Augmented.of(iris, new Noise(0.1), new Mixup(1)).pass(1, 1).batch(0, 100);

        assertThat(mixed.features().shape()).isEqualTo(Shape.of(2, 4));
        assertThat(mixed.labels().shape()).isEqualTo(Shape.of(2, 3));
        assertThatThrownBy(() -> Augmented.of(iris, Rotation.by(3)).pass(1, 1).batch(0))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo("augment-form"))
                .hasMessageContaining("Rotation")
                .hasMessageContaining("float32[1, 4]");
        Examples numbers = new Examples(iris.features(), iris.features(), List.of());
        Batch means = Augmented.of(numbers, new Mixup(1)).pass(1, 1).batch(7);
        assertThat(means.labels().storage()).isEqualTo(means.features().storage());
        assertThatThrownBy(() -> Augmented.of(iris, 0, List.of(new Mixup(1))).batch(0))
                .hasMessageContaining("it is not known how many classes there are");
    }

    private static Image image(int position) {
        return new Image(1, 8, 8, (float[]) DIGITS.batch(position).features().storage());
    }

    private static float[] row(Batch batch, int row) {
        int width = batch.features().count() / batch.size();
        float[] values = new float[width];
        System.arraycopy(batch.features().storage(), row * width, values, 0, width);
        return values;
    }

    private static Examples images(int count) {
        Examples some = Datasets.digits().part(Order.sequential(count));
        return some.withFeatures(
                Scaling.by(Shape.of(64), 16).apply(some.features()).reshaped(Shape.of(count, 1, 8, 8)));
    }
}
