package org.gradus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradus.graph.StateKey.Role;
import org.gradus.optim.Accumulate;
import org.gradus.optim.Adadelta;
import org.gradus.optim.Adagrad;
import org.gradus.optim.Adam;
import org.gradus.optim.Adamax;
import org.gradus.optim.Asgd;
import org.gradus.optim.AverageWeights;
import org.gradus.optim.Chain;
import org.gradus.optim.ClipByGlobalNorm;
import org.gradus.optim.ClipByNorm;
import org.gradus.optim.ClipByValue;
import org.gradus.optim.DecayWeights;
import org.gradus.optim.Groups;
import org.gradus.optim.Lbfgs;
import org.gradus.optim.Lion;
import org.gradus.optim.LpPenalty;
import org.gradus.optim.MaxNorm;
import org.gradus.optim.NAdam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Parameters;
import org.gradus.optim.RAdam;
import org.gradus.optim.RmsProp;
import org.gradus.optim.Rprop;
import org.gradus.optim.Rule;
import org.gradus.optim.Sgd;
import org.gradus.optim.ShrinkToZero;
import org.gradus.train.Recipe;
import org.jspecify.annotations.Nullable;

/// The table `[optimizer]`. A new update rule is a row.
final class Optimizers {
    private static final String SEARCH = "lbfgs";
    private static final List<Role> WEIGHTS = DecayWeights.coupled(0).roles();

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
            Map.entry(SEARCH, 1.0),
            Map.entry("lion", 1e-4),
            Map.entry("nadam", 0.002),
            Map.entry("rmsprop", 0.01),
            Map.entry("rprop", 0.01),
            Map.entry("sgd", 0.01));

    /// How parameters change: by an optimizer, or by a search over all examples at once.
    record Chosen(Optimizer optimizer, @Nullable Lbfgs search) {
        /// The same in a recipe.
        Recipe in(Recipe recipe) {
            Recipe changed = recipe.with(optimizer);
            return search == null ? changed : changed.searching(search);
        }
    }

    private Optimizers() {}

    /// @param epochs of the whole training
    static Chosen read(Table table, Table schedule, int epochs) {
        List<String> types = new ArrayList<>(RULES.names());
        types.add(SEARCH);
        String type = table.choice("type", "adamw", types);
        double rate = table.number(
                "lr",
                RATES.getOrDefault(type, 0.001),
                x -> (float) x > 0 && x <= Float.MAX_VALUE,
                "a number greater than 0");
        if (type.equals(SEARCH)) {
            return searching(table, schedule, rate);
        }
        Rule rule = RULES.read(table, type);
        if (rule instanceof Sgd sgd) {
            boolean lecture = table.flag("lecture", false);
            if (lecture && sgd.dampening() != 0) {
                throw table.refused("dampening", "0 in the lecture's form, which has none", table.value("dampening"));
            }
            rule = lecture
                    ? Sgd.ofLecture(sgd.momentum(), sgd.nesterov())
                    : new Sgd(sgd.momentum(), sgd.dampening(), sgd.nesterov(), 0); // biases and norms are left alone
        }
        List<Rule> before = new ArrayList<>();
        List<Rule> after = new ArrayList<>();
        decay(table, type, before, after);
        clip(table, before);
        for (Table penalty : table.tables("penalty")) {
            penalty(penalty, before, after);
        }
        before.add(rule);
        before.addAll(after);
        Rule chain = before.size() == 1 ? rule : new Chain(before);
        chain = grouped(table, chain);
        int accumulate = table.whole("accumulate", 1, 1);
        chain = accumulate == 1 ? chain : new Accumulate(accumulate, chain);
        AverageWeights average = average(table.table("average"));
        chain = average == null ? chain : chain.then(average);
        table.end();
        return new Chosen(new Optimizer(Curves.read(schedule, "cosine", rate, epochs), chain), null);
    }

    /// L-BFGS, PyTorch's defaults but for the line search, which it has.
    private static Chosen searching(Table table, Table schedule, double rate) {
        int iterations = table.whole("iterations", 20, 1);
        int history = table.whole("history", 100, 1);
        boolean wolfe = table.flag("strong_wolfe", true);
        table.end();
        schedule.choice("type", "constant", List.of("constant"));
        schedule.end();
        Lbfgs search = table.making(() -> Lbfgs.of(rate, iterations, history));
        return new Chosen(Optimizer.of(rate, Chain.of()), wolfe ? search : search.withoutSearch());
    }

    private static void decay(Table table, String type, List<Rule> before, List<Rule> after) {
        double decay = table.number("weight_decay", type.equals("adamw") ? 0.01 : 0, x -> x >= 0, "a number from 0 up");
        boolean decoupled = table.flag("decoupled", List.of("adamw", "lion").contains(type));
        if (decay > 0) {
            (decoupled ? after : before).add(decoupled ? DecayWeights.decoupled(decay) : DecayWeights.coupled(decay));
        }
    }

    /// Puts what clips before all that is there.
    private static void clip(Table table, List<Rule> before) {
        double global = limit(table, "clip_norm");
        double each = limit(table, "clip_each_norm");
        double value = limit(table, "clip_value");
        if (global > 0) {
            before.addFirst(new ClipByGlobalNorm(global));
        }
        if (each > 0) {
            before.addFirst(new ClipByNorm(each));
        }
        if (value > 0) {
            before.addFirst(new ClipByValue(value));
        }
    }

    private static double limit(Table table, String key) {
        return table.number(key, 0, x -> x >= 0, "a number from 0 up (0: no clipping)");
    }

    /// What draws parameters towards 0, or keeps them from growing: its gradient is the first of all, its steps the last.
    private static void penalty(Table table, List<Rule> before, List<Rule> after) {
        String type =
                table.choice("type", "powers", List.of("decay", "elastic", "max_norm", "norm", "powers", "shrink"));
        String on = table.text("on", "*");
        boolean everywhere = !type.equals("max_norm") && table.flag("everywhere", false);
        Rule rule = table.making(() -> switch (type) {
            case "decay" -> {
                DecayWeights decay = new DecayWeights(rate(table), table.flag("decoupled", true), WEIGHTS);
                yield everywhere ? decay.everywhere() : decay;
            }
            case "elastic" -> {
                LpPenalty first = LpPenalty.powers(table.number("l1", 0), 1);
                LpPenalty second = LpPenalty.powers(table.number("l2", 0), 2);
                yield everywhere ? first.everywhere().then(second.everywhere()) : first.then(second);
            }
            case "max_norm" -> new MaxNorm(table.number("limit", 3));
            case "shrink" -> {
                ShrinkToZero shrink = ShrinkToZero.of(rate(table));
                yield everywhere ? shrink.everywhere() : shrink;
            }
            default -> {
                LpPenalty penalty = new LpPenalty(rate(table), table.number("p", 2), type.equals("norm"), WEIGHTS);
                yield everywhere ? penalty.everywhere() : penalty;
            }
        });
        table.end();
        Rule chosen = on.equals("*") ? rule : rule.on(on);
        boolean steps = rule instanceof MaxNorm
                || rule instanceof ShrinkToZero
                || (rule instanceof DecayWeights decay && decay.decoupled());
        if (steps) {
            after.add(chosen);
        } else {
            before.addFirst(chosen);
        }
    }

    private static double rate(Table table) {
        table.value("rate");
        return table.number("rate", 0);
    }

    private static Rule grouped(Table table, Rule rule) {
        Groups groups = Groups.of(rule);
        for (Table group : table.tables("group")) {
            group.value("parameters");
            Parameters parameters = new Parameters(group.text("parameters", ""));
            double rate = group.number("lr", 1);
            double decay = group.number("weight_decay", 1);
            double from = group.number("from", 0);
            groups = groups.with(group.making(() -> new Groups.Group(parameters, rate, decay, from)));
            group.end();
        }
        return groups.groups().isEmpty() ? rule : groups;
    }

    private static @Nullable AverageWeights average(Table table) {
        String type = table.choice("type", "none", List.of("none", "ema", "swa"));
        AverageWeights average = null;
        if (!type.equals("none")) {
            double decay = type.equals("ema") ? table.number("decay", 0.999) : 0;
            int from = table.whole("from", 0, 0);
            int every = table.whole("every", 1, 1);
            boolean epochs = table.choice("unit", type.equals("ema") ? "steps" : "epochs", List.of("steps", "epochs"))
                    .equals("epochs");
            average = table.making(() -> new AverageWeights(decay, from, every, epochs));
        }
        table.end();
        return average;
    }
}
