package org.gradus.strategies;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.data.Dataset;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Schedules;
import org.gradus.run.Session;
import org.gradus.train.Event;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// A search for a learning rate: a training whose rate grows from step to step by the same factor, until the loss is four
/// times what it was at best. Where the loss falls steepest is a good rate to start from; where it is least, the rate is too
/// large already. L. N. Smith, *Cyclical Learning Rates for Training Neural Networks*, 2017, section 3.3.
///
/// @param points what was measured, step by step
/// @param suggestion the rate of the steepest fall
public record RateFinder(List<Point> points, double suggestion) {
    private static final double KEPT = 0.9; // of the running mean
    private static final double DIVERGED = 4;
    private static final int ROWS = 25;

    /// One step.
    ///
    /// @param loss of its batch, before the update
    /// @param smooth the running mean of the losses
    public record Point(double rate, double loss, double smooth) {}

    /// Freezes the list.
    public RateFinder {
        points = List.copyOf(points);
    }

    /// Searches with the recipe's model, loss, batches and update rule.
    ///
    /// @param session a new one, or one with a model to go on from; its model is spoiled
    /// @param from the smallest rate
    /// @param to the largest
    /// @param steps how many rates are tried at most
    /// @throws GradusException when the numbers make no sense, or nothing was learnt with any rate
    public static RateFinder search(
            Session session, Recipe recipe, Dataset examples, double from, double to, int steps) {
        if (!(from > 0 && to > from && steps >= 10)) {
            throw new GradusException(
                    "rate-range",
                    "Learning rates are tried from one above 0 up to a larger one in at least 10 steps, but these are "
                            + from + ", " + to + " and " + steps + ".");
        }
        if (recipe.more().search() != null) {
            throw new GradusException(
                    "rate-range",
                    "L-BFGS finds the length of each step by a line search, so there is no learning rate to look for."
                            + " Look for that of another optimizer.");
        }
        double growth = Math.log(to / from) / (steps - 1);
        Optimizer growing = new Optimizer(
                Schedules.exponential(from, -growth), recipe.optimizer().rule());
        int batches = Math.max(1, Math.ceilDiv(examples.size(), recipe.batch()));
        Recipe growingRecipe = new Recipe(
                recipe.model(),
                recipe.loss(),
                recipe.metrics(),
                growing,
                recipe.batch(),
                Math.ceilDiv(steps, batches),
                null,
                recipe.more());
        List<Point> points = new ArrayList<>();
        Trainer[] trainer = new Trainer[1];
        double[] state = {0, Double.POSITIVE_INFINITY}; // running sum, least running mean
        trainer[0] = new Trainer(session, growingRecipe, event -> {
            if (!(event instanceof Event.StepDone done) || points.size() == steps) {
                return;
            }
            double loss = done.metrics().getOrDefault("loss", Double.NaN);
            state[0] = KEPT * state[0] + (1 - KEPT) * loss;
            double smooth = state[0] / (1 - Math.pow(KEPT, points.size() + 1.0));
            if (!Double.isFinite(smooth)) {
                return; // the trainer says so next
            }
            points.add(new Point(done.learningRate(), loss, smooth));
            state[1] = Math.min(state[1], smooth);
            if (points.size() == steps || (smooth > DIVERGED * state[1] && points.size() > steps / 10)) {
                trainer[0].stop();
            }
        });
        try {
            trainer[0].fit(examples);
        } catch (GradusException e) {
            if (!e.kind().equals("diverged")) {
                throw e;
            }
        }
        return new RateFinder(points, steepest(points));
    }

    /// The rate around which the losses fall fastest before the least value of their running mean: the slope of the straight
    /// line through the losses of a fifth of all steps, so that the noise of single batches does not decide.
    private static double steepest(List<Point> points) {
        int least = IntStream.range(0, points.size())
                .boxed()
                .min(Comparator.comparingDouble(i -> points.get(i).smooth()))
                .orElse(0);
        int reach = Math.max(1, points.size() / 10);
        int found = IntStream.range(reach, Math.min(least + 1, points.size() - reach))
                .boxed()
                .min(Comparator.comparingDouble(i -> slope(points, i, reach)))
                .orElse(-1);
        if (found < 0 || slope(points, found, reach) >= 0) {
            throw new GradusException(
                    "rate-none",
                    "The loss did not fall with any of the learning rates that were tried, from "
                            + (points.isEmpty()
                                    ? "the smallest"
                                    : points.getFirst().rate())
                            + " on. Is the smallest too large, or are the data not scaled?");
        }
        return points.get(found).rate();
    }

    /// By least squares, but for a factor.
    private static double slope(List<Point> points, int middle, int reach) {
        double sum = 0;
        for (int i = 1; i <= reach; i++) {
            sum += i * (points.get(middle + i).loss() - points.get(middle - i).loss());
        }
        return sum;
    }

    /// A table of some rates with a bar for the loss, and the suggestion.
    @Override
    public String toString() {
        List<Point> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(points.get(Math.min(points.size() - 1, i * points.size() / ROWS)));
        }
        double most = Collections.max(rows.stream().map(Point::smooth).toList());
        StringBuilder text = new StringBuilder("learning rate    loss\n");
        for (Point point : rows.stream().distinct().toList()) {
            text.append(String.format(Locale.ROOT, "%13.2e  %6.4f  ", point.rate(), point.smooth()))
                    .append("#".repeat((int) Math.round(40 * point.smooth() / most)))
                    .append('\n');
        }
        return text.append(
                        String.format(Locale.ROOT, "The loss falls fastest at a learning rate of %.2g.%n", suggestion))
                .toString();
    }
}
