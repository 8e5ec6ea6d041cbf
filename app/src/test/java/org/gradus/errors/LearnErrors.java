package org.gradus.errors;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Batch;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Order;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.eager.Eager;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.HuberLoss;
import org.gradus.nn.Initialisers;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.Losses;
import org.gradus.nn.Metric;
import org.gradus.nn.NllLoss;
import org.gradus.nn.PairLoss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Groups;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.optim.Rule;
import org.gradus.optim.Schedule;
import org.gradus.optim.Schedules;
import org.gradus.optim.Sgd;
import org.gradus.optim.Update;
import org.gradus.run.Session;
import org.gradus.train.Auxiliary;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// The errors of layers, optimizers, data sets and training.
final class LearnErrors {
    /// y = 2x.
    private static final Examples LINE = new Examples(
            Array.of(Shape.of(4, 1), -2f, -1f, 1f, 2f), Array.of(Shape.of(4, 1), -4f, -2f, 2f, 4f), List.of());

    private LearnErrors() {}

    static Stream<ErrorEntry> all() {
        return Stream.of(layers(), losses(), optimizers(), schedules(), data(), training())
                .flatMap(entries -> entries);
    }

    private static Stream<ErrorEntry> layers() {
        return Stream.of(
                entry(
                        "layer-size",
                        "A hyper-parameter of a layer is out of its range, such as a width of 0.",
                        "The message says what the layer takes.",
                        () -> Linear.of(0)),
                entry(
                        "layer-input",
                        "A layer cannot take an input: it lacks axes, or has sizes that do not go together with the layer.",
                        "Give it a batch, whose first axis counts the examples; channels are axis 1.",
                        () -> model(Linear.of(10), Array.of(Shape.SCALAR, 1f))),
                entry(
                        "fan-axes",
                        "An initialiser that goes by a weight's inputs and outputs is used for a parameter with"
                                + " fewer than two axes.",
                        "Use a constant, uniform or normal initialiser for biases.",
                        () -> parameter(Initialisers.xavierUniform(1), 10)),
                entry(
                        "truncated-normal",
                        "A normal distribution is truncated to a range that it hardly ever reaches.",
                        "Widen the range, or move the mean towards it.",
                        () -> parameter(Initialisers.truncatedNormal(0, 0.01, 1, 2), 10)));
    }

    private static Stream<ErrorEntry> losses() {
        Tensor logits = Eager.tensor(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6);
        return Stream.of(
                entry(
                        "loss-number",
                        "A number of a loss is out of its range.",
                        "Usual are a δ of 1, labels smoothed by 0.1, and a margin of 1.",
                        () -> new HuberLoss(0)),
                entry(
                        "loss-weights",
                        "Examples are to count differently in a loss that knows no single ones, such as one over pairs.",
                        "Take a loss that is made of one number for each example, or leave the weights out.",
                        () -> new PairLoss.CosineEmbedding(0).of(logits, Eager.tensor(1L, 2), Eager.tensor(1.0, 2))),
                entry(
                        "class-labels",
                        "A loss of class numbers is given other labels.",
                        "Labels are integers from 0, one for each example; of one-hot rows take the `argmax`.",
                        () -> NllLoss.of().of(logits, Eager.tensor(1L, 2, 0))),
                entry(
                        "class-weights",
                        "A loss has weights for another number of classes than the model's outputs.",
                        "Give one weight for each class.",
                        () -> CrossEntropyLoss.of().weighted(1, 2).of(logits, Eager.tensor(1L, 2))));
    }

    private static Stream<ErrorEntry> schedules() {
        Optimizer plateau = new Optimizer(Schedules.plateau(0.1, 0.5), Sgd.of());
        Progress second = new Progress(1, 1, 2, 0, 1, List.of(Map.of("loss", 0.5)));
        return Stream.of(
                entry(
                        "schedule-number",
                        "A schedule has no length.",
                        "Give the number of steps (or of epochs, with `byEpoch`) that it takes.",
                        () -> Schedules.cosine(0.1, 0, 0)),
                entry(
                        "schedule-endless",
                        "A schedule follows after one that goes on for ever.",
                        "Put one with a length first, or end it with `until`.",
                        () -> Schedules.constant(0.1).then(Schedules.cosine(0.1, 0, 100))),
                entry(
                        "schedule-metric",
                        "A schedule follows a metric that training does not give.",
                        "Give the trainer validation data, or watch another metric.",
                        () -> plateau.inputs(second, Type.FLOAT32)));
    }

    private static Stream<ErrorEntry> optimizers() {
        return Stream.of(
                entry(
                        "group-pattern",
                        "A group of parameters has none in it.",
                        "Look at the parameters' paths; `*` stands for any text.",
                        () -> train(Groups.of(Sgd.of()).with("conv*", 0.1, 1), LINE)),
                entry(
                        "rule-number",
                        "A number of an update rule is out of its range: a momentum, a decay, a limit to clip at.",
                        "Usual are a momentum of 0.9 (for Nesterov's form without dampening), a decay from 0 to 0.1, and"
                                + " a norm clipped at 1.",
                        () -> Sgd.of(9)),
                entry(
                        "rule-count",
                        "A rule of an optimizer lost or added tensors.",
                        "Return one direction for each one given, in their order.",
                        () -> train(new Forgetful(), LINE)),
                entry(
                        "optimizer-inputs",
                        "A step of one's own hands an optimizer another number of scalars than it takes.",
                        "Pass on what `optimizer.inputs(progress, type)` makes, as inputs of the step.",
                        () -> new Session(1, Type.FLOAT32).eagerly(Scope.Mode.TRAIN, (scope, inputs) -> {
                            Optimizer.of(0.1, new Sgd(0.9, 0.1, false, 0)).update(scope, Map.of(), List.of(), inputs);
                            return List.of();
                        })));
    }

    private static Stream<ErrorEntry> data() {
        return Stream.of(
                entry(
                        "examples-count",
                        "Features and labels are not equally many.",
                        "The first axis of both counts the examples.",
                        () -> new Batch(LINE.features(), Array.of(Shape.of(3), 1f, 2f, 3f))),
                entry(
                        "examples-none",
                        "A data set without examples is trained on, evaluated, or fitted to.",
                        "Look whether a part of a split is empty.",
                        () -> train(Sgd.of(), LINE.part())),
                entry(
                        "example-range",
                        "An example is asked for that a data set does not have.",
                        "Examples count from 0.",
                        () -> LINE.batch(0, 4)),
                entry(
                        "label-range",
                        "A label is the number of no class.",
                        "Classes count from 0; renumber the labels, or name all classes.",
                        () -> new Examples(
                                LINE.features(), Array.of(Shape.of(4), 0L, 1, 2, 1), List.of("left", "right"))),
                entry(
                        "batch-size",
                        "Batches would be empty.",
                        "Give a batch size of 1 or more.",
                        () -> Order.batches(Order.shuffled(4, 1, 0), 0)),
                entry(
                        "split-labels",
                        "A split by classes meets labels that are no class numbers.",
                        "Cut such examples with `Split.of` or `Split.plain`.",
                        () -> Split.stratified(LINE, 1)),
                entry(
                        "split-shares",
                        "The shares of a split are negative, or more than the whole.",
                        "Name the shares of training and validation; the rest is for testing.",
                        () -> Split.stratified(Datasets.iris(), 1, 0.8, 0.3)),
                entry(
                        "scaling-shape",
                        "A scaling is for other features than the examples have.",
                        "Fit it to the training part of the same data.",
                        () -> Scaling.standardizing(LINE).apply(Datasets.iris())),
                entry(
                        "scaling-spread",
                        "A feature would be divided by 0, or scaled by something that is no number.",
                        "Look for NaN and infinite features; a feature that never changes has the spread 1.",
                        () -> Scaling.by(Shape.of(1), 0)));
    }

    private static Stream<ErrorEntry> training() {
        return Stream.of(
                entry(
                        "recipe-size",
                        "A recipe has empty batches, or fewer than 0 epochs.",
                        "Give at least 1 example a batch.",
                        () -> Recipe.classifier(Linear.of(10), Optimizer.of(0.1, Sgd.of()), 0, 5)),
                entry(
                        "metric-name",
                        "A metric has the name of the loss.",
                        "Call it something else.",
                        () -> recipe(Losses::meanSquaredError, Map.of("loss", Metric::accuracy), Sgd.of())),
                entry(
                        "metric-scalar",
                        "A loss or a metric gives more than one number.",
                        "Take its mean.",
                        () -> fit(
                                recipe((output, labels) -> output.minus(labels).squared(), Map.of(), Sgd.of()), LINE)),
                entry(
                        "auxiliary-path",
                        "An auxiliary loss is for a layer that the model does not call.",
                        "Name a layer by its path; the message lists those that there are.",
                        () -> fit(
                                recipe(Losses::meanSquaredError, Map.of(), Sgd.of())
                                        .with(Auxiliary.classifier("conv9", 10, Schedule.constant(0.3))),
                                LINE)),
                entry(
                        "sampling-size",
                        "A sampling gives another number of examples than a pass takes.",
                        "Give as many positions as there are examples; some may stand there several times.",
                        () -> fit(
                                recipe(Losses::meanSquaredError, Map.of(), Sgd.of())
                                        .sampling((size, seed, pass, progress) -> new int[size + 9]),
                                LINE)),
                entry(
                        "diverged",
                        "The loss became infinite or NaN.",
                        "Try a smaller learning rate, or clip the gradients; look for NaN in the data.",
                        () -> train(
                                (update, directions) -> directions.stream()
                                        .map(d -> d.times(1e30))
                                        .toList(),
                                LINE)));
    }

    /// A rule that gives no directions.
    private record Forgetful() implements Rule {
        @Override
        public List<Tensor> apply(Update update, List<Tensor> directions) {
            return List.of();
        }
    }

    private static void parameter(Initial initial, int... sizes) {
        new Session(1, Type.FLOAT32)
                .eagerly(
                        Scope.Mode.TRAIN,
                        (scope, inputs) -> List.of(scope.parameter("bias", Role.BIAS, initial, sizes)));
    }

    private static void model(Layer layer, Array input) {
        new Session(1, Type.FLOAT32)
                .eagerly(
                        Scope.Mode.EVAL,
                        (scope, inputs) -> List.of(Sequential.of(layer).forward(scope, inputs.get(0))),
                        input);
    }

    private static void train(Rule rule, Examples examples) {
        fit(recipe(Losses::meanSquaredError, Map.of(), rule), examples);
    }

    private static Recipe recipe(Loss loss, Map<String, Metric> metrics, Rule rule) {
        return new Recipe(Linear.of(1), loss, metrics, Optimizer.of(0.1, rule), 4, 5);
    }

    private static void fit(Recipe recipe, Examples examples) {
        new Trainer(new Session(1, Type.FLOAT32), recipe).fit(examples);
    }

    private static ErrorEntry entry(String kind, String when, String remedy, ThrowingCallable cause) {
        return new ErrorEntry(kind, when, remedy, cause);
    }
}
