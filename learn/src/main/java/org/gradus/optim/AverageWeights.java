package org.gradus.optim;

import java.util.List;
import org.gradus.graph.Initial;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;

/// Averages of the parameters over the steps, beside them: the last rule of a chain, which changes no direction. The
/// state `optimizer.average.PATH` is what a model is evaluated with in place of PATH.
///
/// @param decay the part of the average that stays in each step; 0 for the equal mean of all that are taken in
/// @param from the step, or epoch, from 0, whose result is the first to be taken in; until then the average is the
///     parameter
/// @param every how many steps, or epochs, lie between those that are taken in
/// @param epochs whether results are taken in at the end of epochs; else after steps
public record AverageWeights(double decay, long from, long every, boolean epochs) implements Rule {
    /// What comes before the path of a parameter in that of its average.
    public static final String STATE = "optimizer.average.";

    /// @throws org.gradus.base.GradusException when a number is out of its range
    public AverageWeights {
        Numbers.share("The part of an average that stays", decay);
        Numbers.notNegative("The first step", (double) from);
        Numbers.demand(every >= 1, "From one average to the next it is at least 1", (double) every);
    }

    /// The exponential moving average (EMA): `a ← decay·a + (1 - decay)·w`.
    public static AverageWeights exponential(double decay) {
        return new AverageWeights(decay, 0, 1, false);
    }

    /// The equal mean of every so many results (SWA). P. Izmailov et al., *Averaging Weights Leads to Wider Optima and
    /// Better Generalization*, 2018.
    public static AverageWeights equal(long from, long every) {
        return new AverageWeights(0, from, every, false);
    }

    /// The same, of results at the end of epochs.
    public AverageWeights byEpoch() {
        return new AverageWeights(decay, from, every, true);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        average(update, "average", directions, update.number(0));
        return directions;
    }

    /// How much of the average the new result becomes.
    @Override
    public List<Schedule> numbers() {
        return List.of(progress -> {
            boolean ends = !epochs || progress.batch() == progress.batches() - 1;
            long time = epochs ? progress.epoch() : progress.step();
            return ends || time <= from ? share(time - from) : 0;
        });
    }

    private double share(long since) {
        if (since <= 0) {
            return 1;
        }
        if (since % every != 0) {
            return 0;
        }
        return decay > 0 ? 1 - decay : 1.0 / (since / every + 1);
    }

    /// Takes the parameters that these steps lead to into averages of that name.
    static void average(Update update, String name, List<Tensor> steps, Tensor share) {
        List<Tensor> old = update.buffers(name, Initial.constant(0));
        List<Tensor> moved = Update.each(update.parameters(), steps, Tensor::minus);
        update.assign(old, Update.each(old, moved, (a, w) -> Elementwise.lerp(a, w, share)));
    }
}
