package org.gradus.strategies;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.gradus.data.Dataset;
import org.gradus.train.Event.Ending;
import org.gradus.train.Recipe;
import org.jspecify.annotations.Nullable;

/// Parts one after the other, each of which starts from the numbers that the one before has come to, where their paths are the
/// same: pre-training and fine-tuning, or the continuation method, which makes a problem harder step by step and starts each
/// step from the last solution (E. Allgower, K. Georg, *Numerical Continuation Methods*, 1990; lecture: *Making optimization
/// easier*).
///
/// A part goes on with the random numbers where the one before has ended, and its optimizer remembers nothing.
///
/// @param parts in their order
/// @param judge the examples that the model of each part is measured by at its end, if any
public record Course(List<Part> parts, @Nullable Dataset judge) implements Strategy {
    /// Freezes the list.
    public Course {
        parts = List.copyOf(parts);
    }

    /// Continuation along a number that makes the problem harder: a share of a loss, a noise, a steepness.
    ///
    /// @param problem the recipe for a number
    /// @param from where it starts
    /// @param to where it ends, with the problem itself
    /// @param stages how many parts there are, at least 2, at equal distances
    public static Course continuation(
            DoubleFunction<Recipe> problem,
            double from,
            double to,
            int stages,
            long seed,
            Dataset training,
            @Nullable Dataset validation) {
        return new Course(
                IntStream.range(0, stages)
                        .mapToObj(i -> Part.of(
                                "stage-" + (i + 1),
                                problem.apply(stage(from, to, stages, i)),
                                seed,
                                training,
                                validation))
                        .toList(),
                validation);
    }

    /// The number of a stage, from 0.
    public static double stage(double from, double to, int stages, int index) {
        return stages < 2 ? to : from + (to - from) * index / (stages - 1);
    }

    @Override
    public Result train(Place place) {
        Map<String, Map<String, Double>> measured = new LinkedHashMap<>();
        Trained before = null;
        for (Part part : parts) {
            Trained now = place.train(part, before == null ? null : before.checkpoint());
            if (now.ending() == Ending.STOPPED) {
                return Result.stopped();
            }
            if (judge != null) {
                measured.put(part.name(), now.trainer().evaluate(judge));
            }
            before = now;
        }
        return before == null ? Result.stopped() : new Result(before.ending(), before.checkpoint(), measured);
    }
}
