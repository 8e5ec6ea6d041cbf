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
