package org.gradus.kernel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Ref;

/// Calls of the Vector API for no purpose but to have HotSpot count.
///
/// Some methods of it call others of an object whose class HotSpot knows only by what it has counted in them: those that
/// reinterpret or shift all lanes, and masked accesses beyond the end of an array. Interpreted kernels call them too seldom.
/// If HotSpot has counted nothing it inlines these calls after all others, and then, once in thirty processes, keeps
/// vectors as objects in the kernel around them.
final class Practice {
    /// HotSpot begins to count after 200 calls, or 400 when its first compiler is busy.
    private static final int CALLS = 600;

    private static final Set<Form> KNOWN = ConcurrentHashMap.newKeySet();

    private Practice() {}

    /// Makes these calls, once for each form of vectors.
    static void of(Form form) {
        if (!form.isScalar() && KNOWN.add(form)) {
            Kernel kernel = KernelClass.emit(Kernel.class, "Practice", form.type(), form.lanes(), Practice::emit);
            Object[] arrays = {
                Warming.zeros(form.type(), 1), Warming.zeros(form.type().integer(), 1)
            };
            kernel.run(arrays, new int[0], 0, CALLS);
        }
    }

    private static void emit(Emitter e) {
        Emitter first = e.masked(e.maskBelow(Int.of(1)));
        Ref numbers = e.element(e.reference(0), 0, e.form.type());
        Ref integers = e.element(e.reference(0), 1, e.form.type().integer());
        e.loop(e.integer(2), e.integer(3), 1, call -> {
            Bits bits = e.shiftLeft(e.bits(first.load(numbers, Int.of(0))), 1);
            first.store(numbers, Int.of(0), e.numbers(bits));
            first.storeBits(integers, Int.of(0), first.loadBits(integers, Int.of(0)));
        });
    }
}
