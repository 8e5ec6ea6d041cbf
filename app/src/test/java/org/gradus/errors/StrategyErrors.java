package org.gradus.errors;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Examples;
import org.gradus.graph.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.nn.Sequential;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.strategies.Course;
import org.gradus.strategies.Part;
import org.gradus.strategies.Place;
import org.gradus.strategies.Pretraining;
import org.gradus.strategies.RateFinder;
import org.gradus.train.Recipe;

/// The errors of trainings that are made of several.
final class StrategyErrors {
    /// y = 2x.
    private static final Examples LINE = new Examples(
            Array.of(Shape.of(4, 1), -2f, -1f, 1f, 2f), Array.of(Shape.of(4, 1), -4f, -2f, 2f, 4f), List.of());

    private StrategyErrors() {}

    static Stream<ErrorEntry> all() {
        return Stream.of(
                new ErrorEntry(
                        "start-model",
                        "A training is to start from a model that has nothing in common with its own.",
                        "Give layers that both have the same paths.",
                        () -> new Course(
                                        List.of(
                                                part("first", Linear.of(1)),
                                                part("second", Sequential.of(Linear.of(1)))),
                                        null)
                                .train(Place.inMemory())),
                new ErrorEntry(
                        "pretraining-layers",
                        "A model is to be pre-trained that has one layer with parameters, or none.",
                        "There must be something between the inputs and the last layer.",
                        () -> new Pretraining(Optimizer.of(0.1, Sgd.of()), 4, 1, 0, null)
                                .autoencoder(Sequential.of(Linear.of(1)), 1, LINE)),
                new ErrorEntry(
                        "rate-range",
                        "A search for a learning rate has no range of rates.",
                        "Usual are 100 steps from 1e-6 to 10.",
                        () -> search(1, 0.1)),
                new ErrorEntry(
                        "rate-none",
                        "A search for a learning rate found none with which the loss falls.",
                        "Begin with a smaller one; look for features of very different scales.",
                        () -> search(1e20, 1e21)));
    }

    private static void search(double from, double to) {
        RateFinder.search(new Session(1, Type.FLOAT32), recipe(Linear.of(1)), LINE, from, to, 20);
    }

    private static Part part(String name, Layer model) {
        return Part.of(name, recipe(model), 1, LINE, null);
    }

    private static Recipe recipe(Layer model) {
        return new Recipe(model, Losses::meanSquaredError, Map.of(), Optimizer.of(0.1, Sgd.of()), 4, 1);
    }
}
