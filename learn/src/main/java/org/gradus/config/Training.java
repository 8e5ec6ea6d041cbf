package org.gradus.config;

import java.util.ArrayList;
import java.util.List;
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

    private Training() {}

    /// @param classes whether labels are classes
    static Loss loss(Table table, boolean classes) {
        Records<Loss> known = classes ? OF_CLASSES : OF_NUMBERS;
        String type = table.choice("type", classes ? "cross_entropy" : "mse", known.names());
        Loss loss = known.read(table, type);
        table.end();
        return loss.equals(CrossEntropyLoss.of()) ? Losses::crossEntropy : loss;
    }

    /// Losses on layers inside of a model, `[[auxiliary]]`.
    ///
    /// @param usual the loss where none is named
    /// @param epochs of the whole training
    static List<Auxiliary> auxiliaries(Table top, Task task, Loss usual, int epochs) {
        List<Auxiliary> all = new ArrayList<>();
        for (Table table : top.tables("auxiliary")) {
            table.value("at");
            String at = table.text("at", "");
            double weight = table.number("weight", 1, x -> x >= 0, "a number from 0 up");
            Loss loss = table.has("loss")
                    ? loss(table.table("loss"), !task.classes().isEmpty())
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
