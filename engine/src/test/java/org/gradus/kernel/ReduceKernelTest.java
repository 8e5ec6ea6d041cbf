package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;
import org.gradus.kernel.ReduceKernel.Along;
import org.gradus.kernel.ReduceKernel.Kind;
import org.junit.jupiter.api.Test;

/// Folds against plain loops, in all forms and at awkward sizes, with the same bits in each form.
class ReduceKernelTest {
    private static final Type[] TYPES = {Type.FLOAT32, Type.FLOAT64, Type.INT32, Type.INT64};

    @Test
    void rowsAndColumnsFoldEveryElementOnce() {
        Random random = new Random(1);
        for (Type type : TYPES) {
            for (Kind kind : Kind.values()) {
                for (int length : Forms.SIZES) {
                    int other = 1 + random.nextInt(20);
                    Object x = Forms.random(type, length * other * 2 + 5, random, false);
                    rows(type, kind, x, 2 * other, length);
                    columns(type, kind, x, 2, length, other);
                }
            }
        }
    }

    private static void rows(Type type, Kind kind, Object x, int rows, int length) {
        long hash = 0;
        for (int lanes : Forms.lanes(type)) {
            Object y = Forms.random(type, rows + 3, new Random(2), false);
            Kernel kernel = plain(kind, Along.ROWS, type, lanes).kernel();
            int cut = rows / 3;
            int[] numbers = {5, 3, length, 0, length};
            kernel.run(new Object[] {x, y}, numbers, 0, cut);
            kernel.run(new Object[] {x, y}, numbers, cut, rows);
            for (int r = 0; r < rows; r++) {
                check(type, kind, lanes, x, 5 + r * length, length, 1, Forms.get(y, r + 3));
            }
            assertThat(hash).isIn(0L, Forms.hash(y));
            hash = Forms.hash(y);
        }
    }

    private static void columns(Type type, Kind kind, Object x, int slabs, int length, int inner) {
        long hash = 0;
        for (int lanes : Forms.lanes(type)) {
            Object y = Forms.random(type, slabs * inner + 3, new Random(2), false);
            Kernel kernel = plain(kind, Along.COLUMNS, type, lanes).kernel();
            int cut = slabs * inner / 3;
            int[] numbers = {5, 3, inner, length, 0, length};
            kernel.run(new Object[] {x, y}, numbers, 0, cut);
            kernel.run(new Object[] {x, y}, numbers, cut, slabs * inner);
            for (int i = 0; i < slabs * inner; i++) {
                int from = 5 + i / inner * length * inner + i % inner;
                check(type, kind, lanes, x, from, length, inner, Forms.get(y, i + 3));
            }
            assertThat(hash).isIn(0L, Forms.hash(y));
            hash = Forms.hash(y);
        }
    }

    private static ReduceKernel plain(Kind kind, Along along, Type type, int lanes) {
        Body same = Body.of(1, List::copyOf);
        return new ReduceKernel(
                kind, along, new MapKernel(same, type, List.of(new Input(type, Access.FLAT)), 1, lanes));
    }

    private static void check(
            Type type, Kind kind, int lanes, Object x, int from, int length, int stride, double value) {
        if (length == 0 && (kind == Kind.MAX || kind == Kind.MIN)) {
            return;
        }
        double fold = kind == Kind.SUM ? 0 : kind == Kind.PROD ? 1 : Forms.get(x, from);
        double bound = kind == Kind.PROD ? 1 : 0;
        long exact = kind == Kind.PROD ? 1 : 0;
        for (int i = 0; i < length; i++) {
            double next = Forms.get(x, from + i * stride);
            exact = kind == Kind.PROD ? exact * (long) next : exact + (long) next;
            fold = switch (kind) {
                case SUM -> fold + next;
                case PROD -> fold * next;
                case MAX -> Math.max(fold, next);
                case MIN -> Math.min(fold, next);
            };
            bound = kind == Kind.PROD ? Math.max(1e-30, Math.abs(fold)) : bound + Math.abs(next);
        }
        if (type.isFloating() && kind == Kind.PROD && length > 100) {
            return; // partial products may leave the range
        }
        if (!type.isFloating() && kind == Kind.PROD) {
            exact = type == Type.INT32 ? (int) exact : exact;
            assertThat(value).isEqualTo((double) exact);
            return;
        }
        // Each of at most `length` roundings costs half an ulp of at most the sum of sizes.
        double unit = type == Type.FLOAT32 ? 0x1p-24 : type == Type.FLOAT64 ? 0x1p-51 : 0;
        boolean rounds = kind == Kind.SUM || kind == Kind.PROD;
        assertThat(value)
                .as("%s of %s %s in %s lanes", kind, length, type, lanes)
                .isCloseTo(fold, within(rounds ? 2 * unit * length * bound : 0));
    }

    @Test
    void severalResultsOfABodyAreFoldedAtOnceAndPartsAddUp() {
        Body moments = Body.of(3, x -> {
            var shifted = x.get(0).minus(x.get(1)).times(x.get(2));
            return List.of(shifted, shifted.squared(), shifted.exp());
        });
        List<Input> inputs = List.of(
                new Input(Type.FLOAT32, Access.FLAT),
                new Input(Type.FLOAT32, Access.SAME),
                new Input(Type.FLOAT32, Access.RUN));
        Random random = new Random(4);
        Object x = Forms.random(Type.FLOAT32, 7 * 301, random, false);
        Object m = Forms.random(Type.FLOAT32, 7, random, false);
        Object w = Forms.random(Type.FLOAT32, 301, random, false);
        long[] hashes = new long[2];
        for (int lanes : Forms.lanes(Type.FLOAT32)) {
            Object[] rows = {x, m, w, new float[7], new float[7], new float[7]};
            Object[] columns = {x, m, w, new float[301], new float[301], new float[301]};
            MapKernel map = new MapKernel(moments, Type.FLOAT32, inputs, 1, lanes);
            int[] whole = {0, 0, 0, 0, 0, 0, 301, 1, 0, 0, 301};
            new ReduceKernel(Kind.SUM, Along.ROWS, map).kernel().run(rows, whole, 0, 7);
            int[] slab = {0, 0, 0, 0, 0, 0, 301, 1, 0, 7, 0, 7};
            new ReduceKernel(Kind.SUM, Along.COLUMNS, map).kernel().run(columns, slab, 0, 301);
            double total = 0;
            double other = 0;
            for (int i = 0; i < 301; i++) {
                total += i < 7 ? Forms.get(rows[4], i) : 0;
                other += Forms.get(columns[4], i);
            }
            assertThat(total).isCloseTo(other, within(1e-4 * total));
            long[] now = {Forms.hash(rows[5]), Forms.hash(columns[5])};
            assertThat(hashes[0]).isIn(0L, now[0]);
            assertThat(hashes[1]).isIn(0L, now[1]);
            hashes = now;
        }
    }

    @Test
    void oneNaNIsEnough() {
        for (Kind kind : Kind.values()) {
            for (int lanes : Forms.lanes(Type.FLOAT32)) {
                for (int at : new int[] {0, 1, 16, 63, 64, 65, 99}) {
                    float[] x = new float[100];
                    x[at] = Float.NaN;
                    float[] y = new float[1];
                    Kernel kernel = plain(kind, Along.ROWS, Type.FLOAT32, lanes).kernel();
                    kernel.run(new Object[] {x, y}, new int[] {0, 0, 100, 0, 100}, 0, 1);
                    assertThat(y[0]).as("%s, NaN at %s", kind, at).isNaN();
                }
            }
        }
    }

    @Test
    void positionsAreThoseOfTheFirstAndOfNaN() {
        float[] x = {1, 5, 5, 0, 2, Float.NaN, 9, Float.NaN, -1, -1, -3, -3};
        long[] y = new long[3];
        new ArgKernel(true, Type.FLOAT32).kernel().run(new Object[] {x, y}, new int[] {0, 0, 4, 1}, 0, 3);
        assertThat(y).containsExactly(1, 1, 0);
        new ArgKernel(false, Type.FLOAT32).kernel().run(new Object[] {x, y}, new int[] {0, 0, 4, 1}, 0, 3);
        assertThat(y).containsExactly(3, 1, 2);
        long[] z = {3, 1, 2, 9, 1, 9};
        long[] columns = new long[2];
        new ArgKernel(true, Type.INT64).kernel().run(new Object[] {z, columns}, new int[] {0, 0, 3, 2}, 0, 2);
        assertThat(columns).containsExactly(0, 1);
    }

    @Test
    void partsDependOnTheShapeOnly() {
        assertThat(ReduceKernel.parts(1, 1000, 1)).isEqualTo(1);
        assertThat(ReduceKernel.parts(1, 1 << 20, 1)).isEqualTo(16);
        assertThat(ReduceKernel.parts(64, 1 << 20, 1)).isEqualTo(1);
        assertThat(ReduceKernel.parts(1, 4096, 1024)).isEqualTo(16);
        assertThat(ReduceKernel.parts(1, 64, 1024)).isEqualTo(1);
        assertThat(ReduceKernel.parts(8, 4096, 1024)).isEqualTo(1);
    }
}
