package org.gradus.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.gradus.formats.TomlValue;
import org.gradus.graph.Tensor;
import org.gradus.nn.BceWithLogitsLoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.HuberLoss;
import org.gradus.nn.L1Loss;
import org.gradus.nn.Loss;
import org.gradus.nn.Losses;
import org.gradus.nn.MseLoss;
import org.gradus.nn.MultiMarginLoss;
import org.gradus.nn.NllLoss;
import org.gradus.nn.PoissonNllLoss;
import org.gradus.nn.SmoothL1Loss;
import org.gradus.ops.Softmax;
import org.gradus.optim.Adadelta;
import org.gradus.optim.Adagrad;
import org.gradus.optim.Adam;
import org.gradus.optim.Adamax;
import org.gradus.optim.Asgd;
import org.gradus.optim.ClipByGlobalNorm;
import org.gradus.optim.Curve;
import org.gradus.optim.DecayWeights;
import org.gradus.optim.Lion;
import org.gradus.optim.NAdam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.optim.RAdam;
import org.gradus.optim.RmsProp;
import org.gradus.optim.Rprop;
import org.gradus.optim.Rule;
import org.gradus.optim.Schedule;
import org.gradus.optim.Schedules;
import org.gradus.optim.Sgd;

/// The tables `[loss]`, `[optimizer]` and `[schedule]`. A new loss or update rule is a row.
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

    private static final Records<Rule> RULES = new Records<Rule>()
            .with("adadelta", Adadelta.of())
            .with("adagrad", Adagrad.of())
            .with("adam", Adam.of())
            .with("adamax", Adamax.of())
            .with("adamw", Adam.of())
            .with("asgd", Asgd.of())
            .with("lion", Lion.of())
            .with("nadam", NAdam.of())
            .with("radam", RAdam.of())
            .with("rmsprop", RmsProp.of())
            .with("rprop", Rprop.of())
            .with("sgd", Sgd.of());

    /// Learning rates where none is given, those of PyTorch but for three: AdamW's suits a schedule that ends at 0, PyTorch's
    /// SGD has 0.001, and Lion is not in PyTorch.
    private static final Map<String, Double> RATES = Map.ofEntries(
            Map.entry("adadelta", 1.0),
            Map.entry("adagrad", 0.01),
            Map.entry("adamax", 0.002),
            Map.entry("adamw", 0.002),
            Map.entry("asgd", 0.01),
            Map.entry("lion", 1e-4),
            Map.entry("nadam", 0.002),
            Map.entry("rmsprop", 0.01),
            Map.entry("rprop", 0.01),
            Map.entry("sgd", 0.01));

    /// A curve whose time are epochs, with the part of the current one.
    private record InEpochs(Curve curve) implements Schedule {
        @Override
        public double at(Progress progress) {
            return curve.at(progress.epochsDone());
        }
    }

    private Training() {}

    static Loss loss(Table table, Task task) {
        boolean classes = !task.classes().isEmpty();
        Records<Loss> known = classes ? OF_CLASSES : OF_NUMBERS;
        String type = table.choice("type", classes ? "cross_entropy" : "mse", known.names());
        Loss loss = known.read(table, type);
        table.end();
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

    /// @param epochs of the whole training
    static Optimizer optimizer(Table table, Table schedule, int epochs) {
        String type = table.choice("type", "adamw", RULES.names());
        double rate = table.number(
                "lr",
                RATES.getOrDefault(type, 0.001),
                x -> (float) x > 0 && x <= Float.MAX_VALUE,
                "a number greater than 0");
        Rule rule = RULES.read(table, type);
        double decay = table.number("weight_decay", type.equals("adamw") ? 0.01 : 0, x -> x >= 0, "a number from 0 up");
        boolean decoupled = table.flag("decoupled", List.of("adamw", "lion").contains(type));
        double clip = table.number("clip_norm", 0, x -> x >= 0, "a number from 0 up (0: no clipping)");
        table.end();
        if (rule instanceof Sgd sgd) {
            rule = new Sgd(sgd.momentum(), sgd.dampening(), sgd.nesterov(), 0); // biases and norms are left alone
        }
        if (decay > 0) {
            DecayWeights decayed = new DecayWeights(
                    decay, decoupled, DecayWeights.coupled(decay).roles());
            rule = decoupled ? rule.then(decayed) : decayed.then(rule);
        }
        if (clip > 0) {
            rule = new ClipByGlobalNorm(clip).then(rule);
        }
        return new Optimizer(schedule(schedule, rate, epochs), rule);
    }

    private static Schedule schedule(Table table, double rate, int epochs) {
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
        String type = table.choice("type", "cosine", types);
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
