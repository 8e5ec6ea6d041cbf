package org.gradus.ops;

import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.RandomStream;
import org.gradus.graph.Source.Distribution;
import org.gradus.graph.Tensor;

/// Random numbers from a stream: they depend on seed, step, stream and position alone. Draw from a stream once; the
/// same draw from it again gives the same numbers.
public final class Randoms {
    private Randoms() {}

    /// Uniform from `low` to `high`; only rounding gives `high` itself.
    public static Tensor uniform(RandomStream stream, TensorType type, double low, double high) {
        return stream.draw(Distribution.UNIFORM, type.type(), type.shape())
                .times(high - low)
                .plus(low);
    }

    /// Normal with this mean and standard deviation.
    public static Tensor normal(RandomStream stream, TensorType type, double mean, double deviation) {
        return stream.draw(Distribution.NORMAL, type.type(), type.shape())
                .times(deviation)
                .plus(mean);
    }

    /// True with probability `p`: `bool`.
    ///
    /// @throws GradusException when `p` is not from 0 to 1
    public static Tensor bernoulli(RandomStream stream, Shape shape, double p) {
        probability("bernoulli", p);
        return Logic.less(stream.draw(Distribution.UNIFORM, Type.FLOAT32, shape), p);
    }

    /// Whole numbers from `low` up to, not including, `high`, all equally likely: `int64`.
    ///
    /// @throws GradusException when there is none, or more than 2^63 - 1
    public static Tensor randint(RandomStream stream, Shape shape, long low, long high) {
        long count = high - low;
        if (low >= high || count <= 0) {
            throw new GradusException(
                    "randint-range",
                    "randint: there is no whole number from " + low + " up to, not including, " + high
                            + ", or more of them than an int64 can count. Give a `high` above `low`.");
        }
        Tensor bits = stream.draw(Distribution.BITS, Type.INT64, shape);
        return Elementwise.remainder(bits, whole(bits, count)).plus(whole(bits, low));
    }

    private static Tensor whole(Tensor like, long value) {
        return like.tracer().constant(Array.of(Shape.SCALAR, value));
    }

    /// The numbers 0 to `n - 1` in random order: `int64[n]`.
    public static Tensor permutation(RandomStream stream, int n) {
        return Sorting.argsort(stream.draw(Distribution.BITS, Type.INT64, Shape.of(n)), 0);
    }

    /// Which elements dropout keeps: true with probability `1 - p`, `bool`.
    ///
    /// @throws GradusException when `p` is not from 0 to 1
    public static Tensor dropoutMask(RandomStream stream, Shape shape, double p) {
        probability("dropout", p);
        return Logic.greaterEqual(stream.draw(Distribution.UNIFORM, Type.FLOAT32, shape), p);
    }

    /// Each element replaced by 0 with probability `p`, else divided by `1 - p`, so that the mean stays.
    ///
    /// @throws GradusException when `p` is not from 0 to 1
    public static Tensor dropout(RandomStream stream, Tensor x, double p) {
        Tensor kept = dropoutMask(stream, x.shape(), p);
        return Logic.where(kept, x.times(p == 1 ? 0 : 1 / (1 - p)), 0);
    }

    private static void probability(String op, double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new GradusException(
                    "probability",
                    op + ": a probability is from 0 to 1, but was given " + p + ". Divide percent by 100.");
        }
    }
}
