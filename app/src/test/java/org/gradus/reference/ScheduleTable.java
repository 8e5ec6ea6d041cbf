package org.gradus.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.gradus.base.Array;
import org.gradus.optim.Curve;
import org.gradus.optim.Plateau;
import org.gradus.optim.Progress;
import org.gradus.optim.Schedule;
import org.gradus.optim.Schedules;
import tools.jackson.databind.JsonNode;

/// Cases of kind `schedule`: the learning rates of 60 steps that begin at 0.1, and the momenta where the schedule moves
/// them too.
final class ScheduleTable {
    private static final double START = 0.1;

    static final Map<String, Check> TABLE = Map.ofEntries(
            rates("StepLR", c -> Schedules.steps(START, number(c, "step_size"), number(c, "gamma"))),
            rates(
                    "MultiStepLR",
                    c -> Schedules.milestones(
                            START,
                            number(c, "gamma"),
                            c.get("milestones")
                                    .valueStream()
                                    .mapToDouble(JsonNode::asDouble)
                                    .toArray())),
            rates("ExponentialLR", c -> Schedules.exponential(START, -Math.log(number(c, "gamma")))),
            rates("CosineAnnealingLR", c -> Schedules.cosine(START, number(c, "eta_min"), number(c, "T_max"))),
            rates(
                    "CosineAnnealingWarmRestarts",
                    c -> Schedules.cosineRestarts(START, number(c, "eta_min"), number(c, "T_0"), number(c, "T_mult"))),
            rates(
                    "LinearLR",
                    c -> Schedules.linear(
                            START * number(c, "start_factor"),
                            START * number(c, "end_factor"),
                            number(c, "total_iters"))),
            rates(
                    "ConstantLR",
                    c -> Schedules.constant(START * number(c, "factor"))
                            .until(number(c, "total_iters"))
                            .then(Schedules.constant(START))),
            rates("PolynomialLR", c -> Schedules.polynomial(START, 0, number(c, "total_iters"), number(c, "power"))),
            both(
                    "OneCycleLR",
                    c -> Schedules.oneCycle(number(c, "max_lr"), number(c, "total_steps")),
                    c -> Schedules.oneCycle(0.95, 0.85, 0.95, number(c, "total_steps"), 0.3)),
            both(
                    "OneCycleLR_linear_3phase",
                    c -> threePhases(
                            number(c, "max_lr") / 25,
                            number(c, "max_lr"),
                            number(c, "max_lr") / 25e4,
                            number(c, "total_steps")),
                    c -> threePhases(0.95, 0.85, 0.95, number(c, "total_steps"))),
            both(
                    "CyclicLR_triangular2",
                    c -> Schedules.cyclic(
                            number(c, "base_lr"),
                            number(c, "max_lr"),
                            number(c, "step_size_up"),
                            number(c, "step_size_up"),
                            0.5),
                    c -> Schedules.cyclic(0.9, 0.8, number(c, "step_size_up"), number(c, "step_size_up"), 0.5)),
            rates("LambdaLR_inv", c -> Schedules.inverse(START, 0.1, 0.75)),
            rates("ReduceLROnPlateau", ScheduleTable::plateau));

    private ScheduleTable() {}

    private static Map.Entry<String, Check> rates(String op, Function<JsonNode, Schedule> rate) {
        return Map.entry(op, given -> compare(given, "lr", rate.apply(given.config())));
    }

    private static Map.Entry<String, Check> both(
            String op, Function<JsonNode, Schedule> rate, Function<JsonNode, Schedule> momentum) {
        return Map.entry(op, given -> {
            compare(given, "lr", rate.apply(given.config()));
            compare(given, "momentum", momentum.apply(given.config()));
        });
    }

    /// A step is an epoch, after which the case's metric is seen, if it has one.
    private static void compare(Case given, String role, Schedule schedule) {
        Array expected = given.array(role);
        Array found = Array.zeros(expected.type());
        List<Map<String, Double>> history = new ArrayList<>();
        for (int step = 0; step < expected.count(); step++) {
            found.set(step, schedule.at(new Progress(step, step, expected.count(), 0, 1, history)));
            if (given.has("metric")) {
                history.add(Map.of("val_loss", given.array("metric").get(step)));
            }
        }
        Comparison.equal(role, expected, found);
    }

    /// Up, down as long, and on to the end.
    private static Curve threePhases(double start, double peak, double end, double steps) {
        double up = 0.3 * steps - 1;
        return Schedules.linear(start, peak, up)
                .then(Schedules.linear(peak, start, up))
                .then(Schedules.linear(start, end, steps - 1 - 2 * up));
    }

    private static Plateau plateau(JsonNode c) {
        return new Plateau(
                START,
                number(c, "factor"),
                "val_loss",
                false,
                (int) number(c, "patience"),
                number(c, "threshold"),
                c.get("threshold_mode").asString().equals("rel"),
                (int) number(c, "cooldown"),
                number(c, "min_lr"));
    }

    private static double number(JsonNode config, String name) {
        return config.get(name).asDouble();
    }
}
