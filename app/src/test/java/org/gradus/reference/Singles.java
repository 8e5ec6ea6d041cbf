package org.gradus.reference;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Tensor;
import org.gradus.plan.Computation;
import org.gradus.plan.Plan;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.run.StepFunction;
import org.jspecify.annotations.Nullable;

/// A function in `float32`, compiled and eagerly, held against the interpreter in `float64` on the same inputs, rounded to `float32`
/// first: the difference is rounding in `float32` alone.
///
/// Each op of the plan is off by at most 4 units in the last place of its result (elementary functions promise that),
/// and what it is off by goes on times the slopes of those behind it. The cases keep slopes around 1, and numbers around
/// 1 or the result's size; so a result may be off by `4 u · ops` times its size, or 1 if that is larger, since what was
/// cancelled out was around 1. For functions of one place the size is that of the result at this place, and a case may
/// state that larger numbers are met on the way.
final class Singles {
    private static final double ULPS = 4 * 0x1p-24;

    private Singles() {}

    /// Throws unless they agree.
    ///
    /// @param onTheWay where each result belongs to the first input at the same place: the largest number met on the way
    static void check(
            String what,
            Function<List<Tensor>, List<Tensor>> function,
            List<Array> inputs,
            @Nullable DoubleUnaryOperator onTheWay) {
        Array[] singles = inputs.stream().map(x -> to(Type.FLOAT32, x)).toArray(Array[]::new);
        Array[] same = Arrays.stream(singles).map(x -> to(Type.FLOAT64, x)).toArray(Array[]::new);
        StepFunction step = (_, in) -> function.apply(in);
        List<Array> exact = new Session(0, Type.FLOAT64).eagerly(Mode.EVAL, step, same);
        Step compiled = new Session(0, Type.FLOAT32).step(what, Mode.EVAL, step);
        long ops = ops(compiled.plan(Arrays.stream(singles).map(Array::type).toList()));
        compare(what + " compiled in float32", compiled.run(singles), exact, ULPS * ops, same[0], onTheWay);
        List<Array> eager = new Session(0, Type.FLOAT32).eagerly(Mode.EVAL, step, singles);
        compare(what + " eagerly in float32", eager, exact, ULPS * ops, same[0], onTheWay);
    }

    private static void compare(
            String how,
            List<Array> found,
            List<Array> exact,
            double bound,
            Array input,
            @Nullable DoubleUnaryOperator onTheWay) {
        for (int i = 0; i < exact.size(); i++) {
            Array expected = to(found.get(i).type().type(), exact.get(i));
            compare(how + ", result " + i, found.get(i), expected, bound, input, onTheWay);
        }
    }

    private static void compare(
            String what,
            Array found,
            Array expected,
            double bound,
            Array input,
            @Nullable DoubleUnaryOperator onTheWay) {
        double largest = 1;
        for (int i = 0; i < expected.count(); i++) {
            double size = Math.abs(expected.get(i));
            largest = Double.isFinite(size) ? Math.max(largest, size) : largest;
        }
        for (int i = 0; i < expected.count(); i++) {
            double a = found.get(i);
            double b = expected.get(i);
            double size = onTheWay == null ? largest : Math.abs(b);
            int each = input.count() / Math.max(1, expected.count()); // 1, or a row for each result
            for (int k = i * each; k < (i + 1) * each && onTheWay != null; k++) {
                size = Math.max(size, Math.max(1, onTheWay.applyAsDouble(input.get(k))));
            }
            boolean close = Comparison.error(b, a) == 0
                    || size == Double.POSITIVE_INFINITY
                    || (expected.type().type().isFloating() && Math.abs(a - b) <= bound * size);
            if (!close) {
                throw new AssertionError("%s, element %d: %s instead of %s, where %.1e of %s are allowed (input %s)"
                        .formatted(what, i, a, b, bound, size, each == 1 ? input.get(i) : "several"));
            }
        }
    }

    private static long ops(Plan plan) {
        return plan.entries().stream()
                .mapToLong(entry -> entry.work() instanceof Computation.Loop loop
                        ? Math.max(1, loop.body().code().size())
                        : 1)
                .sum();
    }

    private static Array to(Type type, Array x) {
        if (!x.type().type().isFloating() || !type.isFloating()) {
            return x;
        }
        Array rounded = Array.zeros(x.type().with(type));
        for (int i = 0; i < x.count(); i++) {
            rounded.set(i, x.get(i));
        }
        return rounded;
    }
}
