package org.gradus.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.data.ClassCounts;
import org.gradus.data.Examples;
import org.gradus.formats.TomlValue;
import org.gradus.graph.Layer;
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
import org.gradus.optim.Schedule;
import org.gradus.train.Auxiliary;
import org.jspecify.annotations.Nullable;

/// The tables `[loss]` and `[[auxiliary]]`. A new loss is a row.
final class Training {
    private static final Records<Loss> OF_CLASSES = new Records<Loss>()
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

    /// @param classes whether labels are classes
    /// @param examples to train on, for weights that are `"balanced"`; null where weights do not matter
    static Loss loss(Table said, boolean classes, @Nullable Examples examples) {
        Records<Loss> known = classes ? OF_CLASSES : OF_NUMBERS;
        Table table = classes ? balanced(said, examples) : said;
        String type = table.choice("type", classes ? "cross_entropy" : "mse", known.names());
        Loss loss = known.read(table, type);
        table.end();
        table.complete().forEach(said::noted);
        return loss.equals(CrossEntropyLoss.of()) ? Losses::crossEntropy : loss;
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
            Loss loss = table.has("loss")
                    ? loss(table.table("loss"), !task.classes().isEmpty(), examples)
                    : usual;
            table.known("loss");
            Schedule schedule = Curves.read(table.table("schedule"), "constant", weight, epochs);
            Layer head = table.has("head")
                    ? new Sequential(Layers.each(Models.counted(table, "head", task.outputs()), "head"))
                    : Sequential.of(new Flatten(), Linear.of(task.outputs()));
            table.known("head");
            table.end();
            all.add(new Auxiliary(at, head, loss, schedule));
        }
        return all;
    }
}
