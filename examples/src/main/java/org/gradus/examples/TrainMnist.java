package org.gradus.examples;

import java.nio.file.Path;
import java.util.Map;
import org.gradus.base.Type;
import org.gradus.data.DataFiles;
import org.gradus.data.Reading;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.nn.LeNet;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.ProgressPrinter;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// LeNet on the handwritten digits of MNIST, from the folder with its four files.
public final class TrainMnist {
    private TrainMnist() {}

    /// Prints the progress, and loss and accuracy on the test images.
    ///
    /// @param args the folder, then the epochs (5 if there are none)
    public static void main(String[] args) {
        DataFiles mnist = DataFiles.read(Path.of(args[0]), Reading.DEFAULT);
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        System.out.println(train(mnist.split(0), epochs));
    }

    /// Loss and accuracy on the test part.
    static Map<String, Double> train(Split digits, int epochs) {
        Split scaled = digits.with(Scaling.standardizing(digits.training()));
        Recipe recipe = Recipe.classifier(new LeNet(10), Optimizer.of(0.01, Sgd.of(0.9)), 64, epochs);
        Trainer trainer = new Trainer(
                new Session(1, Type.FLOAT32), recipe, new ProgressPrinter(System.out, ProgressPrinter.Style.LINES));
        trainer.fit(scaled.training(), scaled.validation());
        return trainer.evaluate(scaled.test());
    }
}
