package org.gradus.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gradus.config.Configuration;
import org.gradus.config.Experiment;
import org.gradus.config.TrainedModel;
import org.gradus.train.Checkpoints;
import org.gradus.train.Trainer;

/// A training that a TOML text describes, and the trained model found again in its folder.
public final class TrainFromToml {
    private TrainFromToml() {}

    /// Trains a perceptron on the bundled digits; prints how good it is.
    public static void main(String... arguments) throws IOException {
        System.out.println(train(Files.createTempDirectory("gradus")));
    }

    /// Loss and accuracy on the test part.
    ///
    /// @param folder gets the checkpoints
    static Map<String, Double> train(Path folder) {
        Experiment experiment = Configuration.parse("digits.toml", """
                [model]
                name = "mlp"
                hidden = [32]
                [training]
                epochs = 10
                """).experiment();
        Trainer trainer = experiment.trainer();
        trainer.keep(Checkpoints.in(folder.resolve("checkpoints")).with(experiment.notes()));
        trainer.fit(experiment.training(), experiment.split().validation());

        TrainedModel model = TrainedModel.read(folder);
        return model.evaluate(experiment.split().test());
    }
}
