package org.gradus.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.gradus.base.Array;
import org.gradus.data.ClassCounts;
import org.gradus.data.Examples;
import org.gradus.formats.TomlValue;
import org.gradus.graph.Layer;
import org.gradus.nn.BceLoss;
import org.gradus.nn.BceWithLogitsLoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Flatten;
import org.gradus.nn.GaussianNllLoss;
import org.gradus.nn.HingeLoss;
import org.gradus.nn.HuberLoss;
import org.gradus.nn.KlDivLoss;
import org.gradus.nn.L1Loss;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MseLoss;
import org.gradus.nn.MultiLabelMarginLoss;
import org.gradus.nn.MultiLabelSoftMarginLoss;
import org.gradus.nn.MultiMarginLoss;
import org.gradus.nn.NllLoss;
import org.gradus.nn.PairLoss;
import org.gradus.nn.PerPosition;
import org.gradus.nn.PointwiseLoss;
import org.gradus.nn.PoissonNllLoss;
import org.gradus.nn.Sequential;
import org.gradus.nn.SmoothL1Loss;
import org.gradus.nn.SoftMarginLoss;
import org.gradus.optim.Schedule;
import org.gradus.train.Auxiliary;
import org.jspecify.annotations.Nullable;

/// The tables `[loss]` and `[[auxiliary]]`. A new loss is a row.
final class Training {
    private static final String CLASS_WEIGHTS = "class_weights";
    private static final String POSITIVE_WEIGHTS = "positive_weights";
    private static final String IGNORED = "ignored";
    private static final List<String> REDUCTIONS = List.of("mean", "sum", "batchmean");

    private static final Records<Loss> LOSSES = new Records<>();
    private static final Map<String, Sense> OF_CLASSES = new TreeMap<>();
    private static final Map<String, Sense> OF_NUMBERS = new TreeMap<>();

    static {
        row("bce", new BceLoss(), Sense.PROBABILITIES, Sense.PROBABILITIES);
        row("bce_with_logits", BceWithLogitsLoss.of(), Sense.CHOICES, Sense.CHOICES);
        row("cosine_embedding", new PairLoss.CosineEmbedding(0), Sense.DIRECTIONS, null);
        row("cross_entropy", CrossEntropyLoss.of(), Sense.CLASSES, null);
        row("gaussian_nll", GaussianNllLoss.of(), null, Sense.NORMALS);
        row("hinge", new HingeLoss(false), Sense.SIGNS, Sense.SIGNS);
        row("hinge_embedding", new PairLoss.HingeEmbedding(1), Sense.EMBEDDINGS, null);
        row("huber", new HuberLoss(1), Sense.SHARES, Sense.NUMBERS);
        row("kl_div", KlDivLoss.of(), Sense.LOG_SHARES, Sense.LOG_SHARES);
        row("l1", new L1Loss(), Sense.SHARES, Sense.NUMBERS);
        row("margin_ranking", new PairLoss.MarginRanking(0), null, Sense.RANKS);
        row("mse", new MseLoss(), Sense.SHARES, Sense.NUMBERS);
        row("multi_label_margin", new MultiLabelMarginLoss(), Sense.LISTS, Sense.LISTS);
        row("multi_label_soft_margin", MultiLabelSoftMarginLoss.of(), Sense.CHOICES, Sense.CHOICES);
        row("multi_margin", MultiMarginLoss.of(), Sense.CLASSES, null);
        row("nll", NllLoss.of(), Sense.CLASSES, null);
        row("poisson_nll", PoissonNllLoss.of(), null, Sense.LOG_COUNTS);
        row("smooth_l1", new SmoothL1Loss(1), Sense.SHARES, Sense.NUMBERS);
        row("soft_margin", new SoftMarginLoss(), Sense.SIGNS, Sense.SIGNS);
        row("triplet_margin", new PairLoss.TripletMargin(1, 2, false), Sense.EMBEDDINGS, null);
    }

    private Training() {}

    private static void row(String name, Loss example, @Nullable Sense ofClasses, @Nullable Sense ofNumbers) {
        LOSSES.with(name, example);
        if (ofClasses != null) {
            OF_CLASSES.put(name, ofClasses);
        }
        if (ofNumbers != null) {
            OF_NUMBERS.put(name, ofNumbers);
        }
    }

    /// Whether the loss that is named is of numbers alone, so that whole numbers are no classes.
    ///
    /// @throws org.gradus.base.GradusException when there is no such loss: data that are read for another would be blamed
    static boolean isOfNumbers(Table said) {
        if (said.has("type")) {
            said.choice("type", "", LOSSES.names());
        }
        return OF_NUMBERS.keySet().stream().anyMatch(name -> !OF_CLASSES.containsKey(name) && said.says("type", name));
    }

    /// Whether numbers to predict are brought to mean 0 and deviation 1 for the loss that is named.
    static boolean standardizes(Table said) {
        return OF_NUMBERS.entrySet().stream()
                .allMatch(row -> row.getValue().isOfUnits() || !said.says("type", row.getKey()));
    }

    /// @param examples to train on, for weights that are `"balanced"`; null where weights do not matter
    static Objective loss(Table said, Task task, @Nullable Examples examples) {
        boolean classes = !task.classes().isEmpty();
        Table table = classes ? balanced(said, examples) : said;
        String type = type(table, classes);
        Loss loss = LOSSES.read(table, type);
        Sense usual = Objects.requireNonNull((classes ? OF_CLASSES : OF_NUMBERS).get(type));
        Sense sense = sense(table, loss, usual, classes);
        int outputs = outputs(table, sense, task);
        double smoothing = classes && sense.takesMixed()
                ? table.number("smoothing", 0, x -> x >= 0 && x <= 1, "a share from 0 to 1")
                : 0;
        List<Double> weights = classes && loss instanceof PointwiseLoss ? classWeights(table, type, task) : List.of();
        Loss reduced = loss instanceof PointwiseLoss pointwise ? reduced(table, pointwise) : loss;
        table.end();
        table.complete().forEach(said::noted);
        for (String key : List.of(CLASS_WEIGHTS, POSITIVE_WEIGHTS)) {
            demandForEach(table, key, outputs, key.equals(POSITIVE_WEIGHTS));
        }
        if (task.perPosition() && sense != Sense.CLASSES && !sense.takesMixed()) {
            throw said.refused(
                    "type", "a loss of one class at each position, such as cross_entropy", table.value("type"));
        }
        if (sense == Sense.RANKS && outputs > 1) {
            throw said.refused("type", "a loss of several numbers where `label` names several", table.value("type"));
        }
        if (!classes && examples != null) {
            demandLabels(said, sense, task, examples.labels());
        }
        return new Objective(reduced, sense, task, outputs, smoothing, weights);
    }

    /// How many numbers a model gives.
    private static int outputs(Table table, Sense sense, Task task) {
        if (sense.isOfPlaces()) {
            return table.whole("embedding", 32, 1);
        }
        boolean joint = sense.isJoint() && task.classes().size() == 2;
        return joint ? 1 : sense == Sense.NORMALS ? 2 * task.outputs() : task.outputs();
    }

    private static String type(Table table, boolean classes) {
        Map<String, Sense> known = classes ? OF_CLASSES : OF_NUMBERS;
        String type = table.choice("type", classes ? "cross_entropy" : "mse", LOSSES.names());
        if (!known.containsKey(type)) {
            throw table.refused(
                    "type",
                    "a loss of " + (classes ? "classes" : "numbers") + ", as labels are " + listed(known.keySet()),
                    table.value("type"));
        }
        return type;
    }

    private static String listed(Collection<String> names) {
        return "(" + String.join(", ", names) + ")";
    }

    private static Sense sense(Table table, Loss loss, Sense usual, boolean classes) {
        if (loss instanceof PoissonNllLoss poisson && !poisson.logOutput()) {
            return Sense.COUNTS;
        }
        if (!(loss instanceof KlDivLoss divergence && divergence.logLabels())) {
            return usual;
        }
        if (classes) {
            throw table.refused("log_labels", "`false` where labels are classes", table.value("log_labels"));
        }
        return Sense.LOGS;
    }

    private static Loss reduced(Table table, PointwiseLoss loss) {
        return switch (table.choice("reduction", "mean", REDUCTIONS)) {
            case "sum" -> loss.summed();
            case "batchmean" -> loss.perExample();
            default -> loss;
        };
    }

    /// The weights of classes for a loss that does not know them itself.
    private static List<Double> classWeights(Table table, String type, Task task) {
        List<String> own = LOSSES.keys(type);
        List<Double> weights = own.contains(CLASS_WEIGHTS) ? List.of() : table.numbers(CLASS_WEIGHTS, List.of());
        long ignored = own.contains(IGNORED) ? -1 : table.seed(IGNORED, -100);
        int classes = task.classes().size();
        if (ignored < 0 || ignored >= classes) {
            return weights;
        }
        List<Double> counted = new ArrayList<>(weights.isEmpty() ? Collections.nCopies(classes, 1.0) : weights);
        counted.set((int) ignored, 0.0);
        return counted;
    }

    private static void demandForEach(Table table, String key, int outputs, boolean orOne) {
        if (!table.complete().containsKey(key)) {
            return;
        }
        int given = table.numbers(key, List.of()).size();
        if (given > 0 && given != outputs && !(orOne && given == 1)) {
            throw table.refused(
                    key,
                    (orOne ? "1 or " : "") + outputs + " numbers, one for each output of the model",
                    new TomlValue(given + " numbers", table.value(key).line()));
        }
    }

    private static void demandLabels(Table said, Sense sense, Task task, Array labels) {
        int wrong = sense.wrong(labels);
        if (wrong >= 0) {
            throw said.refused(
                    "type",
                    "a loss that takes labels such as " + (float) labels.get(wrong) + " in the column `"
                            + task.labels().get(wrong % task.outputs()) + "`, which for this one are " + sense.labels(),
                    said.value("type"));
        }
    }

    /// The table with numbers in the place of the word `"balanced"`.
    private static Table balanced(Table table, @Nullable Examples examples) {
        if (!table.says(CLASS_WEIGHTS, "balanced")) {
            return table;
        }
        List<Double> weights = examples == null
                ? List.of()
                : Arrays.stream(ClassCounts.of(examples).balancedWeights())
                        .boxed()
                        .toList();
        return table.with(CLASS_WEIGHTS, TomlValue.of(weights));
    }

    /// Losses on layers inside of a model, `[[auxiliary]]`.
    ///
    /// @param usual the loss where none is named
    /// @param epochs of the whole training
    /// @param examples to train on, if they are known
    static List<Auxiliary> auxiliaries(Table top, Task task, Loss usual, int epochs, @Nullable Examples examples) {
        Objective main = Objective.of(usual);
        List<Auxiliary> all = new ArrayList<>();
        for (Table table : top.tables("auxiliary")) {
            table.value("at");
            String at = table.text("at", "");
            double weight = table.number("weight", 1, x -> x >= 0, "a number from 0 up");
            Objective own = table.has("loss") ? loss(table.table("loss"), task, examples) : main;
            table.known("loss");
            if (task.classes().isEmpty() && own.isOfNumbers() != main.isOfNumbers()) {
                Table loss = table.table("loss");
                throw loss.refused(
                        "type",
                        "a loss that takes labels in the same units as that in [loss]: both of standardised numbers, or"
                                + " neither",
                        loss.value("type"));
            }
            Schedule schedule = Curves.read(table.table("schedule"), "constant", weight, epochs);
            int width = own.outputs();
            Layer head = table.has("head")
                    ? new Sequential(Layers.each(Models.counted(table, "head", width), "head"))
                    : task.perPosition() ? Linear.of(width) : Sequential.of(new Flatten(), Linear.of(width));
            table.known("head");
            table.end();
            Loss each = task.perPosition() ? new PerPosition(own) : own;
            all.add(new Auxiliary(at, head, table.has("loss") ? each : usual, schedule));
        }
        return all;
    }
}
