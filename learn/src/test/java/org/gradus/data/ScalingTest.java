package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.junit.jupiter.api.Test;

class ScalingTest {
    /// Two features; the second never changes.
    private final Examples training = examples(1, 5, 2, 5, 6, 5);

    @Test
    void standardizedFeaturesHaveMean0AndDeviation1() {
        Examples scaled = Scaling.standardizing(training).apply(training);

        double deviation = Math.sqrt((4 + 1 + 9) / 3.0);
        assertThat(scaled.features().toDoubles())
                .containsExactly(new double[] {-2 / deviation, 0, -1 / deviation, 0, 3 / deviation, 0}, within(1e-15));
    }

    @Test
    void constantFeaturesThatRoundBadlyBecome0() {
        double[] tenths = new double[30];
        Arrays.fill(tenths, 0.1);
        Examples same = examples(tenths);

        assertThat(Scaling.standardizing(same).apply(same).features().toDoubles())
                .containsExactly(new double[30], within(1e-15));
    }

    @Test
    void otherPartsAreScaledAsTheTrainingPart() {
        Examples other = examples(11, 7);

        assertThat(Scaling.toUnitRange(training).apply(training).features().toDoubles())
                .containsExactly(0, 0, 0.2, 0, 1, 0);
        assertThat(Scaling.toUnitRange(training).apply(other).features().toDoubles())
                .containsExactly(2, 2);
        assertThat(Scaling.by(Shape.of(2), 2).apply(other).features().toDoubles())
                .containsExactly(5.5, 3.5);
    }

    @Test
    void integersBecomeFloat32() {
        Array counts = Array.of(Shape.of(3, 2), 1, 5, 2, 5, 6, 5);
        Array scaled =
                Scaling.by(Shape.of(2), 4).apply(training.withFeatures(counts)).features();

        assertThat(scaled.type().type()).isEqualTo(Type.FLOAT32);
        assertThat(scaled.toDoubles()).containsExactly(0.25, 1.25, 0.5, 1.25, 1.5, 1.25);
    }

    @Test
    void imagesAreStandardizedChannelByChannel() {
        double[] pixels = {1, 3, 5, 5, 5, 7, 5, 5}; // two images of two channels, 1x2 pixels
        Examples images = new Examples(Array.of(Shape.of(2, 2, 1, 2), pixels), Array.of(Shape.of(2), 0L, 0), List.of());
        Scaling scaling = Scaling.standardizing(images);

        assertThat(scaling.centers()).containsExactly(4, 5);
        assertThat(scaling.spreads()).containsExactly(Math.sqrt(5), 1);
        assertThat(scaling.apply(images).features().toDoubles())
                .containsExactly(-3 / Math.sqrt(5), -1 / Math.sqrt(5), 0, 0, 1 / Math.sqrt(5), 3 / Math.sqrt(5), 0, 0);
        assertThat(Scaling.toUnitRange(images).apply(images).features().toDoubles())
                .containsExactly(new double[] {0, 1 / 3.0, 0, 0, 2 / 3.0, 1, 0, 0}, within(1e-15));
    }

    /// Bytes are scaled by their 256 values. Scaled as floats they must give the same bits.
    @Test
    void imagesOfBytesAreScaledAsTheirFloatsAre() {
        byte[] bytes = new byte[2 * 3 * 4 * 5];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (37 * i);
        }
        Array labels = Array.of(Shape.of(2), 0L, 0);
        Examples packed = new Examples(Features.Pixels.of(Shape.of(2, 3, 4, 5), bytes), labels, List.of());
        Examples floats = new Examples(packed.features(), labels, List.of());
        Scaling scaling = Scaling.standardizing(packed);
        Scaling twice = Scaling.of(new Form.Image(3, 4, 5), new double[] {1, 2, 3}, new double[] {4, 5, 6});
        Scaling each = Scaling.by(Shape.of(3, 4, 5), 3);

        assertThat(scaling.centers()).isEqualTo(Scaling.standardizing(floats).centers());
        assertThat(twice.apply(scaling.apply(packed)).features().storage())
                .isEqualTo(twice.apply(scaling.apply(floats)).features().storage());
        assertThat(each.apply(packed).features().storage())
                .isEqualTo(each.apply(floats).features().storage());
        assertThat(scaling.apply(packed.features()).storage())
                .isEqualTo(scaling.apply(packed).features().storage());
    }

    @Test
    void aScalingIsKeptAsTwoLists() {
        Scaling fitted = Scaling.standardizing(training);
        Scaling kept = Scaling.of(new Form.Row(List.of("a", "b")), fitted.centers(), fitted.spreads());

        assertThat(kept.apply(training).features().toDoubles())
                .isEqualTo(fitted.apply(training).features().toDoubles());
        assertThatThrownBy(() -> Scaling.of(new Form.Image(3, 8, 8), fitted.centers(), fitted.spreads()))
                .hasMessageStartingWith(
                        "A scaling of inputs [3, 8, 8] has 3 centers and as many spreads, but there are 2");
    }

    @Test
    void aScalingFitsOneShape() {
        assertThatThrownBy(() -> Scaling.by(Shape.of(3), 2).apply(training))
                .hasMessageStartingWith("The scaling is for features [3], but the examples have [2].");
    }

    @Test
    void aSpreadIsANumberOtherThan0() {
        assertThatThrownBy(() -> Scaling.by(Shape.of(2), 0)).hasMessageContaining("Feature 0");
        assertThatThrownBy(() -> Scaling.standardizing(examples(1, 2, Double.NaN, 4)))
                .hasMessageContaining("NaN or infinite features");
    }

    @Test
    void nothingFitsNoExamples() {
        assertThatThrownBy(() -> Scaling.standardizing(training.part())).hasMessageContaining("there are none");
    }

    private static Examples examples(double... features) {
        int size = features.length / 2;
        return new Examples(Array.of(Shape.of(size, 2), features), Array.of(Shape.of(size), new long[size]), List.of());
    }
}
