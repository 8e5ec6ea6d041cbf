package org.gradus.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.gradus.base.GradusException;
import org.gradus.graph.Layer;
import org.gradus.nn.Loss;
import org.gradus.nn.Losses;
import org.gradus.nn.Metric;
import org.gradus.optim.Lbfgs;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Parameters;
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
/// @param more what most recipes do without
public record Recipe(
        Layer model,
        Loss loss,
        Map<String, Metric> metrics,
        Optimizer optimizer,
        int batch,
        int epochs,
        @Nullable EarlyStopping earlyStopping,
        More more) {
    /// What most recipes do without.
    ///
    /// @param auxiliaries losses on layers inside of the model
    /// @param frozen parameters that stay as they are; no gradient is computed for them
    /// @param sampling which examples a pass takes
    /// @param search what minimises over all examples at once, in the place of the optimizer; null for the optimizer
    /// @param calibrated whether the trained model sees the training data once more, for the population's statistics
    /// @param scoring what is computed of all answers over a data set at once; null for nothing
    /// @param inspected whether it is told after each epoch what goes on inside of the model
    public record More(
            List<Auxiliary> auxiliaries,
            List<Parameters> frozen,
            Sampling sampling,
            @Nullable Lbfgs search,
            boolean calibrated,
            @Nullable Scoring scoring,
            boolean inspected) {
        static final More NONE = new More(List.of(), List.of(), Sampling.SHUFFLED, null, false, null, false);

        /// Freezes the lists.
        public More {
            auxiliaries = List.copyOf(auxiliaries);
            frozen = List.copyOf(frozen);
        }
    }

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
        this(model, loss, metrics, optimizer, batch, epochs, null, More.NONE);
    }

    /// For class numbers as labels: cross-entropy of the model's outputs as logits, and the accuracy.
    public static Recipe classifier(Layer model, Optimizer optimizer, int batch, int epochs) {
        return new Recipe(model, Losses::crossEntropy, Map.of("accuracy", Metric::accuracy), optimizer, batch, epochs);
    }

    /// The same, but it may end early.
    public Recipe until(EarlyStopping noBetter) {
        return new Recipe(model, loss, metrics, optimizer, batch, epochs, noBetter, more);
    }

    /// The same with another model.
    public Recipe with(Layer other) {
        return new Recipe(other, loss, metrics, optimizer, batch, epochs, earlyStopping, more);
    }

    /// The same with another optimizer.
    public Recipe with(Optimizer other) {
        return new Recipe(model, loss, metrics, other, batch, epochs, earlyStopping, more);
    }

    /// The same for another number of epochs.
    public Recipe lasting(int others) {
        return new Recipe(model, loss, metrics, optimizer, batch, others, earlyStopping, more);
    }

    /// The same with these losses on layers inside of the model.
    public Recipe with(Auxiliary... heads) {
        return with(change -> change.auxiliaries = List.of(heads));
    }

    /// The same, where some parameters stay as they are: `recipe.freezing("conv*")`.
    ///
    /// @param patterns of their paths, where `*` stands for any text
    public Recipe freezing(String... patterns) {
        return with(change ->
                change.frozen = List.of(patterns).stream().map(Parameters::new).toList());
    }

    /// The same with other passes over the training data.
    public Recipe sampling(Sampling other) {
        return with(change -> change.sampling = other);
    }

    /// The same, minimised by L-BFGS over all examples at once in the place of the optimizer: an epoch is one search.
    public Recipe searching(Lbfgs search) {
        return with(change -> change.search = search);
    }

    /// The same, but at its end the model sees the training data once more, for the statistics of batch normalisation.
    public Recipe calibrated() {
        return with(change -> change.calibrated = true);
    }

    /// The same, where a model is scored by this besides whenever it is evaluated.
    ///
    /// @throws GradusException when a score is called `loss`, or as a metric is
    public Recipe scoring(@Nullable Scoring other) {
        for (String name : other == null ? List.<String>of() : other.names()) {
            if (name.equals("loss") || metrics.containsKey(name)) {
                throw new GradusException(
                        "metric-name",
                        "A score is called `" + name + "`, as the loss or a metric is. Call it something else.");
            }
        }
        return with(change -> change.scoring = other);
    }

    /// The same, where it is told at the start and after each epoch what goes on inside of the model, for the first batch of
    /// the training data as they are.
    public Recipe inspected() {
        return with(change -> change.inspected = true);
    }

    private Recipe with(Consumer<Change> made) {
        Change change = new Change(more);
        made.accept(change);
        return new Recipe(model, loss, metrics, optimizer, batch, epochs, earlyStopping, change.more());
    }

    /// A [More] of which something is being changed.
    private static final class Change {
        private List<Auxiliary> auxiliaries;
        private List<Parameters> frozen;
        private Sampling sampling;
        private @Nullable Lbfgs search;
        private boolean calibrated;
        private @Nullable Scoring scoring;
        private boolean inspected;

        private Change(More before) {
            auxiliaries = before.auxiliaries;
            frozen = before.frozen;
            sampling = before.sampling;
            search = before.search;
            calibrated = before.calibrated;
            scoring = before.scoring;
            inspected = before.inspected;
        }

        private More more() {
            return new More(auxiliaries, frozen, sampling, search, calibrated, scoring, inspected);
        }
    }
}
