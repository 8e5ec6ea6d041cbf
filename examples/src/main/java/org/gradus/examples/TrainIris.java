package org.gradus.examples;

import java.util.Map;
import org.gradus.base.Type;
import org.gradus.data.Datasets;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.nn.Mlp;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.run.Session;
import org.gradus.train.EarlyStopping;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// A perceptron for the three species of irises, stopped when the validation part gets no better.
public final class TrainIris {
    private TrainIris() {}

    /// Prints loss and accuracy on the test part.
    public static void main(String[] args) {
        System.out.println(train(200));
    }

    /// Loss and accuracy on the test part after at most that many epochs.
    static Map<String, Double> train(int epochs) {
        Split irises = Split.of(Datasets.iris(), 0);
        irises = irises.with(Scaling.standardizing(irises.training()));
        Recipe recipe = Recipe.classifier(Mlp.of(16, 3), Optimizer.of(0.01, Adam.of()), 16, epochs)
                .until(EarlyStopping.min("val_loss", 20));
        Trainer trainer = new Trainer(new Session(1, Type.FLOAT32), recipe);
        trainer.fit(irises.training(), irises.validation());
        return trainer.evaluate(irises.test());
    }
}
