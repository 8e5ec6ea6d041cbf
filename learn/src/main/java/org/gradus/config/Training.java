package org.gradus.config;

import java.util.ArrayList;
import java.util.Collection;
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
import org.gradus.optim.Curve;
import org.gradus.optim.Progress;
import org.gradus.optim.Schedule;
import org.gradus.optim.Schedules;
import org.gradus.train.Auxiliary;

/// The tables `[loss]`, `[schedule]` and `[[auxiliary]]`. A new loss is a row.
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

    /// A curve whose time are epochs, with the part of the current one.
    private record InEpochs(Curve curve) implements Schedule {
        @Override
        public double at(Progress progress) {
            return curve.at(progress.epochsDone());
        }
    }

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
            Schedule schedule = schedule(table.table("schedule"), "constant", weight, epochs);
            Layer head = table.has("head")
                    ? new Sequential(Layers.each(Models.counted(table, "head", task.outputs()), "head"))
                    : Sequential.of(new Flatten(), Linear.of(task.outputs()));
            table.known("head");
            table.end();
            all.add(new Auxiliary(at, head, loss, schedule));
        }
        return all;
    }

    /// @param usual the type where none is named
    /// @param rate where it starts
    /// @param epochs of the whole training
    static Schedule schedule(Table table, String usual, double rate, int epochs) {
        Collection<String> types = List.of(
                "constant",
                "cosine",
                "exponential",
                "inverse",
                "linear",
                "milestones",
                "one_cycle",
                "plateau",
                "polynomial",
                "step");
        String type = table.choice("type", usual, types);
        double warmup = type.equals("plateau") || type.equals("one_cycle")
                ? 0
                : table.number("warmup", 0, x -> x >= 0 && x < epochs, "epochs from 0 to below " + epochs);
        double length = epochs - warmup;
        Schedule schedule = table.making(() -> switch (type) {
            case "cosine" -> warm(warmup, rate, Schedules.cosine(rate, end(table), length));
            case "linear" -> warm(warmup, rate, Schedules.linear(rate, end(table), length));
            case "polynomial" ->
                warm(warmup, rate, Schedules.polynomial(rate, end(table), length, table.number("power", 1)));
            case "step" -> warm(warmup, rate, Schedules.steps(rate, table.number("every", 10), factor(table, 0.1)));
            case "exponential" -> warm(warmup, rate, Schedules.steps(rate, 1, factor(table, 0.95)));
            case "milestones" -> {
                double[] at = table.numbers("at", List.of()).stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
                yield warm(warmup, rate, Schedules.milestones(rate, factor(table, 0.1), at));
            }
            case "inverse" ->
                warm(warmup, rate, Schedules.inverse(rate, table.number("rate", 1), table.number("power", 1)));
            case "one_cycle" -> {
                double up = length * table.number("rise", 0.3, x -> x > 0 && x < 1, "a number between 0 and 1");
                yield new InEpochs(
                        Schedules.cosine(rate / 25, rate, up).then(Schedules.cosine(rate, rate / 25e4, length - up)));
            }
            case "plateau" ->
                Schedules.plateau(rate, factor(table, 0.1))
                        .watching(table.text("metric", "val_loss"), table.flag("larger", false))
                        .patience(table.whole("patience", 10, 0));
            default -> warm(warmup, rate, Schedules.constant(rate));
        });
        table.end();
        return schedule;
    }

    private static Schedule warm(double warmup, double rate, Curve curve) {
        return new InEpochs(
                warmup == 0 ? curve : Schedules.linear(rate / 100, rate, warmup).then(curve));
    }

    private static double end(Table table) {
        return table.number("end", 0, x -> x >= 0, "a learning rate from 0 up");
    }

    private static double factor(Table table, double usual) {
        return table.number("factor", usual, x -> x > 0, "a number greater than 0");
    }
}
