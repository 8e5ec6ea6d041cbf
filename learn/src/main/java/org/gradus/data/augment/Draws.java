package org.gradus.data.augment;

import org.gradus.base.Philox;
import org.gradus.base.Type;

/// The random numbers of one augmentation of one example in one pass. They depend on these alone and on the seed, and
/// not on what else is drawn.
public final class Draws {
    private static final int EXAMPLE_SHIFT = 32; // each example has 2^32 numbers for itself

    private final Philox random;
    private final long first;
    private final int[] words = new int[4]; // a block, which makes two numbers
    private long next;
    private double spare = Double.NaN; // the second of a pair of normal numbers

    private Draws(Philox random, long first) {
        this.random = random;
        this.first = first;
    }

    /// Those of one augmentation of one example in one pass.
    ///
    /// @param step the number of the augmentation among those of an example
    /// @param epoch a number that each pass has for itself
    /// @param example its position in the data set
    public static Draws of(long seed, int step, long epoch, int example) {
        return new Draws(Philox.of(seed, Philox.stream("data.augment", step), epoch), (long) example << EXAMPLE_SHIFT);
    }

    /// Uniform on [0, 1).
    public double uniform() {
        return Philox.uniform(Type.FLOAT64, words, element());
    }

    /// Uniform on [low, high).
    public double uniform(double low, double high) {
        return low + uniform() * (high - low);
    }

    /// Uniform on 0 … count - 1.
    public int below(int count) {
        return (int) Math.unsignedMultiplyHigh(Philox.bits(words, element()), count);
    }

    /// True with this probability.
    public boolean chance(double probability) {
        return uniform() < probability;
    }

    /// Standard normal.
    public double normal() {
        double kept = spare;
        spare = Double.NaN;
        if (Double.isNaN(kept)) {
            next += next & 1; // a pair takes a block of its own
            element();
            next++;
            spare = Philox.normal(Type.FLOAT64, words, 1);
            kept = Philox.normal(Type.FLOAT64, words, 0);
        }
        return kept;
    }

    /// Beta distributed with both parameters alpha: about 1/2 where alpha is large, near 0 or 1 where it is small.
    public double beta(double alpha) {
        double one = gamma(alpha);
        double other = gamma(alpha);
        // Of a tiny alpha both may be 0; then either end is as likely.
        return one + other == 0 ? below(2) : one / (one + other);
    }

    /// G. Marsaglia, W. W. Tsang: *A simple method for generating gamma variables*, ACM TOMS 26, 2000.
    private double gamma(double shape) {
        if (shape < 1) {
            return gamma(shape + 1) * StrictMath.pow(1 - uniform(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        while (true) {
            double x = normal();
            double root = 1 + x / Math.sqrt(9 * d);
            double v = root * root * root;
            if (v > 0 && StrictMath.log(1 - uniform()) < x * x / 2 + d - d * v + d * StrictMath.log(v)) {
                return d * v;
            }
        }
    }

    /// The place of the next number in its block, which is then there.
    private int element() {
        int element = (int) (next & 1);
        if (element == 0) {
            Philox.block(random.key(), random.step(), (first + next) >>> 1, words);
        }
        next++;
        return element;
    }
}
