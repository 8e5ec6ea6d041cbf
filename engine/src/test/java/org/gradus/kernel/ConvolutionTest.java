package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.gradus.base.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Convolutions and their gradients against their definition, and bit for bit in all forms.
class ConvolutionTest {
    record Case(Convolution sizes, Type type, Epilogue epilogue) {}

    static List<Case> cases() {
        List<Convolution> list = new ArrayList<>();
        list.add(Convolution.of(2, 1, 20, Axis.of(12, 5), Axis.of(13, 5)));
        list.add(Convolution.of(2, 1, 20, Axis.of(30, 5), Axis.of(32, 5))); // several rows of pixels by the same calls
        list.add(Convolution.of(
                2, 20, 3, Axis.of(31, 3).strided(2).padded(1, 1), Axis.of(9, 3).padded(1, 1)));
        list.add(Convolution.of(
                3, 3, 17, Axis.of(8, 3).padded(1, 1), Axis.of(9, 3).padded(1, 1)));
        list.add(Convolution.of(
                1, 32, 32, Axis.of(6, 3).padded(1, 1), Axis.of(32, 3).padded(1, 1)));
        list.add(Convolution.of(
                2, 7, 70, Axis.of(4, 3).padded(1, 1), Axis.of(4, 3).padded(1, 1)));
        list.add(Convolution.of(
                2,
                16,
                32,
                Axis.of(8, 3).strided(2).padded(1, 1),
                Axis.of(9, 3).strided(2).padded(1, 1)));
        list.add(Convolution.of(2, 5, 6, Axis.of(8, 1).strided(2), Axis.of(7, 1).strided(2)));
        list.add(Convolution.of(
                19, 4, 3, Axis.of(5, 2).padded(0, 1), Axis.of(5, 2).padded(1, 0)));
        list.add(Convolution.of(
                2,
                3,
                5,
                Axis.of(11, 3).dilated(2).padded(2, 3),
                Axis.of(13, 3).dilated(3).strided(2).padded(1, 4)));
        list.add(Convolution.of(
                2,
                3,
                5,
                Axis.of(14, 3).dilated(2).strided(2),
                Axis.of(13, 2).dilated(3).strided(6).padded(7, 1)));
        list.add(Convolution.of(
                        3, 6, 9, Axis.of(7, 3).padded(1, 1), Axis.of(7, 3).padded(1, 1))
                .grouped(3));
        list.add(Convolution.of(
                        2,
                        8,
                        8,
                        Axis.of(6, 3).padded(1, 1),
                        Axis.of(6, 3).strided(2).padded(1, 1))
                .grouped(8));
        list.add(Convolution.of(2, 4, 64, Axis.of(3, 2), Axis.of(3, 2)).grouped(2));
        list.add(Convolution.of(3, 5, 7, Axis.NONE, Axis.of(31, 4).strided(3).padded(2, 1)));
        list.add(new Convolution(
                2,
                3,
                5,
                1,
                Axis.of(5, 3).padded(1, 1),
                Axis.of(4, 2),
                Axis.of(6, 3).padded(1, 1)));
        list.add(new Convolution(
                2, 4, 6, 2, Axis.of(7, 2).strided(3).padded(1, 0), Axis.of(4, 2).dilated(2), Axis.of(6, 3)));
        list.addAll(scattered());
        for (int out : new int[] {17, 23, 40, 132}) { // rows of a tile share vectors
            list.add(Convolution.of(2, 5, out, Axis.of(9, 5), Axis.of(13, 5)));
        }
        for (int out : new int[] {132, 228, 260}) { // more vectors than there are registers for
            list.add(Convolution.of(2, 70, out, Axis.of(3, 3), Axis.of(1, 1)));
        }
        list.add(Convolution.of(40, 5, 20, Axis.of(7, 5), Axis.of(8, 5))); // several images in a section
        list.add(new Convolution(2, 8, 20, 1, Axis.of(4, 3), Axis.of(6, 3), Axis.of(7, 4)));
        list.add(Convolution.of(2, 16, 40, Axis.of(20, 5), Axis.of(9, 5))); // windows for tiles of several heights
        list.add(Convolution.of(
                        2, 40, 72, Axis.of(7, 4).padded(1, 1), Axis.of(8, 2).strided(2))
                .grouped(2));
        list.add(Convolution.of(0, 3, 5, Axis.of(5, 3), Axis.of(5, 3).padded(1, 1)));
        list.add(Convolution.of(2, 0, 5, Axis.of(5, 3), Axis.of(5, 3)));
        list.add(Convolution.of(2, 3, 0, Axis.of(5, 3), Axis.of(5, 3)));
        list.add(Convolution.of(1, 1, 1, Axis.of(1, 1), Axis.of(1, 1)));
        List<Case> cases = new ArrayList<>();
        for (Convolution c : list) {
            boolean first = cases.size() % 4 == 0;
            cases.add(new Case(c, Type.FLOAT32, new Epilogue(first, first)));
            cases.add(new Case(c, Type.FLOAT64, new Epilogue(!first, false)));
        }
        return cases;
    }

    /// Those whose input gradient goes window by window.
    static List<Convolution> scattered() {
        return List.of(
                Convolution.of(3, 20, 50, Axis.of(12, 5), Axis.of(12, 5)),
                Convolution.of(
                        17, 3, 31, Axis.of(11, 3).padded(1, 1), Axis.of(9, 3).padded(2, 0)),
                Convolution.of(
                        2,
                        2,
                        40,
                        Axis.of(23, 5).strided(2).dilated(2).padded(1, 3),
                        Axis.of(14, 4).strided(3).padded(2, 1)),
                new Convolution(
                        2,
                        1,
                        33,
                        1,
                        Axis.of(5, 3).strided(2).padded(1, 1),
                        Axis.of(19, 2),
                        Axis.of(8, 5).padded(2, 2)));
    }

    @ParameterizedTest
    @MethodSource("scattered")
    void bothWaysOfTheInputGradientAgreeInEveryBit(Convolution c) {
        assertThat(Scattering.pays(c)).isTrue();
        for (Type type : List.of(Type.FLOAT32, Type.FLOAT64)) {
            Object dy = Contractions.random(type, c.batch() * c.windows() * c.out(), 1);
            Object w = Contractions.random(type, c.taps() * c.in() * c.out(), 2);
            List<Object> results = new ArrayList<>();
            int most = 64 / type.bytes(); // where rows share vectors
            for (Contraction kernel : List.of(
                    new Scattering(c, type, 4), new Scattering(c, type, most), Correlation.inputGradient(c, type, 4))) {
                Object dx = Contractions.untouched(type, c.batch() * c.pixels() * c.in());
                Object work = Contractions.workspace(type, kernel.workspace());
                int at = Contractions.MARGIN;
                kernel.bind(new Object[] {dy, w, dx, work, work}, new int[] {at, at, at, 0, 0})
                        .run();
                results.add(dx);
            }
            assertThat(Contractions.bits(results.get(0))).isEqualTo(Contractions.bits(results.get(2)));
            assertThat(Contractions.bits(results.get(1))).isEqualTo(Contractions.bits(results.get(2)));
        }
    }

    private enum Which {
        FORWARD,
        INPUT,
        WEIGHT
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forward(Case c) {
        check(c, Which.FORWARD);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inputGradient(Case c) {
        check(c, Which.INPUT);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weightGradient(Case c) {
        check(c, Which.WEIGHT);
    }

    @Test
    void anotherBatchMakesNoKernel() {
        Convolution c = Convolution.of(
                20, 3, 20, Axis.of(9, 3).padded(1, 1), Axis.of(9, 3).padded(1, 1));
        for (Which which : Which.values()) {
            kernel(c, which, Type.FLOAT32, 16, Epilogue.NONE);
        }
        int kernels = TileForm.count();
        for (Which which : Which.values()) {
            check(new Case(c.withBatch(7), Type.FLOAT32, Epilogue.NONE), which, 16);
        }
        assertThat(TileForm.count()).isEqualTo(kernels);
    }

    private static Contraction kernel(Convolution c, Which which, Type type, int lanes, Epilogue epilogue) {
        return switch (which) {
            case FORWARD -> c.forward(type, lanes, epilogue);
            case INPUT -> c.inputGradient(type, lanes);
            case WEIGHT -> c.weightGradient(type, lanes);
        };
    }

    private static void check(Case c, Which which) {
        check(c, which, Contractions.lanes(c.type()));
    }

    private static void check(Case c, Which which, int... forms) {
        Convolution s = c.sizes();
        Type type = c.type();
        int inputs = s.batch() * s.pixels() * s.in();
        int outputs = s.batch() * s.windows() * s.out();
        int weights = s.taps() * (s.in() / s.groups()) * s.out();
        Object x = Contractions.random(type, inputs, 1);
        Object w = Contractions.random(type, weights, 2);
        Object dy = Contractions.random(type, outputs, 3);
        Object bias = Contractions.random(type, s.out(), 4);
        Object a = which == Which.INPUT ? dy : x;
        Object b = which == Which.WEIGHT ? dy : w;
        int results = which == Which.FORWARD ? outputs : which == Which.INPUT ? inputs : weights;
        Object first = null;
        for (int lanes : forms) {
            for (int threads : lanes == 1 ? new int[] {1} : new int[] {1, 2, 3, 7}) {
                Object result = Contractions.untouched(type, results);
                Contraction kernel = kernel(s, which, type, lanes, c.epilogue());
                int at = Contractions.MARGIN;
                Object work = Contractions.workspace(type, kernel.workspace() + at);
                Contractions.run(
                        kernel.bind(new Object[] {a, b, result, bias, work}, new int[] {at, at, at, at, at}), threads);
                if (first == null) {
                    first = result;
                    Contractions.assertMargins(result);
                    compare(c, which, a, b, bias, result, results);
                }
                assertThat(Contractions.bits(result)).isEqualTo(Contractions.bits(first));
                Contractions.assertKept(kernel, type, a, b, Contractions.untouched(type, results), bias, first);
            }
        }
    }

    private static void compare(Case c, Which which, Object a, Object b, Object bias, Object result, int results) {
        Convolution s = c.sizes();
        double[] sum = new double[results];
        double[] magnitude = new double[results];
        int[] count = new int[results];
        int in = s.in() / s.groups();
        int out = s.out() / s.groups();
        for (int n = 0; n < s.batch(); n++) {
            for (int i = 0; i < s.windows(); i++) {
                for (int tap = 0; tap < s.taps(); tap++) {
                    int pixel = pixel(s, i, tap);
                    for (int o = 0; pixel >= 0 && o < s.out(); o++) {
                        for (int q = 0; q < in; q++) {
                            int xAt = (n * s.pixels() + pixel) * s.in() + o / out * in + q;
                            int wAt = (tap * in + q) * s.out() + o;
                            int yAt = (n * s.windows() + i) * s.out() + o;
                            int at = which == Which.FORWARD ? yAt : which == Which.INPUT ? xAt : wAt;
                            double product = Contractions.get(a, which == Which.INPUT ? yAt : xAt)
                                    * Contractions.get(b, which == Which.WEIGHT ? yAt : wAt);
                            sum[at] += product;
                            magnitude[at] += Math.abs(product);
                            count[at]++;
                        }
                    }
                }
            }
        }
        for (int i = 0; i < results; i++) {
            if (which == Which.FORWARD && c.epilogue().bias()) {
                sum[i] += Contractions.get(bias, i % s.out());
                magnitude[i] += Math.abs(Contractions.get(bias, i % s.out()));
            }
            if (which == Which.FORWARD && c.epilogue().relu()) {
                sum[i] = Math.max(0, sum[i]);
            }
            double off = Math.abs(Array.getDouble(result, Contractions.MARGIN + i) - sum[i]);
            assertThat(off)
                    .as("%s element %s of %s", which, i, s)
                    .isLessThanOrEqualTo(2 * Contractions.bound(c.type(), count[i] + 4) * magnitude[i]);
        }
    }

    /// The pixel that a tap sees in a window, negative in the padding.
    static int pixel(Convolution s, int window, int tap) {
        int[] place = new int[3];
        Axis[] axes = {s.depth(), s.height(), s.width()};
        for (int axis = 2; axis >= 0; axis--) {
            Axis it = axes[axis];
            place[axis] = window % it.windows() * it.stride() + tap % it.kernel() * it.dilation() - it.before();
            window /= it.windows();
            tap /= it.kernel();
            if (place[axis] < 0 || place[axis] >= it.size()) {
                return -1;
            }
        }
        return (place[0] * axes[1].size() + place[1]) * axes[2].size() + place[2];
    }
}
