package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
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
        assertThat(Split.stratified(numbered(11), 0)).hasToString("[7, 2, 2] examples");
        assertThat(Split.stratified(numbered(3), 0)).hasToString("[1, 1, 1] examples");
        assertThat(Split.stratified(numbered(0), 0)).hasToString("[0, 0, 0] examples");
        assertThat(Split.stratified(numbered(10), 0, 1, 0)).hasToString("[10, 0, 0] examples");
        assertThat(Split.stratified(numbered(1), 0, 0, 0)).hasToString("[0, 0, 1] examples");
        assertThat(Split.stratified(numbered(5), 0, 0.99, 0.005)).hasToString("[3, 1, 1] examples");
    }

    @Test
    void aClassIsAtLeastAsLargeAsThereAreParts() {
        assertThatThrownBy(() -> Split.of(numbered(2), 0))
                .hasMessageStartingWith("The class 0 has 2 examples, but a split into 3 parts");
        Examples named = new Examples(
                Array.of(Shape.of(4, 1), 1f, 2f, 3f, 4f), Array.of(Shape.of(4), 0L, 0, 1, 0), List.of("a", "rare"));
        assertThatThrownBy(() -> Split.of(named, 0)).hasMessageStartingWith("The class `rare` has 1 example,");
        assertThat(Split.of(named, 0, 1, 0)).hasToString("[4, 0, 0] examples");
    }

    @Test
    void numbersToPredictAreCutAlike() {
        double[] numbers = new double[50];
        Arrays.setAll(numbers, i -> i);
        Array column = Array.of(Shape.of(50, 1), numbers);
        Split split = Split.of(new Examples(column, column, List.of()), 5);

        assertThat(split).hasToString("[30, 10, 10] examples");
        assertThat(split.test().features().toDoubles())
                .isSorted()
                .isEqualTo(split.test().labels().toDoubles())
                .isNotEqualTo(IntStream.range(40, 50).asDoubleStream().toArray());
        assertThatThrownBy(() -> Split.of(split.test().part(1, 2), 5))
                .hasMessageStartingWith("The data set has 2 examples, but a split into 3 parts");
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
