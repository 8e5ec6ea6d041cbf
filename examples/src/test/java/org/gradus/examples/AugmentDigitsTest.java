package org.gradus.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.gradus.metrics.ClassificationReport;
import org.junit.jupiter.api.Test;

class AugmentDigitsTest {
    @Test
    void itLearns() {
        ClassificationReport report = AugmentDigits.report(8);

        assertThat(report.accuracy()).isGreaterThan(0.9);
        assertThat(report.classes()).hasSize(10);
    }
}
