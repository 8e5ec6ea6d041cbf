package org.gradus.strategies;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.data.Dataset;
import org.gradus.data.Order;
import org.gradus.data.Unweighted;
import org.gradus.optim.Progress;
import org.gradus.optim.Schedule;
import org.gradus.train.Sampling;
import org.gradus.train.Trainer;

/// Easy examples first: each pass draws from the easiest share of the training data, which grows by schedule. Every pass
/// makes as many steps, so that trainings with and without can be compared; examples of a small share come several times,
/// equally often but for one. Y. Bengio et al., *Curriculum learning*, 2009; lecture: *Making optimization easier*.
///
/// @param ranking the positions of all examples, the easiest first
/// @param share what is drawn from, above 0 to 1, by the progress when a pass begins
public record Curriculum(List<Integer> ranking, Schedule share) implements Sampling {
    private static final int ROUNDS = 40; // bits for the numbers of passes, which are counts of steps

    /// Freezes the list.
    public Curriculum {
        ranking = List.copyOf(ranking);
    }

    /// By a number for each example that says how hard it is; of equal ones the first is the easier.
    public static Curriculum of(double[] difficulties, Schedule share) {
        return new Curriculum(
                IntStream.range(0, difficulties.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> difficulties[i]))
                        .toList(),
                share);
    }

    /// How hard the examples are for a model that has been trained: the loss of each (G. Hacohen, D. Weinshall, *On The Power
    /// of Curriculum Learning in Training Deep Networks*, 2019).
    public static double[] losses(Trainer teacher, Dataset examples) {
        return IntStream.range(0, examples.size())
                .mapToDouble(i -> teacher.evaluate(new Unweighted(new Subset(examples, i)))
                        .getOrDefault("loss", Double.NaN))
                .toArray();
    }

    @Override
    public int[] order(int size, long seed, long pass, Progress progress) {
        int drawn = Math.clamp((long) Math.ceil(share.at(progress) * size), 1, size);
        int[] order = new int[size];
        for (int from = 0, round = 0; from < size; from += drawn, round++) {
            int[] shuffled = Order.shuffled(drawn, seed, pass + ((long) round << ROUNDS));
            for (int i = 0; i < Math.min(drawn, size - from); i++) {
                order[from + i] = ranking.get(shuffled[i]);
            }
        }
        return order;
    }

    @Override
    public String toString() {
        return "Curriculum[" + ranking.size() + " examples, share=" + share + "]";
    }
}
