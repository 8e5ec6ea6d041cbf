package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.gradus.base.Type;
import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;
import org.junit.jupiter.api.Test;

/// The emitter: one source, the same numbers in every form; indices and branches as written.
class EmitterTest {
    /// A kind of kernel for indices.
    interface Count {
        /// Does what was emitted.
        void run(int[] x, int n);
    }

    @Test
    void everyFormComputesTheSame() {
        for (Type type : List.of(Type.FLOAT32, Type.FLOAT64)) {
            for (int size : Forms.SIZES) {
                Object x = Forms.random(type, size + 3, new Random(1), true);
                long expected = 0;
                for (int lanes : Forms.lanes(type)) {
                    Object y = Forms.random(type, size + 2, new Random(2), false);
                    everything(type, lanes).run(new Object[] {x, y}, new int[] {3}, 0, size);
                    long hash = Forms.hash(y);
                    assertThat(expected)
                            .as("%s %s, %s lanes", size, type, lanes)
                            .isIn(0L, hash);
                    expected = hash;
                }
            }
        }
    }

    private static Kernel everything(Type type, int lanes) {
        return KernelClass.emit(Kernel.class, "everything", type, lanes, e -> {
            Ref x = e.element(e.reference(0), 0, type);
            Ref y = e.element(e.reference(0), 1, type);
            Int offset = e.element(e.reference(1), 0);
            Numbers factor = e.single().load(x, Int.of(0));
            e.strip(e.integer(2), e.integer(3), (m, i) -> {
                Numbers a = m.load(x, m.plus(i, offset));
                Numbers b = m.fma(a, m.constant(2.5), m.constant(-0.0));
                Mask small = m.or(m.compare(a, Comparison.LT, m.constant(1)), m.not(m.compare(a, Comparison.GE, b)));
                Numbers c = m.select(m.xor(small, m.and(small, small)), m.negated(b), m.larger(b, m.sqrt(m.abs(a))));
                Numbers d = m.smaller(m.over(c, m.minus(a, b)), m.times(m.broadcast(factor), a));
                Bits bits = m.plus(m.minus(m.bits(d), m.pattern(5)), m.pattern(7));
                bits = m.or(m.shiftLeft(m.shiftRightZero(m.xor(bits, m.pattern(1)), 1), 1), m.pattern(0));
                m.store(y, i, m.numbers(bits));
            });
        });
    }

    @Test
    void indicesLoopsAndBranches() {
        KernelClass<Count> made = new KernelClass<>(Count.class, "count");
        Emitter e = made.method(Type.INT32, 1);
        Emitter helper = made.method("helper", Type.INT32, 1, int[].class, int.class);
        Numbers old = helper.load(helper.reference(0), helper.integer(1));
        helper.store(helper.reference(0), helper.integer(1), helper.plus(old, helper.constant(100)));
        Ref x = e.reference(0);
        Int n = e.integer(1);
        Int sum = e.variable(Int.of(0));
        e.loop(
                Int.of(1),
                n,
                3,
                i -> e.ifLess(
                        e.rest(i, Int.of(2)),
                        Int.of(1),
                        () -> e.set(sum, e.plusTimes(sum, i, Int.of(10))),
                        () -> e.increment(sum, 1)));
        e.store(x, Int.of(0), e.number(sum));
        e.store(x, Int.of(1), e.number(e.over(e.minus(n, 1), Int.of(4))));
        e.store(x, Int.of(2), e.number(e.smaller(n, Int.of(7))));
        e.store(x, Int.of(3), e.number(e.and(e.larger(n, Int.of(3)), ~7)));
        e.ifEqual(n, Int.of(12), () -> e.call(helper, x, Int.of(2)));
        e.ifDifferent(n, Int.of(12), () -> e.call(helper, x, Int.of(3)));
        Count count = made.define();
        int[] values = new int[4];
        count.run(values, 12);
        assertThat(values).containsExactly(142, 2, 107, 8); // 1, 4, 7, 10: two odd ones, and (4 + 10) * 10
        count.run(values, 0);
        assertThat(values).containsExactly(0, 0, 0, 100);
        assertThat(made.listing()).contains("while i", "if i", "helper(");
    }

    @Test
    void literalsAreFolded() {
        Emitter e = new KernelClass<>(Kernel.class, "folded").method(Type.FLOAT32, 1);
        assertThat(e.plusTimes(Int.of(3), Int.of(4), Int.of(5))).isEqualTo(Int.of(23));
        assertThat(e.plus(e.integer(2), 0)).isEqualTo(e.integer(2));
        assertThat(e.times(e.integer(2), 0)).isEqualTo(Int.of(0));
        assertThat(e.size()).isZero();
    }
}
