package org.gradus.data;

import java.util.Arrays;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Philox;
import org.gradus.base.Type;

/// A data set whose passes draw examples at random, with replacement and with probabilities of their own: rare classes
/// may come as often as frequent ones. What is drawn depends on the seed of the run and the pass alone. Outside of a pass
/// examples come as they lie.
public final class Sampled implements Dataset {
    private static final long STREAM = Philox.stream("data.sample", 0);

    private final Dataset examples;
    private final double[] sums; // of the weights up to each example
    private final int size;
    private final int[] drawn; // in this pass; empty outside of one

    private Sampled(Dataset examples, double[] sums, int size, int[] drawn) {
        this.examples = examples;
        this.sums = sums;
        this.size = size;
        this.drawn = drawn;
    }

    /// Draws in proportion to weights.
    ///
    /// @param weights one for each example, not negative, and not all 0
    /// @param size how many are drawn in a pass
    /// @throws GradusException when there are more or fewer weights, or they are none
    public static Sampled weighted(Dataset examples, double[] weights, int size) {
        double[] sums = weights.clone();
        Arrays.parallelPrefix(sums, Double::sum);
        boolean fine = weights.length == examples.size()
                && Arrays.stream(weights).allMatch(weight -> weight >= 0)
                && sums.length > 0
                && sums[sums.length - 1] > 0
                && Double.isFinite(sums[sums.length - 1]);
        if (!fine || size < 1) {
            throw new GradusException(
                    "sample-weights",
                    "To draw " + size + " of " + examples.size() + " examples at random, each needs a weight of 0 or"
                            + " more, some of them more than 0, but the " + weights.length + " weights add up to "
                            + (sums.length == 0 ? 0.0 : sums[sums.length - 1]) + ". Give one for each example.");
        }
        return new Sampled(examples, sums, size, new int[0]);
    }

    /// Draws so that each class is as probable as each other one, and each example of a class too; in a pass as many as
    /// there are.
    ///
    /// @throws GradusException when the labels are no classes
    public static Sampled balanced(Examples examples) {
        double[] weights = ClassCounts.of(examples).balancedWeights();
        if (examples.labelType().shape().rank() != 1) {
            throw new GradusException(
                    "sample-weights",
                    "Examples are drawn by their class, one for each, but the labels are " + examples.labelType()
                            + ".");
        }
        Array labels = examples.labels();
        double[] each = new double[examples.size()];
        Arrays.setAll(each, i -> weights[(int) labels.getLong(i)]);
        return weighted(examples, each, examples.size());
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Dataset pass(long seed, long epoch) {
        Philox random = Philox.of(seed, STREAM, epoch);
        int[] positions = new int[size];
        double all = sums[sums.length - 1];
        for (int i = 0; i < size; i++) {
            double place = random.uniform(Type.FLOAT64, i) * all;
            int found = Arrays.binarySearch(sums, place);
            // The first whose sum is beyond the place; examples of the weight 0 add nothing and are passed over.
            int next = found < 0 ? -found - 1 : found;
            while (sums[next] <= place) {
                next++;
            }
            positions[i] = next;
        }
        return new Sampled(examples.pass(seed, epoch), sums, size, positions);
    }

    @Override
    public Batch batch(int... positions) {
        int[] there = new int[positions.length];
        for (int i = 0; i < there.length; i++) {
            if (positions[i] < 0 || positions[i] >= size) {
                throw new GradusException(
                        "example-range",
                        "Example " + positions[i] + " was asked of a pass of " + size + " draws, which are 0 to "
                                + (size - 1) + ".");
            }
            there[i] = drawn.length == 0 ? positions[i] % examples.size() : drawn[positions[i]];
        }
        return examples.batch(there);
    }
}
