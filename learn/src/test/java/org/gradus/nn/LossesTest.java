package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.gradus.base.Shape;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class LossesTest {
    private final Tensor logits = Eager.tensor(Shape.of(2, 3), 1.0, 2, 3, 1000, 0, 0);

    @Test
    void crossEntropyIsMinusTheLogOfTheRightProbability() {
        double first = -Math.log(Math.exp(1) / (Math.exp(1) + Math.exp(2) + Math.exp(3)));

        assertThat(Losses.crossEntropy(logits, Eager.tensor(0L, 0L)).item()).isCloseTo(first / 2, within(1e-15));
        assertThat(Losses.crossEntropy(logits, Eager.tensor(0L, 1L)).item())
                .isCloseTo((first + 1000) / 2, within(1e-12));
    }

    @Test
    void meanSquaredErrorIsOverAllElements() {
        Tensor labels = Eager.tensor(Shape.of(2, 3), 1.0, 2, 6, 1000, 3, 0);

        assertThat(Losses.meanSquaredError(logits, labels).item()).isEqualTo(3);
    }

    @Test
    void accuracyIsTheShareOfRightClasses() {
        assertThat(Metric.accuracy(logits, Eager.tensor(2L, 1L)).item()).isEqualTo(0.5);
        assertThat(Metric.accuracy(logits, Eager.tensor(2, 0)).item()).isEqualTo(1);
        assertThat(Metric.accuracy(logits, Eager.tensor(0L, 2L)).item()).isEqualTo(0);
    }
}
