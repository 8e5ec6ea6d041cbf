package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Test
    void eachClassIsCutInTheShares() {
        Split split = Split.stratified(Datasets.iris(), 3);

        assertThat(split).hasToString("[90, 30, 30] examples");
        for (Examples part : List.of(split.training(), split.validation(), split.test())) {
            for (long label = 0; label < 3; label++) {
                long wanted = label;
                assertThat(Arrays.stream(part.labels().toLongs()).filter(l -> l == wanted))
                        .hasSize(part.size() / 3);
            }
        }
    }

    @Test
    void everyExampleGoesToOnePart() {
        Examples numbered = numbered(101);
        Split split = Split.stratified(numbered, 3);

        double[] all = Stream.of(split.training(), split.validation(), split.test())
                .flatMapToDouble(part -> DoubleStream.of(part.features().toDoubles()))
                .sorted()
                .toArray();
        assertThat(all).isEqualTo(numbered.features().toDoubles());
        assertThat(split.training().features().toDoubles()).isSorted();
    }

    @Test
    void theSeedAloneDecides() {
        assertThat(part(3)).isEqualTo(part(3)).isNotEqualTo(part(4));
    }

    @Test
    void oddSizesAreRounded() {
        assertThat(Split.stratified(numbered(1), 0)).hasToString("[1, 0, 0] examples");
        assertThat(Split.stratified(numbered(0), 0)).hasToString("[0, 0, 0] examples");
        assertThat(Split.stratified(numbered(10), 0, 1, 0)).hasToString("[10, 0, 0] examples");
    }

    @Test
    void sharesAreShares() {
        assertThatThrownBy(() -> Split.stratified(numbered(9), 0, 0.9, 0.2)).hasMessageContaining("are 0.9 and 0.2");
        assertThatThrownBy(() -> Split.stratified(numbered(9), 0, Double.NaN, 0.2))
                .hasMessageContaining("NaN");
    }

    @Test
    void labelsAreClasses() {
        Array numbers = Array.of(Shape.of(2), 1f, 2f);
        assertThatThrownBy(() -> Split.stratified(new Examples(numbers, numbers, List.of()), 0))
                .hasMessageContaining("the labels are float32[2]");
    }

    private static double[] part(long seed) {
        return Split.stratified(numbered(50), seed).training().features().toDoubles();
    }

    /// One class; feature and position are the same.
    private static Examples numbered(int size) {
        float[] numbers = new float[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = i;
        }
        return new Examples(Array.of(Shape.of(size, 1), numbers), Array.of(Shape.of(size), new long[size]), List.of());
    }
}
