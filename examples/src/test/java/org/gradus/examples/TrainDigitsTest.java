package org.gradus.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrainDigitsTest {
    @Test
    void learnsTheDigits() {
        assertThat(TrainDigits.train(8).get("accuracy")).isGreaterThan(0.95);
    }
}
