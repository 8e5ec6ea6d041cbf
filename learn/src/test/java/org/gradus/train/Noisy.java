package org.gradus.train;

import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.data.Examples;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.ops.Randoms;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;

/// Training in which everything counts that a checkpoint must keep: random numbers inside the model, a buffer that the
/// model changes, momentum, a learning rate that follows steps and epochs, orders of examples, a short last batch.
final class Noisy {
    static final int EXAMPLES = 22;
    static final int BATCH = 4;
    static final int BATCHES = 6;

    private Noisy() {}

    static Session session() {
        return new Session(5, Type.FLOAT32, 1);
    }

    static Examples examples() {
        float[] features = new float[EXAMPLES * 3];
        float[] labels = new float[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            for (int k = 0; k < 3; k++) {
                features[3 * i + k] = (float) Math.sin(1 + 7.3 * i + 2.1 * k);
            }
            labels[i] = features[3 * i] - 2 * features[3 * i + 1];
        }
        return new Examples(
                Array.of(Shape.of(EXAMPLES, 3), features), Array.of(Shape.of(EXAMPLES, 1), labels), List.of());
    }

    static Recipe recipe(int epochs) {
        Optimizer optimizer = new Optimizer(
                progress -> 0.01 / (1 + 0.01 * progress.step()) + 1e-3 / (1 + progress.epochsDone()), Sgd.of(0.9));
        return new Recipe(
                Noisy::forward,
                Losses::meanSquaredError,
                Map.of("size", (output, labels) -> output.squared().mean()),
                optimizer,
                BATCH,
                epochs);
    }

    private static Tensor forward(Scope scope, Tensor x) {
        Tensor hidden = scope.call("hidden", Linear.of(5), x);
        if (scope.mode() == Scope.Mode.TRAIN) {
            Tensor mean = scope.buffer("running_mean", TensorType.of(Type.FLOAT32, 5), Initial.constant(0));
            scope.assign(mean, mean.times(0.9).plus(hidden.mean(0).times(0.1)));
            hidden = Randoms.dropout(scope.random(), hidden, 0.3).plus(mean);
        }
        return scope.call("last", Linear.of(1), hidden);
    }
}
