package org.gradus.examples;

import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Dataset;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.data.augment.Augmented;
import org.gradus.data.augment.Mixup;
import org.gradus.data.augment.Rotation;
import org.gradus.data.augment.Translation;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.metrics.ClassificationReport;
import org.gradus.nn.Activation;
import org.gradus.nn.Flatten;
import org.gradus.nn.Linear;
import org.gradus.nn.Sequential;
import org.gradus.ops.Softmax;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// Digits that are turned, shifted and mixed at random while a perceptron learns them, and a report on what it learnt.
public final class AugmentDigits {
    private AugmentDigits() {}

    /// Trains for a few epochs; prints the report.
    public static void main(String... arguments) {
        System.out.println(report(20));
    }

    /// How good it is on the test part.
    static ClassificationReport report(int epochs) {
        Examples all = Datasets.digits();
        Examples images = all.withFeatures(
                Scaling.by(Shape.of(64), 16).apply(all.features()).reshaped(Shape.of(all.size(), 1, 8, 8)));
        Split split = Split.of(images, 0);
        Scaling scaling = Scaling.standardizing(split.training());
        Dataset training = Augmented.of(split.training(), Rotation.by(10), Translation.by(0.05, 0.05), new Mixup(0.2))
                .scaled(scaling);

        Layer model = Sequential.of(new Flatten(), Linear.of(64), Activation.RELU, Linear.of(10));
        Session session = new Session(0, Type.FLOAT32);
        Trainer trainer = new Trainer(session, Recipe.classifier(model, Optimizer.of(0.003, Adam.of()), 32, epochs));
        trainer.loaders(2);
        trainer.fit(training);

        Step predict = session.step(
                "predict",
                Scope.Mode.EVAL,
                (scope, inputs) -> List.of(Softmax.softmax(model.forward(scope, inputs.getFirst()), -1)));
        Examples test = scaling.apply(split.test());
        return ClassificationReport.of(
                test.classes(), predict.run(test.features()).getFirst(), test.labels());
    }
}
