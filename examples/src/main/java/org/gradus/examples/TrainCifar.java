package org.gradus.examples;

import java.nio.file.Path;
import java.util.Map;
import org.gradus.base.Type;
import org.gradus.data.DataFiles;
import org.gradus.data.Reading;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.nn.ResNet;
import org.gradus.optim.DecayWeights;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Schedules;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.ProgressPrinter;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// A residual network on the photos of CIFAR-10, from the folder with its binary files. The learning rate follows a
/// cosine, and weights decay, but not biases and norms.
public final class TrainCifar {
    private TrainCifar() {}

    /// Prints the progress, and loss and accuracy on the test images.
    ///
    /// @param args the folder, then the epochs (10 if there are none)
    public static void main(String[] args) {
        DataFiles photos = DataFiles.read(Path.of(args[0]), Reading.DEFAULT);
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        System.out.println(train(photos.split(0), 20, epochs));
    }

    /// Loss and accuracy on the test part.
    ///
    /// @param depth of the network, 6n + 2
    static Map<String, Double> train(Split photos, int depth, int epochs) {
        Split scaled = photos.with(Scaling.standardizing(photos.training()));
        Optimizer optimizer = new Optimizer(
                Schedules.cosine(0.1, 0, epochs).byEpoch(),
                DecayWeights.coupled(1e-4).then(Sgd.of(0.9)));
        Recipe recipe = Recipe.classifier(new ResNet(depth, 10), optimizer, 128, epochs);
        Trainer trainer = new Trainer(
                new Session(1, Type.FLOAT32), recipe, new ProgressPrinter(System.out, ProgressPrinter.Style.LINES));
        trainer.fit(scaled.training(), scaled.validation());
        return trainer.evaluate(scaled.test());
    }
}
