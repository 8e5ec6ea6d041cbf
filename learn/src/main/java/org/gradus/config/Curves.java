package org.gradus.config;

import java.util.List;
import org.gradus.optim.Curve;
import org.gradus.optim.Plateau;
import org.gradus.optim.Progress;
import org.gradus.optim.Schedule;
import org.gradus.optim.Schedules;

/// The table `[schedule]`: numbers that follow the progress of training, in epochs with the part of the current one.
final class Curves {
    private static final List<String> SHAPES = List.of(
            "constant",
            "cosine",
            "cosine_restarts",
            "cyclic",
            "exponential",
            "inverse",
            "linear",
            "milestones",
            "polynomial",
            "step");
    private static final List<String> TYPES = List.of(
            "constant",
            "cosine",
            "cosine_restarts",
            "cyclic",
            "exponential",
            "inverse",
            "linear",
            "milestones",
            "one_cycle",
            "plateau",
            "polynomial",
            "sequence",
            "step");

    /// A curve whose time are epochs, with the part of the current one.
    private record InEpochs(Curve curve) implements Schedule {
        @Override
        public double at(Progress progress) {
            return curve.at(progress.epochsDone());
        }
    }

    private Curves() {}

    /// @param usual the type where none is named
    /// @param rate where it starts
    /// @param epochs of the whole training
    static Schedule read(Table table, String usual, double rate, int epochs) {
        String type = table.choice("type", usual, TYPES);
        Schedule schedule = table.making(() -> switch (type) {
            case "plateau" -> {
                String metric = table.text("metric", "val_loss");
                yield new Plateau(
                        rate,
                        factor(table, 0.1),
                        metric,
                        table.flag("larger", Scores.isLargerBetter(metric)),
                        table.whole("patience", 10, 0),
                        table.number("threshold", 1e-4, x -> x >= 0, "a number from 0 up"),
                        table.flag("relative", true),
                        table.whole("cooldown", 0, 0),
                        table.number("least", 0, x -> x >= 0, "a learning rate from 0 up"));
            }
            case "one_cycle" -> {
                double up = epochs * table.number("rise", 0.3, x -> x > 0 && x < 1, "a number between 0 and 1");
                yield new InEpochs(
                        Schedules.cosine(rate / 25, rate, up).then(Schedules.cosine(rate, rate / 25e4, epochs - up)));
            }
            case "sequence" -> new InEpochs(sequence(table, rate));
            default -> {
                double warmup =
                        table.number("warmup", 0, x -> x >= 0 && x < epochs, "epochs from 0 to below " + epochs);
                Curve curve = curve(table, type, rate, epochs - warmup);
                yield new InEpochs(
                        warmup == 0
                                ? curve
                                : Schedules.linear(rate / 100, rate, warmup).then(curve));
            }
        });
        table.end();
        return schedule;
    }

    /// Curves one after the other, each for so many epochs; the last one goes on.
    private static Curve sequence(Table table, double rate) {
        table.value("part");
        List<Curve> parts = table.tables("part").stream()
                .map(part -> {
                    String type = part.choice("type", "constant", SHAPES);
                    part.value("epochs");
                    double epochs = part.number("epochs", 0, x -> x > 0, "a number of epochs above 0");
                    double start = rate * part.number("start", 1, x -> x > 0, "a share of the learning rate above 0");
                    Curve curve =
                            part.making(() -> curve(part, type, start, epochs).until(epochs));
                    part.end();
                    return curve;
                })
                .toList();
        return parts.stream().reduce(Curve::then).orElse(Schedules.constant(rate));
    }

    /// @param rate where it starts
    /// @param length the epochs in which it comes to its end, where it has one
    private static Curve curve(Table table, String type, double rate, double length) {
        return switch (type) {
            case "cosine" -> Schedules.cosine(rate, end(table), length);
            case "cosine_restarts" ->
                Schedules.cosineRestarts(rate, end(table), table.number("every", 10), table.number("growth", 1));
            case "cyclic" ->
                Schedules.cyclic(
                        table.number("low", rate / 10),
                        rate,
                        table.number("up", 2),
                        table.number("down", 2),
                        table.number("shrink", 1));
            case "linear" -> Schedules.linear(rate, end(table), length);
            case "polynomial" -> Schedules.polynomial(rate, end(table), length, table.number("power", 1));
            case "step" -> Schedules.steps(rate, table.number("every", 10), factor(table, 0.1));
            case "exponential" -> {
                double beta = table.number("rate", 0, x -> x >= 0, "a number from 0 up (0: by steps of `factor`)");
                yield beta > 0 ? Schedules.exponential(rate, beta) : Schedules.steps(rate, 1, factor(table, 0.95));
            }
            case "milestones" ->
                Schedules.milestones(
                        rate,
                        factor(table, 0.1),
                        table.numbers("at", List.of()).stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray());
            case "inverse" -> Schedules.inverse(rate, table.number("rate", 1), table.number("power", 1));
            default -> Schedules.constant(rate);
        };
    }

    private static double end(Table table) {
        return table.number("end", 0, x -> x >= 0, "a learning rate from 0 up");
    }

    private static double factor(Table table, double usual) {
        return table.number("factor", usual, x -> x > 0, "a number greater than 0");
    }
}
