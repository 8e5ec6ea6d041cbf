package org.gradus.examples;

import java.util.Map;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Datasets;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.nn.Activation;
import org.gradus.nn.Linear;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.run.Session;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// A layer of one's own: a record with a `forward`, made of layers and ops. Derivatives, plans, names of parameters and
/// checkpoints follow from it.
public final class CustomLayer {
    private CustomLayer() {}

    /// A highway layer (R. K. Srivastava et al., *Highway Networks*, 2015): a gate decides how much of the input is
    /// changed, `y = gate · relu(change) + (1 - gate) · x`. `[batch, width]` to the same.
    record Highway(int width) implements Layer {
        @Override
        public Tensor forward(Scope scope, Tensor x) {
            Tensor gate = scope.call("gate", Linear.of(width), x).minus(1).sigmoid();
            Tensor change = Activation.RELU.forward(scope, scope.call("change", Linear.of(width), x));
            return gate.times(change).plus(gate.times(-1).plus(1).times(x));
        }
    }

    /// Prints loss and accuracy on the test part of the digits.
    public static void main(String[] args) {
        System.out.println(train(20));
    }

    /// Loss and accuracy after that many epochs.
    static Map<String, Double> train(int epochs) {
        Split digits = Split.of(Datasets.digits(), 0).with(Scaling.by(Shape.of(64), 16));
        Layer model = Sequential.of(Linear.of(48), new Highway(48), new Highway(48), new Highway(48), Linear.of(10));
        Recipe recipe = Recipe.classifier(model, Optimizer.of(0.003, Adam.of()), 32, epochs);
        Trainer trainer = new Trainer(new Session(3, Type.FLOAT32), recipe);
        trainer.fit(digits.training(), digits.validation());
        return trainer.evaluate(digits.test());
    }
}
