package org.gradus.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.strategies.Strategy;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.Test;

class TrainInPartsTest {
    @Test
    void deepSupervisionLearnsTheDigits() {
        assertThat(accuracy(TrainInParts.deeplySupervised())).isGreaterThanOrEqualTo(0.94);
    }

    /// By its loss: the logarithm of an average is at least the average of the logarithms.
    @Test
    void anEnsembleIsNoWorseThanItsMembersOnAverage() {
        Map<String, Map<String, Double>> measured = TrainInParts.ensemble().measured();
        double mean = measured.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("member"))
                .mapToDouble(entry -> entry.getValue().getOrDefault("loss", Double.NaN))
                .average()
                .orElseThrow();

        assertThat(measured).hasSize(6);
        assertThat(measured.get("together").getOrDefault("loss", Double.NaN)).isLessThan(mean);
    }

    @Test
    void preTrainingEndsWithAClassifier() {
        Strategy.Result result = TrainInParts.pretrained();

        assertThat(result.measured()).containsOnlyKeys("pretraining-1", "pretraining-2", "fine-tuning");
        assertThat(result.measured().get("fine-tuning").getOrDefault("accuracy", 0.0))
                .isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void aCurriculumEndsWithAllExamples() {
        assertThat(accuracy(TrainInParts.curriculum())).isGreaterThanOrEqualTo(0.93);
    }

    private static double accuracy(Trainer trainer) {
        Examples all = Datasets.digits();
        Split split = Split.stratified(all, 0);
        return trainer.evaluate(
                        split.with(Scaling.standardizing(split.training())).test())
                .getOrDefault("accuracy", 0.0);
    }
}
