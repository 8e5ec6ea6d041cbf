package org.gradus.kernel;

import org.gradus.base.Type;
import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

/// The description of a kernel that finds where the largest or the smallest number along an axis is. NaN beats every
/// number, and of equal ones the first is taken.
///
/// The input is dense, `[outer, length, inner]`, the result `long[outer * inner]`. [Kernel#run] takes both arrays, and
/// as numbers their offsets, `length` and `inner`; the range counts results. Scalar form only.
///
/// @param most whether the largest is wanted
public record ArgKernel(boolean most, Type type) {
    private static final KernelCache<ArgKernel, Kernel> KERNELS = new KernelCache<>(ArgKernel::define);

    /// The kernel, made at the first call and kept.
    public Kernel kernel() {
        return KERNELS.get(this);
    }

    private Kernel define() {
        return KernelClass.emit(Kernel.class, most ? "argmax" : "argmin", type, 1, this::write);
    }

    private void write(Emitter e) {
        Ref x = e.element(e.reference(0), 0, type);
        Ref y = e.element(e.reference(0), 1, Type.INT64);
        Int from = e.element(e.reference(1), 0);
        Int offset = e.element(e.reference(1), 1);
        Int length = e.element(e.reference(1), 2);
        Int inner = e.element(e.reference(1), 3);
        e.loop(e.integer(2), e.integer(3), 1, at -> {
            Int outer = e.over(at, inner);
            Int first = e.plus(e.plusTimes(from, outer, e.times(length, inner)), e.minus(at, e.times(outer, inner)));
            Numbers best = e.variable(e.load(x, first));
            Int place = e.variable(Int.of(0));
            e.loop(Int.of(1), length, 1, i -> {
                Numbers value = e.load(x, e.plusTimes(first, i, inner));
                Mask better = e.compare(value, most ? Comparison.GT : Comparison.LT, best);
                if (type.isFloating()) {
                    Mask isNumber = e.compare(best, Comparison.EQ, best);
                    better = e.or(better, e.and(isNumber, e.compare(value, Comparison.NE, value)));
                }
                e.ifDifferent(e.any(better), Int.of(0), () -> {
                    e.set(best, value);
                    e.set(place, i);
                });
            });
            Emitter wide = e.in(new Form(Type.INT64, 1));
            wide.store(y, e.plus(at, offset), wide.number(place));
        });
    }
}
