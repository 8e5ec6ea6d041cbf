package org.gradus.kernel;

import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

/// A loop that multiplies and adds in registers and does nothing else: what a processor can do at most.
@FunctionalInterface
public interface MultiplyAdd {
    /// Sums in registers: enough to keep two units of latency 4 busy, and few enough for 16 registers.
    int SUMS = 12;

    /// Goes round.
    ///
    /// @param sums at least [#SUMS] times as many as there are lanes; what they are afterwards is written there
    void run(float[] sums, int rounds);

    /// The loop for vectors of so many lanes.
    static MultiplyAdd of(int lanes) {
        return KernelClass.emit(MultiplyAdd.class, "MultiplyAdd", Type.FLOAT32, lanes, MultiplyAdd::emit);
    }

    private static void emit(Emitter e) {
        Ref numbers = e.reference(0);
        Numbers by = e.constant(0.5);
        Numbers plus = e.constant(1);
        Numbers[] sums = new Numbers[SUMS];
        for (int i = 0; i < SUMS; i++) {
            sums[i] = e.variable(e.load(numbers, Int.of(i * e.lanes())));
        }
        e.loop(Int.of(0), e.integer(1), 1, round -> {
            for (Numbers sum : sums) {
                e.into(sum).fma(by, plus, sum);
            }
        });
        for (int i = 0; i < SUMS; i++) {
            e.store(numbers, Int.of(i * e.lanes()), sums[i]);
        }
    }
}
