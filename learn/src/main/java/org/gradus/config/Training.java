package org.gradus.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.data.ClassCounts;
import org.gradus.data.Examples;
import org.gradus.formats.TomlValue;
import org.gradus.graph.Layer;
import org.gradus.graph.Tensor;
import org.gradus.nn.BceWithLogitsLoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Flatten;
import org.gradus.nn.HuberLoss;
import org.gradus.nn.L1Loss;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.Losses;
import org.gradus.nn.Metric;
import org.gradus.nn.MseLoss;
import org.gradus.nn.MultiMarginLoss;
import org.gradus.nn.NllLoss;
import org.gradus.nn.PoissonNllLoss;
import org.gradus.nn.Sequential;
import org.gradus.nn.SmoothL1Loss;
import org.gradus.ops.Logic;
import org.gradus.ops.Softmax;
import org.gradus.optim.Schedule;
import org.gradus.train.Auxiliary;
import org.jspecify.annotations.Nullable;

/// The tables `[loss]` and `[[auxiliary]]`. A new loss is a row.
final class Training {
    /// The loss of probabilities, one for each output.
    static final String BINARY = "bce_with_logits";

    private static final Records<Loss> OF_CLASSES = new Records<Loss>()
            .with(BINARY, BceWithLogitsLoss.of())
            .with("cross_entropy", CrossEntropyLoss.of())
            .with("multi_margin", MultiMarginLoss.of())
            .with("nll", NllLoss.of());

    private static final Records<Loss> OF_NUMBERS = new Records<Loss>()
            .with(BINARY, BceWithLogitsLoss.of())
            .with("huber", new HuberLoss(1))
            .with("l1", new L1Loss())
            .with("mse", new MseLoss())
            .with("poisson_nll", PoissonNllLoss.of())
            .with("smooth_l1", new SmoothL1Loss(1));

    private static final String WEIGHTS = "class_weights";

    private Training() {}

    /// @param examples to train on, for weights that are `"balanced"`; null where weights do not matter
    static Loss loss(Table said, Task task, @Nullable Examples examples) {
        boolean classes = !task.classes().isEmpty();
        Records<Loss> known = classes ? OF_CLASSES : OF_NUMBERS;
        Table table = classes ? balanced(said, examples) : said;
        String type = table.choice("type", classes ? "cross_entropy" : "mse", known.names());
        Loss loss = known.read(table, type);
        table.end();
        table.complete().forEach(said::noted);
        if (loss instanceof BceWithLogitsLoss && task.perPosition()) {
            throw said.refused(
                    "type", "a loss of one class at each position, such as cross_entropy", table.value("type"));
        }
        if (loss instanceof BceWithLogitsLoss binary) {
            Loss all = classes ? new OneAgainstRest(binary, task.classes().size()) : binary;
            int weights = binary.positiveWeights().size();
            if (weights > 1 && weights != outputs(all, task)) {
                throw table.refused(
                        "positive_weights",
                        "1 or " + outputs(all, task) + " numbers, one for each output of the model",
                        new TomlValue(
                                weights + " numbers",
                                table.value("positive_weights").line()));
            }
            if (!classes && examples != null) {
                demandProbabilities(said, task, examples.labels());
            }
            return all;
        }
        return loss.equals(CrossEntropyLoss.of()) ? Losses::crossEntropy : loss;
    }

    private static void demandProbabilities(Table said, Task task, Array labels) {
        for (int i = 0; i < labels.count(); i++) {
            if (labels.get(i) < 0 || labels.get(i) > 1) {
                throw said.refused(
                        "type",
                        "a loss of numbers, such as mse, where labels are not from 0 to 1, as " + (float) labels.get(i)
                                + " in the column `" + task.labels().get(i % task.outputs()) + "` is",
                        said.value("type"));
            }
        }
    }

    /// Whether each output is the logit of a label that is 0 or 1.
    static boolean areChoices(Loss loss, Task task) {
        return task.classes().isEmpty() && loss instanceof BceWithLogitsLoss;
    }

    /// What people judge the outputs of such a model by: the share that is right; of numbers the mean absolute error, in the
    /// units of the labels.
    static Metric metric(Loss loss, Task task) {
        if (loss instanceof OneAgainstRest all) {
            return (output, labels) -> Metric.accuracy(all.probabilities(output), labels);
        }
        if (!task.classes().isEmpty()) {
            return Metric::accuracy;
        }
        if (areChoices(loss, task)) {
            return (output, labels) -> Logic.equal(Logic.greater(output, 0), Logic.greater(labels, 0.5))
                    .to(output.type().type())
                    .mean();
        }
        double[] spreads = task.units().spreads();
        return spreads.length == 1
                ? (output, labels) -> new L1Loss().of(output, labels).times(spreads[0])
                : (output, labels) -> new L1Loss()
                        .each(output, labels)
                        .times(constant(output, spreads))
                        .mean();
    }

    /// Numbers as a vector of the output's type.
    private static Tensor constant(Tensor output, double[] numbers) {
        return output.tracer()
                .constant(Array.of(Shape.of(numbers.length), numbers)
                        .to(output.type().type()));
    }

    /// How many numbers a model gives that is to make a loss small.
    static int outputs(Loss loss, Task task) {
        return loss instanceof OneAgainstRest all ? all.outputs() : task.outputs();
    }

    /// What the outputs of such a model say: probabilities `[batch, classes]`, or of each label that is 0 or 1 that it is 1
    /// `[batch, labels]`, or numbers `[batch, labels]` in the units of the labels.
    static Tensor answers(Loss loss, Task task, Tensor output) {
        if (loss instanceof OneAgainstRest all) {
            return all.probabilities(output);
        }
        if (!task.classes().isEmpty()) {
            return Softmax.softmax(output, -1);
        }
        if (areChoices(loss, task)) {
            return output.sigmoid();
        }
        double[] centers = task.units().centers();
        double[] spreads = task.units().spreads();
        return centers.length == 1
                ? output.times(spreads[0]).plus(centers[0])
                : output.times(constant(output, spreads)).plus(constant(output, centers));
    }

    /// The table with numbers in the place of the word `"balanced"`.
    private static Table balanced(Table table, @Nullable Examples examples) {
        if (!table.says(WEIGHTS, "balanced")) {
            return table;
        }
        List<Double> weights = examples == null
                ? List.of()
                : Arrays.stream(ClassCounts.of(examples).balancedWeights())
                        .boxed()
                        .toList();
        return table.with(WEIGHTS, TomlValue.of(weights));
    }

    /// Losses on layers inside of a model, `[[auxiliary]]`.
    ///
    /// @param usual the loss where none is named
    /// @param epochs of the whole training
    /// @param examples to train on, if they are known
    static List<Auxiliary> auxiliaries(Table top, Task task, Loss usual, int epochs, @Nullable Examples examples) {
        List<Auxiliary> all = new ArrayList<>();
        for (Table table : top.tables("auxiliary")) {
            table.value("at");
            String at = table.text("at", "");
            double weight = table.number("weight", 1, x -> x >= 0, "a number from 0 up");
            Loss loss = table.has("loss") ? loss(table.table("loss"), task, examples) : usual;
            table.known("loss");
            Schedule schedule = Curves.read(table.table("schedule"), "constant", weight, epochs);
            Layer head = table.has("head")
                    ? new Sequential(Layers.each(Models.counted(table, "head", outputs(loss, task)), "head"))
                    : Sequential.of(new Flatten(), Linear.of(outputs(loss, task)));
            table.known("head");
            table.end();
            all.add(new Auxiliary(at, head, loss, schedule));
        }
        return all;
    }
}
