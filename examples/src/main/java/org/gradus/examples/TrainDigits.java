package org.gradus.examples;

import java.util.Map;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Datasets;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.nn.Mlp;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// Trains a perceptron with one hidden layer on the bundled digits, as `gradus train` does.
public final class TrainDigits {
    private TrainDigits() {}

    /// Prints the test accuracy.
    public static void main(String[] args) {
        System.out.println(train(20));
    }

    /// Loss and accuracy on the test part after that many epochs.
    static Map<String, Double> train(int epochs) {
        Split digits = Split.stratified(Datasets.digits(), 0).with(Scaling.by(Shape.of(64), 16));
        Optimizer optimizer = Optimizer.of(0.1, Sgd.of(0.9));
        Recipe recipe = Recipe.classifier(Mlp.of(64, 10), optimizer, 16, epochs);
        Trainer trainer = new Trainer(new Session(7, Type.FLOAT32), recipe);
        trainer.fit(digits.training(), digits.validation());
        return trainer.evaluate(digits.test());
    }
}
