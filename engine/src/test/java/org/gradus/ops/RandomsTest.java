package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Randoms.*;

import java.util.Arrays;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.RandomStream;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

/// Bounds on means are five standard deviations wide.
class RandomsTest {
    private static final int N = 10_000;

    private final RandomStream stream = Eager.stream(1, 2);
    private final TensorType type = TensorType.of(Type.FLOAT64, N);

    @Test
    void uniformNumbers() {
        double[] u = uniform(stream, type, -1, 3).array().toDoubles();
        assertThat(Arrays.stream(u).min().orElseThrow()).isBetween(-1.0, -0.9);
        assertThat(Arrays.stream(u).max().orElseThrow()).isBetween(2.9, 3.0);
        assertThat(Arrays.stream(u).average().orElseThrow()).isCloseTo(1, within(5 * 4 / Math.sqrt(12.0 * N)));
    }

    @Test
    void normalNumbers() {
        Tensor x = normal(stream, type, 10, 2);
        assertThat(x.mean().item()).isCloseTo(10, within(5 * 2 / Math.sqrt(N)));
        assertThat(Reductions.var(x, 1).item()).isCloseTo(4, within(5 * 4 * Math.sqrt(2.0 / N)));
    }

    @Test
    void coins() {
        Tensor coins = bernoulli(stream, Shape.of(N), 0.3);
        assertThat(coins.type().type()).isEqualTo(Type.BOOL);
        double share = Reductions.countNonzero(coins).item() / N;
        assertThat(share).isCloseTo(0.3, within(5 * Math.sqrt(0.21 / N)));
        assertThat(Reductions.any(bernoulli(stream, Shape.of(N), 0)).item()).isZero();
        assertThat(Reductions.all(bernoulli(stream, Shape.of(N), 1)).item()).isOne();
        error("probability", () -> bernoulli(stream, Shape.of(1), 1.5), "1.5");
        error("probability", () -> bernoulli(stream, Shape.of(1), Double.NaN));
    }

    @Test
    void wholeNumbers() {
        Tensor dice = randint(stream, Shape.of(N), -3, 3);
        assertThat(dice.type().type()).isEqualTo(Type.INT64);
        for (int face = -3; face < 3; face++) {
            double share = Reductions.countNonzero(Logic.equal(dice, face)).item() / N;
            assertThat(share).isCloseTo(1 / 6.0, within(5 * Math.sqrt(5 / 36.0 / N)));
        }
        assertThat(Reductions.amin(dice).item()).isEqualTo(-3);
        assertThat(Reductions.amax(dice).item()).isEqualTo(2);
        error("randint-range", () -> randint(stream, Shape.of(1), 3, 3), "3");
    }

    @Test
    void permutations() {
        long[] order = permutation(stream, 100).array().toLongs();
        assertThat(order).isNotEqualTo(Arrays.stream(order).sorted().toArray());
        assertThat(Arrays.stream(order).sorted())
                .containsExactly(
                        java.util.stream.LongStream.range(0, 100).boxed().toArray(Long[]::new));
        assertThat(permutation(stream, 0).shape()).isEqualTo(Shape.of(0));
    }

    @Test
    void dropoutKeepsTheMean() {
        Tensor x = Constants.onesLike(uniform(stream, type, 0, 1));
        Tensor y = dropout(stream, x, 0.25);
        assertThat(y.mean().item()).isCloseTo(1, within(5 * Math.sqrt(0.25 / 0.75 / N)));
        assertThat(y.array().toDoubles()).containsOnly(0, 1 / 0.75);
        holds(
                Logic.equal(dropoutMask(stream, x.shape(), 0.25), Logic.greater(y, 0))
                        .to(Type.INT64)
                        .sum(),
                Shape.SCALAR,
                N);
        assertThat(dropout(stream, x, 0).array().toDoubles()).containsOnly(1);
        assertThat(dropout(stream, x, 1).array().toDoubles()).containsOnly(0);
        error("probability", () -> dropout(stream, x, -0.1), "dropout", "-0.1");
    }

    @Test
    void oneStreamGivesTheSameAgain() {
        assertThat(uniform(stream, type, 0, 1).array().toDoubles())
                .isEqualTo(uniform(Eager.stream(1, 2), type, 0, 1).array().toDoubles())
                .isNotEqualTo(uniform(Eager.stream(1, 3), type, 0, 1).array().toDoubles());
    }
}
