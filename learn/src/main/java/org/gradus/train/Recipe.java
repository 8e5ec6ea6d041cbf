package org.gradus.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.base.GradusException;
import org.gradus.graph.Layer;
import org.gradus.nn.Loss;
import org.gradus.nn.Losses;
import org.gradus.nn.Metric;
import org.gradus.optim.Optimizer;
import org.jspecify.annotations.Nullable;

/// What to train, and how: everything but the data and the numbers.
///
/// @param model from `[batch, …]` features to `[batch, …]` outputs
/// @param loss what is made small
/// @param metrics what people want to know besides, by name
/// @param optimizer how parameters change
/// @param batch the examples in each step
/// @param epochs the passes over the training data, at most
/// @param earlyStopping when to end before, if ever
public record Recipe(
        Layer model,
        Loss loss,
        Map<String, Metric> metrics,
        Optimizer optimizer,
        int batch,
        int epochs,
        @Nullable EarlyStopping earlyStopping) {
    /// @throws GradusException when a batch or a run would be empty, or a metric is called `loss`
    public Recipe {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        if (batch < 1 || epochs < 0) {
            throw new GradusException(
                    "recipe-size",
                    "A batch has at least 1 example and a run at least 0 epochs, but these are " + batch + " and "
                            + epochs + ".");
        }
        if (metrics.containsKey("loss")) {
            throw new GradusException(
                    "metric-name", "A metric is called `loss`, the name of the loss itself. Call it something else.");
        }
    }

    /// Without early stopping.
    ///
    /// @throws GradusException when a batch or a run would be empty, or a metric is called `loss`
    public Recipe(Layer model, Loss loss, Map<String, Metric> metrics, Optimizer optimizer, int batch, int epochs) {
        this(model, loss, metrics, optimizer, batch, epochs, null);
    }

    /// The same, but it may end early.
    public Recipe until(EarlyStopping noBetter) {
        return new Recipe(model, loss, metrics, optimizer, batch, epochs, noBetter);
    }

    /// For class numbers as labels: cross-entropy of the model's outputs as logits, and the accuracy.
    public static Recipe classifier(Layer model, Optimizer optimizer, int batch, int epochs) {
        return new Recipe(model, Losses::crossEntropy, Map.of("accuracy", Metric::accuracy), optimizer, batch, epochs);
    }
}
