package org.gradus.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainFromTomlTest {
    @Test
    void theDigitsAreLearnt(@TempDir Path folder) {
        assertThat(TrainFromToml.train(folder).get("accuracy")).isGreaterThanOrEqualTo(0.95);
    }
}
