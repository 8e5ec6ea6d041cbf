package org.gradus.strategies;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gradus.base.Philox;
import org.gradus.base.Type;
import org.gradus.data.Batch;
import org.gradus.data.Dataset;

/// Some examples of a data set, perhaps some of them several times.
public final class Subset implements Dataset {
    private static final long BOOTSTRAP = Philox.stream("strategies.bootstrap", 0);

    private final Dataset all;
    private final int[] positions;

    /// Those at these positions, in this order.
    public Subset(Dataset all, int... positions) {
        this.all = all;
        this.positions = positions.clone();
    }

    /// As many as there are, drawn at random, each as if the others were not: the bootstrap. L. Breiman, *Bagging
    /// Predictors*, 1996.
    public static Subset bootstrap(Dataset all, long seed) {
        Philox random = Philox.of(seed, BOOTSTRAP, 0);
        return new Subset(
                all,
                IntStream.range(0, all.size())
                        .map(i -> (int) (random.uniform(Type.FLOAT64, i) * all.size()))
                        .toArray());
    }

    @Override
    public int size() {
        return positions.length;
    }

    @Override
    public Batch batch(int... asked) {
        return all.batch(Arrays.stream(asked).map(i -> positions[i]).toArray());
    }

    @Override
    public Dataset pass(long seed, long epoch) {
        return new Subset(all.pass(seed, epoch), positions);
    }
}
