package org.gradus.run;

import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.Type;

/// A value's two orders of axes: channels first, as users see it, and channels last, as kernels over windows take it.
/// For images these are `[a, b, c]` and `[a, c, b]` (batch, channels, places), for weights `[a, b, c]` and `[c, b, a]`
/// (out, in, taps).
record Layout(int a, int b, int c, boolean isWeight) {
    private static final int ALIGNMENT = 16;

    /// The orders of `[batch, channels, spatial…]`.
    static Layout image(Shape shape) {
        return new Layout(
                shape.size(0), shape.size(1), shape.part(2, shape.rank()).count(), false);
    }

    /// The orders of `[out, in, taps…]`.
    static Layout weight(Shape shape) {
        return new Layout(
                shape.size(0), shape.size(1), shape.part(2, shape.rank()).count(), true);
    }

    /// Whether the two orders are not the same, so that a copy is needed.
    boolean differs() {
        return isWeight ? (a > 1 ? 1 : 0) + (b > 1 ? 1 : 0) + (c > 1 ? 1 : 0) > 1 : b > 1 && c > 1;
    }

    /// The elements of workspace that a copy takes, if one is needed.
    int copy() {
        return differs() ? (a * b * c + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : 0;
    }

    /// Copies from channels first to channels last.
    Job toLast(Type type, Object from, int at, Object to, int offset, Threads threads) {
        return isWeight
                ? Loops.copy(type, Shape.of(c, b, a), List.of(1, c, b * c), from, at, to, offset, threads)
                : Loops.copy(type, Shape.of(a, c, b), List.of(b * c, 1, c), from, at, to, offset, threads);
    }

    /// Copies from channels last to channels first.
    Job toFirst(Type type, Object from, int at, Object to, int offset, Threads threads) {
        return isWeight
                ? Loops.copy(type, Shape.of(a, b, c), List.of(1, a, a * b), from, at, to, offset, threads)
                : Loops.copy(type, Shape.of(a, b, c), List.of(b * c, 1, b), from, at, to, offset, threads);
    }
}
