package org.gradus.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.gradus.nn.MseLoss;
import org.gradus.nn.MultiMarginLoss;
import org.gradus.nn.NllLoss;
import org.gradus.nn.PoissonNllLoss;
import org.gradus.nn.Sequential;
import org.gradus.nn.SmoothL1Loss;
import org.gradus.ops.Softmax;
import org.gradus.optim.Schedule;
import org.gradus.train.Auxiliary;
import org.jspecify.annotations.Nullable;

/// The tables `[loss]` and `[[auxiliary]]`. A new loss is a row.
final class Training {
    private static final Records<Loss> OF_CLASSES = new Records<Loss>()
            .with("bce_with_logits", BceWithLogitsLoss.of())
            .with("cross_entropy", CrossEntropyLoss.of())
            .with("multi_margin", MultiMarginLoss.of())
            .with("nll", NllLoss.of());

    private static final Records<Loss> OF_NUMBERS = new Records<Loss>()
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
            OneAgainstRest all = new OneAgainstRest(binary, task.classes().size());
            int weights = binary.positiveWeights().size();
            if (weights > 1 && weights != all.outputs()) {
                throw table.refused(
                        "positive_weights",
                        "1 or " + all.outputs() + " numbers, one for each output of the model",
                        new TomlValue(
                                weights + " numbers",
                                table.value("positive_weights").line()));
            }
            return all;
        }
        return loss.equals(CrossEntropyLoss.of()) ? Losses::crossEntropy : loss;
    }

    /// How many numbers a model gives that is to make a loss small.
    static int outputs(Loss loss, Task task) {
        return loss instanceof OneAgainstRest all ? all.outputs() : task.outputs();
    }

    /// What the outputs of such a model say: probabilities `[batch, classes]`, or numbers `[batch, 1]` in the units of the
    /// labels.
    static Tensor answers(Loss loss, Task task, Tensor output) {
        if (loss instanceof OneAgainstRest all) {
            return all.probabilities(output);
        }
        return task.classes().isEmpty()
                ? output.times(task.labelSpread()).plus(task.labelCenter())
                : Softmax.softmax(output, -1);
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
