package org.gradus.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.GradusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each augmentation against what it says it does.
class AugmentationsTest {
    private static final int MANY = 2000;
    private static final float EXACT = 1e-5f; // some roundings of float32 numbers up to 1

    static Stream<Distortion> distortions() {
        return Stream.of(
                Rotation.by(180),
                new Rotation(30, Border.REFLECT),
                Scale.by(0.5, 2),
                Translation.by(0.3, 0.3),
                Shear.by(20, 20),
                new HorizontalFlip(0.5),
                new VerticalFlip(0.5),
                Crop.padded(2),
                new Crop(3, Border.REFLECT),
                ResizedCrop.of(),
                Elastic.of(),
                new Elastic(10, 1, Border.EDGE),
                new ColorJitter(0.5, 0.5, 0.5, 0.5),
                Cutout.of(3),
                new Noise(0.1));
    }

    @ParameterizedTest
    @MethodSource("distortions")
    void keepsTheSizeAndDependsOnItsDrawsAlone(Distortion distortion) {
        for (int[] size : new int[][] {{1, 1, 1}, {1, 5, 3}, {3, 4, 7}, {2, 8, 8}}) {
            for (int example = 0; example < 20; example++) {
                Image image = random(example, size);
                float[] before = image.values().clone();
                Image changed = distortion.apply(image, draws(example));
                Image again = distortion.apply(new Image(size[0], size[1], size[2], before), draws(example));

                assertThat(changed.channels()).isEqualTo(size[0]);
                assertThat(changed.height()).isEqualTo(size[1]);
                assertThat(changed.width()).isEqualTo(size[2]);
                assertThat(changed.values()).isEqualTo(again.values());
                for (float value : changed.values()) {
                    assertThat(value).isBetween(-1f, 2f); // so it is no NaN either
                }
            }
        }
    }

    /// What a distortion is when it does nothing.
    @Test
    void nothingIsNothing() {
        for (Distortion none : List.of(
                Rotation.by(0),
                Scale.by(1, 1),
                Translation.by(0, 0),
                Shear.by(0, 0),
                new HorizontalFlip(0),
                new VerticalFlip(0),
                Crop.padded(0),
                new ResizedCrop(List.of(1.0, 1.0), List.of(1.0, 1.0)),
                new Elastic(0, 4, Border.ZEROS),
                new ColorJitter(0, 0, 0, 0),
                new Cutout(3, 0),
                new Noise(0))) {
            Image image = random(1, 3, 6, 6);
            assertThat(none.apply(image, draws(3)).values())
                    .as("%s", none)
                    .isEqualTo(random(1, 3, 6, 6).values());
        }
    }

    @Test
    void aQuarterTurnIsExact() {
        Image image = new Image(1, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);

        float[] turned = Rotation.turn(90).resampled(image, Border.ZEROS).values();

        assertThat(turned).containsExactly(new float[] {3, 6, 9, 2, 5, 8, 1, 4, 7}, within(EXACT));
        assertThat(Rotation.turn(-90).resampled(image, Border.ZEROS).values())
                .containsExactly(new float[] {7, 4, 1, 8, 5, 2, 9, 6, 3}, within(EXACT));
    }

    /// A smooth image that is turned there and back is the same in the middle.
    @Test
    void theInverseGoesBack() {
        Image image = smooth(33);
        for (Affine map : List.of(
                Rotation.turn(17),
                Affine.linear(1.2, 0, 0, 1.2),
                Affine.shift(1.5, -2.25),
                Affine.linear(1, 0.3, 0, 1),
                Rotation.turn(30).then(Affine.shift(2, 1)).then(Affine.linear(0.9, 0, 0.1, 1)))) {
            Image back = map.inverse().resampled(map.resampled(image, Border.EDGE), Border.EDGE);
            for (int y = 12; y < 21; y++) {
                for (int x = 12; x < 21; x++) {
                    // Bilinear interpolation errs by at most 1/8 of the second derivatives, below 0.02 here, each way.
                    assertThat(back.values()[y * 33 + x]).isCloseTo(image.values()[y * 33 + x], within(0.01f));
                }
            }
            Affine both = map.then(map.inverse());
            assertThat(DoubleStream.of(both.xx(), both.xy(), both.x0(), both.yx(), both.yy(), both.y0())
                            .toArray())
                    .containsExactly(new double[] {1, 0, 0, 0, 1, 0}, within(1e-12));
        }
    }

    @Test
    void wholeShiftsMovePixels() {
        Image image = new Image(1, 2, 3, 1, 2, 3, 4, 5, 6);

        assertThat(Affine.shift(1, 0).resampled(image, Border.ZEROS).values()).containsExactly(0, 1, 2, 0, 4, 5);
        assertThat(Affine.shift(1, 0).resampled(image, Border.EDGE).values()).containsExactly(1, 1, 2, 4, 4, 5);
        assertThat(Affine.shift(-1, 0).resampled(image, Border.REFLECT).values())
                .containsExactly(2, 3, 2, 5, 6, 5);
        assertThat(Affine.shift(0, 1).resampled(image, Border.ZEROS).values()).containsExactly(0, 0, 0, 1, 2, 3);
        assertThat(Affine.shift(0.5, 0).resampled(image, Border.EDGE).values())
                .containsExactly(new float[] {1, 1.5f, 2.5f, 4, 4.5f, 5.5f}, within(EXACT));
    }

    @Test
    void anglesFactorsAndShiftsAreUniform() {
        Image image = random(0, 1, 20, 10);

        uniform(-30, 30, example -> {
            Affine map = Rotation.by(30).map(image, draws(example));
            assertThat(map.xx()).isCloseTo(map.yy(), within(1e-15));
            return Math.toDegrees(Math.atan2(map.xy(), map.xx()));
        });
        uniform(0.5, 2, example -> Scale.by(0.5, 2).map(image, draws(example)).yy());
        uniform(
                -2,
                2,
                example -> Translation.by(0.2, 0.1).map(image, draws(example)).x0());
        uniform(
                -2,
                2,
                example -> Translation.by(0.2, 0.1).map(image, draws(example)).y0());
        uniform(
                -20,
                20,
                example -> Math.toDegrees(
                        Math.atan(Shear.by(20, 0).map(image, draws(example)).xy())));
    }

    @Test
    void flipsAreTheirOwnInverse() {
        Image image = new Image(1, 2, 3, 1, 2, 3, 4, 5, 6);

        Image flipped = new HorizontalFlip(1).apply(image, draws(0));
        assertThat(flipped.values()).containsExactly(3, 2, 1, 6, 5, 4);
        assertThat(new HorizontalFlip(1).apply(flipped, draws(0)).values()).isEqualTo(image.values());
        assertThat(new VerticalFlip(1).apply(image, draws(0)).values()).containsExactly(4, 5, 6, 1, 2, 3);
        long flips = IntStream.range(0, MANY)
                .filter(example -> new HorizontalFlip(0.3).apply(image, draws(example)) != image)
                .count();
        // Five standard deviations of a binomial distribution.
        assertThat((double) flips / MANY).isCloseTo(0.3, within(5 * Math.sqrt(0.3 * 0.7 / MANY)));
    }

    @Test
    void eachCropIsEquallyLikely() {
        Image image = new Image(1, 3, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0); // the middle shows where it went
        int[] counts = new int[9];
        for (int example = 0; example < 9 * MANY; example++) {
            float[] values = Crop.padded(1).apply(image, draws(example)).values();
            for (int i = 0; i < 9; i++) {
                counts[i] += (int) values[i];
            }
        }
        for (int count : counts) {
            assertThat((double) count).isCloseTo(MANY, within(5 * Math.sqrt(MANY)));
        }
    }

    @Test
    void aResizedCropIsAPartOfTheImage() {
        Image ramp = new Image(1, 40, 40, new float[1600]);
        for (int i = 0; i < 1600; i++) {
            ramp.values()[i] = i % 40;
        }
        ResizedCrop crop = new ResizedCrop(List.of(0.25, 0.25), List.of(1.0, 1.0));
        double sum = 0;
        for (int example = 0; example < MANY; example++) {
            float[] values = crop.apply(ramp, draws(example)).values();
            float width = values[39] - values[0];
            assertThat(width).isEqualTo(19); // 20 of 40 columns, from the first to the last
            assertThat(values[20] - values[19]).isCloseTo(0.5f, within(EXACT));
            sum += (values[0] + values[39]) / 2;
        }
        // The middle of the part is that of the image on average; its start is uniform on 21 columns.
        assertThat(sum / MANY).isCloseTo(19.5, within(5 * Math.sqrt(440 / 12.0 / MANY)));
    }

    @Test
    void displacementsAreSmoothAndAsStrongAsSaid() {
        int size = 64;
        Image ramp = new Image(1, size, size, new float[size * size]);
        for (int i = 0; i < size * size; i++) {
            ramp.values()[i] = i % size;
        }
        double squares = 0;
        double steps = 0;
        int count = 0;
        for (int example = 0; example < 30; example++) {
            float[] values =
                    new Elastic(34, 4, Border.EDGE).apply(ramp, draws(example)).values();
            for (int y = 16; y < 48; y++) {
                for (int x = 16; x < 48; x++) {
                    double moved = values[y * size + x] - x;
                    double next = values[y * size + x + 1] - x - 1;
                    squares += moved * moved;
                    steps += (next - moved) * (next - moved);
                    count++;
                }
            }
        }
        // A uniform field deviates by 1/sqrt(3), and a Gaussian makes 1/(2·sqrt(pi)·sigma) of it.
        double expected = 34 / Math.sqrt(3) / (2 * Math.sqrt(Math.PI) * 4);
        assertThat(Math.sqrt(squares / count)).isCloseTo(expected, within(0.1 * expected));
        // Neighbours at distance 1 correlate by exp(-1/(4·sigma²)).
        double rough = Math.sqrt(2 - 2 * Math.exp(-1 / 64.0));
        assertThat(Math.sqrt(steps / count) / expected).isCloseTo(rough, within(0.15 * rough));
    }

    @Test
    void brightnessAndContrastAreFactors() {
        Image image = new Image(1, 1, 2, 0.2f, 0.4f);

        uniform(0.75, 1.25, example -> {
            float[] values = new ColorJitter(0.25, 0, 0, 0)
                    .apply(new Image(1, 1, 2, 0.2f, 0.4f), draws(example))
                    .values();
            assertThat(values[1]).isCloseTo(2 * values[0], within(EXACT));
            return values[0] / 0.2;
        });
        uniform(0.5, 1.5, example -> {
            float[] values = new ColorJitter(0, 0.5, 0, 0)
                    .apply(new Image(1, 1, 2, 0.2f, 0.4f), draws(example))
                    .values();
            assertThat(values[0] + values[1]).as("the mean intensity is kept").isCloseTo(0.6f, within(EXACT));
            return (values[1] - values[0]) / 0.2;
        });
        assertThat(image.values()).containsExactly(0.2f, 0.4f);
    }

    @Test
    void saturationKeepsTheGrayOfAPixel() {
        uniform(0.5, 1.5, example -> {
            float[] values = new ColorJitter(0, 0, 0.5, 0)
                    .apply(new Image(3, 1, 1, 0.3f, 0.4f, 0.5f), draws(example))
                    .values();
            assertThat(0.299f * values[0] + 0.587f * values[1] + 0.114f * values[2])
                    .isCloseTo(0.299f * 0.3f + 0.587f * 0.4f + 0.114f * 0.5f, within(EXACT));
            return (values[2] - values[0]) / 0.2;
        });
    }

    /// In a third of the circle red becomes green, green blue and blue red; value and chroma stay.
    @Test
    void huesTurnOnTheCircle() {
        float[] colour = {0.8f, 0.3f, 0.1f};
        for (int example = 0; example < 200; example++) {
            float[] values = new ColorJitter(0, 0, 0, 0.5)
                    .apply(new Image(3, 1, 1, colour.clone()), draws(example))
                    .values();
            float[] sorted = values.clone();
            Arrays.sort(sorted);
            assertThat(sorted[2]).isCloseTo(0.8f, within(EXACT));
            assertThat(sorted[0]).isCloseTo(0.1f, within(EXACT));
        }
        uniform(-0.1, 0.1, example -> {
            float[] values = new ColorJitter(0, 0, 0, 0.1)
                    .apply(new Image(3, 1, 1, 0.8f, 0.1f, 0.1f), draws(example))
                    .values();
            return (values[1] - values[2]) / 0.7 / 6; // from red towards green, or towards blue
        });
    }

    @Test
    void aCutoutCoversASquareWithTheMean() {
        double covered = 0;
        for (int example = 0; example < MANY; example++) {
            Image image = random(example, 1, 9, 9);
            float[] before = image.values().clone();
            float[] values = Cutout.of(3).apply(image, draws(example)).values();
            double mean =
                    IntStream.range(0, 81).mapToDouble(i -> before[i]).average().orElseThrow();
            int changed = 0;
            for (int i = 0; i < 81; i++) {
                if (values[i] != before[i]) {
                    changed++;
                    assertThat(values[i]).isCloseTo((float) mean, within(EXACT));
                }
            }
            assertThat(changed).isIn(4, 6, 9);
            covered += changed;
        }
        // One of 3 rows is missing with the middle at either edge, 2 of 9 times: 3 - 2/9 of them are there on average.
        double rows = 3 - 2 / 9.0;
        assertThat(covered / MANY).isCloseTo(rows * rows, within(5 * 1.7 / Math.sqrt(MANY)));
    }

    @Test
    void noiseIsNormal() {
        Image image = new Image(1, 100, 100, new float[10_000]);
        double[] values = doubles(new Noise(0.5).apply(image, draws(1)));

        double mean = DoubleStream.of(values).average().orElseThrow();
        double variance = DoubleStream.of(values).map(x -> x * x).average().orElseThrow();
        double fourth =
                DoubleStream.of(values).map(x -> x * x * x * x).average().orElseThrow();
        assertThat(mean).isCloseTo(0, within(5 * 0.5 / 100));
        assertThat(variance).isCloseTo(0.25, within(5 * 0.25 * Math.sqrt(2) / 100));
        assertThat(fourth).isCloseTo(3 * 0.0625, within(5 * 0.0625 * Math.sqrt(96) / 100));
        double pairs = IntStream.range(1, values.length)
                .mapToDouble(i -> values[i] * values[i - 1])
                .average()
                .orElseThrow();
        assertThat(pairs).as("neighbours are independent").isCloseTo(0, within(5 * 0.25 / 100));
    }

    @Test
    void mixupIsAWeightedMean() {
        double sum = 0;
        double squares = 0;
        for (int example = 0; example < MANY; example++) {
            Image image = new Image(1, 1, 2, 1, 2);
            double share = new Mixup(0.4).mix(image, new Image(1, 1, 2, 0, 4), draws(example));
            assertThat(share).isBetween(0.0, 1.0);
            assertThat((double) image.values()[0]).isCloseTo(share, within(1e-6));
            assertThat((double) image.values()[1]).isCloseTo(4 - 2 * share, within(1e-6));
            sum += share;
            squares += (share - 0.5) * (share - 0.5);
        }
        // Beta(a, a) has the mean 1/2 and the variance 1 / (4·(2a + 1)).
        double variance = 1 / (4 * 1.8);
        assertThat(sum / MANY).isCloseTo(0.5, within(5 * Math.sqrt(variance / MANY)));
        assertThat(squares / MANY).isCloseTo(variance, within(5 * 0.09 / Math.sqrt(MANY)));
    }

    @Test
    void theLabelOfCutMixIsTheShareOfPixels() {
        double sum = 0;
        for (int example = 0; example < MANY; example++) {
            Image image = new Image(1, 7, 5, new float[35]);
            Arrays.fill(image.values(), 1);
            double share = new CutMix(1).mix(image, new Image(1, 7, 5, new float[35]), draws(example));
            assertThat(DoubleStream.of(doubles(image)).sum()).isEqualTo(share * 35, within(1e-9));
            sum += share;
        }
        assertThat(sum / MANY).isBetween(0.5, 0.75); // above 1/2, because boxes are cut off at the border
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        for (Supplier<Augmentation> wrong : List.<Supplier<Augmentation>>of(
                () -> Rotation.by(-1),
                () -> Rotation.by(Double.NaN),
                () -> Scale.by(0, 1),
                () -> Scale.by(2, 1),
                () -> Translation.by(1.5, 0),
                () -> Shear.by(90, 0),
                () -> new HorizontalFlip(1.1),
                () -> new VerticalFlip(-0.1),
                () -> Crop.padded(-1),
                () -> new ResizedCrop(List.of(0.5), List.of(1.0, 1.0)),
                () -> new ResizedCrop(List.of(0.5, 1.5), List.of(1.0, 1.0)),
                () -> new ResizedCrop(List.of(0.5, 1.0), List.of(0.0, 1.0)),
                () -> new Elastic(-1, 1, Border.ZEROS),
                () -> new Elastic(1, 0, Border.ZEROS),
                () -> new ColorJitter(-1, 0, 0, 0),
                () -> new ColorJitter(0, 0, 0, 0.6),
                () -> Cutout.of(0),
                () -> new Cutout(2, Double.NaN),
                () -> new Noise(-1),
                () -> new Mixup(0),
                () -> new CutMix(Double.POSITIVE_INFINITY))) {
            assertThatThrownBy(wrong::get)
                    .isInstanceOfSatisfying(
                            GradusException.class, e -> assertThat(e.kind()).isEqualTo("augment-range"));
        }
        assertThatThrownBy(() -> new Image(1, 2, 2, 0, 0, 0)).hasMessageContaining("has 4 values, but 3 were given");
    }

    @Test
    void bordersContinueTheImage() {
        assertThat(inside(Border.ZEROS)).containsExactly(-1, -1, -1, 0, 1, 2, -1, -1, -1);
        assertThat(inside(Border.EDGE)).containsExactly(0, 0, 0, 0, 1, 2, 2, 2, 2);
        assertThat(inside(Border.REFLECT)).containsExactly(1, 2, 1, 0, 1, 2, 1, 0, 1);
        assertThat(Border.REFLECT.inside(-5, 1)).isZero();
    }

    private static int[] inside(Border border) {
        return IntStream.rangeClosed(-3, 5).map(i -> border.inside(i, 3)).toArray();
    }

    /// A number for each example.
    @FunctionalInterface
    private interface Drawn {
        double of(int example);
    }

    private static void uniform(double low, double high, Drawn number) {
        double[] values = IntStream.range(0, MANY).mapToDouble(number::of).toArray();
        double width = high - low;
        double mean = DoubleStream.of(values).average().orElseThrow();
        double variance = DoubleStream.of(values)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        assertThat(DoubleStream.of(values).min().orElseThrow()).isBetween(low - EXACT, low + 0.01 * width);
        assertThat(DoubleStream.of(values).max().orElseThrow()).isBetween(high - 0.01 * width, high + EXACT);
        assertThat(mean).isCloseTo((low + high) / 2, within(5 * width / Math.sqrt(12.0 * MANY)));
        assertThat(variance).isCloseTo(width * width / 12, within(5 * width * width / Math.sqrt(180.0 * MANY)));
    }

    private static Draws draws(int example) {
        return Draws.of(7, 0, 3, example);
    }

    private static Image random(int example, int... size) {
        Draws random = Draws.of(1, 9, 0, example);
        float[] values = new float[size[0] * size[1] * size[2]];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.uniform();
        }
        return new Image(size[0], size[1], size[2], values);
    }

    private static Image smooth(int size) {
        float[] values = new float[size * size];
        for (int i = 0; i < values.length; i++) {
            int row = i / size;
            values[i] = (float) (0.5 + 0.25 * Math.sin(i % size / 5.0) + 0.25 * Math.cos(row / 5.0));
        }
        return new Image(1, size, size, values);
    }

    private static double[] doubles(Image image) {
        return IntStream.range(0, image.values().length)
                .mapToDouble(i -> image.values()[i])
                .toArray();
    }
}
