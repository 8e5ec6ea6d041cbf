package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pooling and its transposes against their definitions, exactly, in all forms.
class PoolingTest {
    record Case(Pooling sizes, Type type) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int channels : new int[] {1, 3, 16, 20, 33}) {
            Axis even = Axis.of(6, 2).strided(2);
            Axis padded = Axis.of(7, 3).strided(2).padded(1, 1);
            Axis dilated = Axis.of(9, 3).dilated(2).padded(3, 2);
            add(cases, Pooling.of(3, channels, even, even));
            Axis cut = Axis.of(5, 2)
                    .strided(2)
                    .padded(1, 0); // windows apart, of which some see fewer taps, and pixels none sees
            add(cases, Pooling.of(2, channels, cut, Axis.of(8, 2).strided(3)));
            add(
                    cases,
                    Pooling.of(
                            1,
                            channels,
                            Axis.of(9, 3).strided(3),
                            Axis.of(12, 2).dilated(2).strided(4)));
            add(cases, new Pooling(1, channels, Axis.of(4, 2).strided(2), even, even));
            add(cases, Pooling.of(2, channels, padded, Axis.of(5, 3).padded(1, 1)));
            add(cases, Pooling.of(1, channels, dilated, padded));
            add(
                    cases,
                    new Pooling(2, channels, Axis.of(4, 2), even, Axis.of(4, 3).padded(0, 2)));
            add(
                    cases,
                    Pooling.of(
                            1,
                            channels,
                            Axis.of(8, 5).padded(2, 2),
                            Axis.of(8, 5).padded(2, 2)));
        }
        add(cases, Pooling.of(40, 5, Axis.NONE, Axis.of(200, 7).strided(3)));
        add(cases, Pooling.of(0, 5, Axis.of(4, 2), Axis.of(4, 2)));
        add(cases, Pooling.of(2, 0, Axis.of(4, 2), Axis.of(4, 2)));
        return cases;
    }

    private static void add(List<Case> cases, Pooling pooling) {
        cases.add(new Case(pooling, Type.FLOAT32));
        cases.add(new Case(pooling, Type.FLOAT64));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void maximaAndTheirGradient(Case c) {
        Pooling p = c.sizes();
        Object x = input(c, true);
        int count = p.batch() * p.windows() * p.channels();
        Object dy = Contractions.random(c.type(), count, 2);
        Object expected = Contractions.untouched(c.type(), count);
        long[] places = new long[count];
        Object gradient = Contractions.untouched(c.type(), p.batch() * p.pixels() * p.channels());
        visit(p, (window, pixel, first) -> {
            double value = Contractions.get(x, pixel);
            double best = first ? value : Contractions.get(expected, window);
            if (first || value > best || (Double.isNaN(value) && !Double.isNaN(best))) {
                Array.set(expected, Contractions.MARGIN + window, boxed(c.type(), value));
                places[window] = pixel / p.channels() % p.pixels();
            }
        });
        for (int lanes : Contractions.lanes(c.type())) {
            for (int threads : new int[] {1, 3}) {
                Object y = Contractions.untouched(c.type(), count);
                Object positions = c.type() == Type.FLOAT64 ? new long[count] : new int[count];
                Work work = p.max(c.type(), lanes, new Object[] {x, y, positions}, 3, 3, 0);
                Contractions.run(work, threads);
                assertThat(Contractions.bits(y)).isEqualTo(Contractions.bits(expected));
                for (int i = 0; i < count; i++) {
                    assertThat(Array.getLong(positions, i)).isEqualTo(places[i]);
                }
                Object alone = Contractions.untouched(c.type(), count);
                Contractions.run(p.max(c.type(), lanes, new Object[] {x, alone}, 3, 3), threads);
                assertThat(Contractions.bits(alone)).isEqualTo(Contractions.bits(expected));
                Object dx = Contractions.untouched(c.type(), p.batch() * p.pixels() * p.channels());
                Contractions.run(p.scatter(c.type(), lanes, new Object[] {dx, dy, positions}, 3, 3, 0), threads);
                for (int i = 0; i < p.batch() * p.pixels() * p.channels(); i++) {
                    Array.set(gradient, 3 + i, boxed(c.type(), 0));
                }
                for (int i = 0; i < count; i++) {
                    int image = i / Math.max(1, p.windows() * p.channels());
                    int at = (int) (image * p.pixels() + places[i]) * p.channels() + i % p.channels();
                    plus(gradient, at, Contractions.get(dy, i));
                }
                assertThat(Contractions.bits(dx)).isEqualTo(Contractions.bits(gradient));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sumsAndTheirGradient(Case c) {
        Pooling p = c.sizes();
        Object x = input(c, false);
        int count = p.batch() * p.windows() * p.channels();
        int pixels = p.batch() * p.pixels() * p.channels();
        Object dy = Contractions.random(c.type(), count, 2);
        Object sums = zeros(c.type(), count);
        Object spread = zeros(c.type(), pixels);
        visit(p, (window, pixel, first) -> {
            plus(sums, window, Contractions.get(x, pixel));
            plus(spread, pixel, Contractions.get(dy, window));
        });
        for (int lanes : Contractions.lanes(c.type())) {
            for (int threads : new int[] {1, 2, 7}) {
                Object y = Contractions.untouched(c.type(), count);
                Contractions.run(p.sum(c.type(), lanes, new Object[] {x, y}, 3, 3), threads);
                assertThat(Contractions.bits(y)).isEqualTo(Contractions.bits(sums));
                Object dx = Contractions.untouched(c.type(), pixels);
                Contractions.run(p.spread(c.type(), lanes, new Object[] {dx, dy}, 3, 3), threads);
                assertThat(Contractions.bits(dx)).isEqualTo(Contractions.bits(spread));
            }
        }
    }

    @Test
    void aWindowThatSeesOnlyPaddingHasNoMaximum() {
        Pooling p = Pooling.of(1, 1, Axis.NONE, Axis.of(3, 2).padded(2, 0));
        assertThatThrownBy(
                        () -> p.max(Type.FLOAT32, 1, new Object[] {new float[3], new float[4], new long[4]}, 0, 0, 0))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("nothing but padding");
    }

    private static Object input(Case c, boolean odd) {
        Pooling p = c.sizes();
        int count = p.batch() * p.pixels() * p.channels();
        Object x = Contractions.random(c.type(), count, 1);
        for (int i = 0; i < count && odd; i++) { // ties, both zeros and NaN
            double value = Math.rint(4 * Contractions.get(x, i));
            Array.set(x, Contractions.MARGIN + i, boxed(c.type(), i % 23 == 5 ? Double.NaN : value));
        }
        return x;
    }

    private static Object zeros(Type type, int count) {
        Object array = Contractions.untouched(type, count);
        for (int i = 0; i < count; i++) {
            Array.set(array, Contractions.MARGIN + i, boxed(type, 0));
        }
        return array;
    }

    private static Object boxed(Type type, double value) {
        if (type == Type.FLOAT32) {
            return (float) value;
        }
        return value;
    }

    private static void plus(Object array, int index, double value) {
        if (array instanceof float[] floats) {
            floats[Contractions.MARGIN + index] += (float) value;
        } else {
            ((double[]) array)[Contractions.MARGIN + index] += value;
        }
    }

    private interface Visit {
        void see(int window, int pixel, boolean first);
    }

    /// Every tap of every window, row-major, with the elements that belong to it.
    private static void visit(Pooling p, Visit visit) {
        Convolution s = new Convolution(p.batch(), p.channels(), p.channels(), 1, p.depth(), p.height(), p.width());
        for (int n = 0; n < p.batch(); n++) {
            for (int window = 0; window < p.windows(); window++) {
                boolean first = true;
                for (int tap = 0; tap < s.taps(); tap++) {
                    int pixel = ConvolutionTest.pixel(s, window, tap);
                    for (int c = 0; c < p.channels() && pixel >= 0; c++) {
                        visit.see(
                                (n * p.windows() + window) * p.channels() + c,
                                (n * p.pixels() + pixel) * p.channels() + c,
                                first);
                    }
                    first &= pixel < 0;
                }
            }
        }
    }
}
