package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.gradus.base.Array;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.junit.jupiter.api.Test;

class DatasetsTest {
    @Test
    void digitsAreTheTestImagesOfUci() {
        Examples digits = Datasets.digits();

        assertThat(digits.features().type()).isEqualTo(TensorType.of(Type.FLOAT32, 1797, 64));
        assertThat(counts(digits.labels(), 10)).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
        assertThat(Arrays.stream(digits.features().toDoubles()).max()).hasValue(16);
        assertThat(Arrays.stream(digits.features().toDoubles()).sum()).isEqualTo(561718);
        assertThat(Arrays.copyOf(digits.features().toDoubles(), 8)).containsExactly(0, 0, 5, 13, 9, 1, 0, 0);
        assertThat(digits.classes()).hasSize(10).endsWith("9");
    }

    @Test
    void irisIsAsFisherPrintedIt() {
        Examples iris = Datasets.iris();

        assertThat(iris.features().type()).isEqualTo(TensorType.of(Type.FLOAT32, 150, 4));
        assertThat(counts(iris.labels(), 3)).containsExactly(50, 50, 50);
        assertThat(iris.part(34, 37).features().toDoubles())
                .containsExactly(new double[] {4.9f, 3.1f, 1.5f, 0.2f, 4.9f, 3.6f, 1.4f, 0.1f});
        assertThat(iris.classes()).containsExactly("setosa", "versicolor", "virginica");
    }

    private static long[] counts(Array labels, int classes) {
        return LongStream.range(0, classes)
                .map(label ->
                        Arrays.stream(labels.toLongs()).filter(l -> l == label).count())
                .toArray();
    }
}
