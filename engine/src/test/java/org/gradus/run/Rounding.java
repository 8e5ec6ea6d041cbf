package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.kernel.ReduceKernel;
import org.gradus.plan.Computation;
import org.gradus.plan.Plan;

/// How far results of a plan may be from those of the interpreter.
///
/// An op's result is off by some ulp of its own (kernels promise 4 for an elementwise function; a sum of n numbers in 16
/// lanes is off by n / 16 + 4 halves of an ulp of the sum of absolute values; eager `float32` rounds between ops where a
/// fused loop does not, which is half an ulp more), and by what its inputs are off, times its slope. The tests' graphs
/// keep numbers and slopes around 1, so errors add up: with 4 ulps for each op, the bound is `4 u · ops` times the
/// largest number of the result, or 1 if that is smaller, since what was cancelled out was around 1. Integers, truth
/// values and what is not finite must be the same.
///
/// A convolution by Winograd's method F(4x4, 3x3) counts as 64 ops. Its transforms make numbers larger before the results
/// become small again, and what is rounded on the way stays as large: along one axis, for numbers and weights up to 1,
/// the sum over `i` of `|A[i, k]| · sum |G[i, ·]| · sum |B[i, ·]|` is at most 48 (with `i` from 0 to 5: 0, 5, 5, 14, 14 and
/// 10, for the last result), where a direct sum has 3 terms: 16 times as much, 256 times along both axes. The weight's
/// gradient has 53 for 4 terms. F(2x2, 3x3) has 8 for 3 terms, 7 times as much along both axes: 2 ops.
public final class Rounding {
    private static final int ULPS = 4;

    private final double bound;
    private final double unit;

    private Rounding(double bound, double unit) {
        this.bound = bound;
        this.unit = unit;
    }

    /// The bound for results of a plan whose numbers are of that type.
    public static Rounding of(Plan plan, Type type) {
        long ops = plan.passes().stream().mapToLong(Rounding::ops).sum();
        double unit = type == Type.FLOAT32 ? 0x1p-24 : 0x1p-53;
        return new Rounding(ULPS * unit * Math.max(1, ops), unit);
    }

    /// The ops of an entry; a fold counts as many as bound what its longest chain of additions is off by.
    private static long ops(Plan.Entry entry) {
        return switch (entry.work()) {
            case Computation.Loop loop -> Math.max(1, loop.body().code().size());
            case Computation.Fold fold -> {
                long results = Math.max(1, fold.result().count());
                long length = fold.shape().count() / results;
                long chain = length / ReduceKernel.parts(results, length, 1) / (2 * ULPS);
                yield fold.body().code().size() + 1 + chain;
            }
            case Computation.Contraction contraction -> {
                String method = Contractions.method(contraction, false);
                yield method.contains("F(4x4") ? 64 : method.contains("F(2x2") ? 2 : 1;
            }
            default -> 1;
        };
    }

    /// Compares a result with the interpreter's.
    public void check(String what, Array found, Array expected) {
        assertThat(found.type()).as(what).isEqualTo(expected.type());
        if (!expected.type().type().isFloating()) {
            assertThat(found.toLongs()).as(what).containsExactly(expected.toLongs());
            return;
        }
        double[] a = found.toDoubles();
        double[] b = expected.toDoubles();
        double largest = 1;
        for (double value : b) {
            largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        for (int i = 0; i < b.length; i++) {
            boolean same = Double.doubleToLongBits(a[i] + 0.0) == Double.doubleToLongBits(b[i] + 0.0);
            assertThat(same || Math.abs(a[i] - b[i]) <= bound * largest)
                    .as(
                            "%s, element %d: %s instead of %s, %.0f ulps of %s apart, where %.0f are allowed",
                            what, i, a[i], b[i], Math.abs(a[i] - b[i]) / largest / unit, largest, bound / unit)
                    .isTrue();
        }
    }
}
