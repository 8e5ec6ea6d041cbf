package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private final Examples three = new Examples(
            Array.of(Shape.of(3, 1, 2), 1f, 2f, 3f, 4f, 5f, 6f),
            Array.of(Shape.of(3), 0L, 1L, 1L),
            List.of("no", "yes"));

    @Test
    void aBatchHoldsTheExamplesAskedForInThatOrder() {
        Batch batch = three.batch(2, 0, 2);

        assertThat(batch.size()).isEqualTo(3);
        assertThat(batch.features().shape()).isEqualTo(Shape.of(3, 1, 2));
        assertThat(batch.features().toDoubles()).containsExactly(5, 6, 1, 2, 5, 6);
        assertThat(batch.labels().toLongs()).containsExactly(1, 0, 1);
    }

    @Test
    void aPartIsADataSetOfItsOwn() {
        Examples part = three.part(1);

        assertThat(part.size()).isEqualTo(1);
        assertThat(part.batch(0).features().toDoubles()).containsExactly(3, 4);
        assertThat(part.classes()).isEqualTo(three.classes());
        assertThat(three.part().size()).isZero();
    }

    @Test
    void imagesOfBytesBecomeFloatsFrom0To1() {
        byte[] bytes = {0, (byte) 255, 51, 102, (byte) 128, (byte) 204, 1, 2};
        Examples images = new Examples(
                Features.Pixels.of(Shape.of(2, 1, 2, 2), bytes), Array.of(Shape.of(2), 0L, 1), List.of("a", "b"));

        assertThat(images).hasToString("2 examples [1, 2, 2]");
        assertThat(images.batch(1, 0).features().storage())
                .isEqualTo(new float[] {128 / 255f, 204 / 255f, 1 / 255f, 2 / 255f, 0, 1, 51 / 255f, 102 / 255f});
        assertThat(images.part(1).features().toDoubles())
                .isEqualTo(images.batch(1).features().toDoubles());
        assertThat(images.part(1).labels().toLongs()).containsExactly(1);
        assertThat(images.part().size()).isZero();
        assertThatThrownBy(() -> images.batch(-1)).hasMessageStartingWith("Example -1 was asked of a data set of 2");
    }

    @Test
    void weightsAreOneInTheMeanOfEachPart() {
        Examples weighted = three.weighted(1, 0, 5);

        assertThat(three.batch(0).weights()).isNull();
        assertThat(weighted.batch(2, 0, 1).weights().toDoubles()).containsExactly(2.5, 0.5, 0);
        assertThat(weighted.part(0, 1).batch(0, 1).weights().toDoubles()).containsExactly(2, 0);
        assertThat(weighted.withLabels(three.labels()).weights()).containsExactly(1, 0, 5);
        assertThat(weighted.withFeatures(three.features()).weights()).containsExactly(1, 0, 5);
        assertThat(new Unweighted(weighted).pass(1, 2).batch(0).weights()).isNull();
        assertThat(weighted.unweighted().batch(0).weights()).isNull();
        for (double[] none : new double[][] {{1, 2}, {0, 0, 0}, {1, -1, 2}, {1, Double.NaN, 2}}) {
            assertThatThrownBy(() -> three.weighted(none))
                    .isInstanceOf(GradusException.class)
                    .hasMessageStartingWith("Each of 3 examples has a weight of 0 or more");
        }
        assertThatThrownBy(() -> weighted.part(1)).hasMessageStartingWith("Each of 1 examples");
    }

    @Test
    void aPositionOutsideIsToldWithTheSize() {
        assertThatThrownBy(() -> three.batch(3))
                .isInstanceOf(GradusException.class)
                .hasMessageStartingWith("Example 3 was asked of a data set of 3, whose examples are 0 to 2.");
    }

    @Test
    void featuresAndLabelsComeInPairs() {
        assertThatThrownBy(() -> new Examples(three.features(), Array.of(Shape.of(2), 0L, 1L), List.of()))
                .hasMessageContaining("the features are float32[3, 1, 2] and the labels int64[2]");
    }

    @Test
    void everyClassHasAName() {
        assertThatThrownBy(
                        () -> new Examples(three.features(), Array.of(Shape.of(3), 0L, 2L, 1L), List.of("no", "yes")))
                .hasMessageContaining("Example 1 has the label 2, but there are 2 classes");
    }
}
