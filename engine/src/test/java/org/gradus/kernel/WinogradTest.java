package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Convolutions by Winograd's method against sums in `float64`, within the bound that its matrices give; all forms and
/// numbers of threads to the same bits; and what it is chosen for.
class WinogradTest {
    private static final double[][] PIXELS_2 = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
    private static final double[][] WEIGHT_2 = {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}};
    private static final double[][] RESULT_2 = {{1, 1, 1, 0}, {0, 1, -1, -1}};
    private static final double[][] GRADIENT_2 = {{1, 0}, {.5, .5}, {.5, -.5}, {0, 1}};
    private static final double[][] SUM_2 = {{1, 1, 1, 0}, {0, 1, -1, 0}, {0, 1, 1, -1}};
    private static final double[][] PIXELS_4 = {
        {4, 0, -5, 0, 1, 0},
        {0, -4, -4, 1, 1, 0},
        {0, 4, -4, -1, 1, 0},
        {0, -2, -1, 2, 1, 0},
        {0, 2, -1, -2, 1, 0},
        {0, 4, 0, -5, 0, 1}
    };
    private static final double[][] WEIGHT_4 = {
        {1 / 4., 0, 0},
        {-1 / 6., -1 / 6., -1 / 6.},
        {-1 / 6., 1 / 6., -1 / 6.},
        {1 / 24., 1 / 12., 1 / 6.},
        {1 / 24., -1 / 12., 1 / 6.},
        {0, 0, 1}
    };
    private static final double[][] RESULT_4 = {
        {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}
    };
    private static final double[][] GRADIENT_4 = {
        {1 / 4., 0, 0, 0},
        {-1 / 6., -1 / 6., -1 / 6., -1 / 6.},
        {-1 / 6., 1 / 6., -1 / 6., 1 / 6.},
        {1 / 24., 1 / 12., 1 / 6., 1 / 3.},
        {1 / 24., -1 / 12., 1 / 6., -1 / 3.},
        {0, 0, 0, 1}
    };
    private static final double[][] SUM_4 = {{1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 1}};

    /// The roundings of a number on its way through both transforms and back, the two of each constant included.
    private static final int TRANSFORMS = 24;

    private enum Which {
        FORWARD,
        INPUT,
        WEIGHT
    }

    private record Case(Winograd method, Which which, Convolution sizes, Epilogue epilogue) {}

    /// Tiles that fit and that go beyond the end, borders of all widths and none, channels that fill vectors and do not,
    /// more tiles than a block has, more images than sections, and images smaller than a tile.
    static List<Case> cases() {
        List<Convolution> list = List.of(
                Convolution.of(3, 8, 16, same(8), same(8)),
                Convolution.of(2, 17, 21, same(9), same(6)),
                Convolution.of(19, 5, 3, same(5), same(2)),
                Convolution.of(2, 3, 35, Axis.of(10, 3), Axis.of(6, 3)),
                Convolution.of(
                        1, 6, 7, Axis.of(9, 3).padded(2, 0), Axis.of(7, 3).padded(0, 2)),
                Convolution.of(1, 4, 9, Axis.of(3, 3).padded(2, 2), same(150)),
                Convolution.of(5, 33, 2, same(1), same(1)));
        List<Case> cases = new ArrayList<>();
        for (Convolution c : list) {
            for (Winograd method : Winograd.values()) {
                for (Which which : Which.values()) {
                    boolean some = which == Which.FORWARD && cases.size() % 4 == 0;
                    cases.add(new Case(method, which, c, some ? new Epilogue(true, true) : Epilogue.NONE));
                }
            }
        }
        return cases;
    }

    private static Axis same(int size) {
        return Axis.of(size, 3).padded(1, 1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameBitsInAllFormsWithinTheBound(Case c) {
        Convolution s = c.sizes;
        Object[] operands = operands(c);
        Object bias = Contractions.random(Type.FLOAT32, s.out(), 4);
        int results = results(c);
        Object first = null;
        for (int lanes : Contractions.lanes(Type.FLOAT32)) {
            for (int threads : lanes == 1 ? new int[] {1} : new int[] {1, 2, 3, 7}) {
                Object result = Contractions.untouched(Type.FLOAT32, results);
                Contraction kernel = kernel(c, lanes);
                int at = Contractions.MARGIN;
                Object work = Contractions.workspace(Type.FLOAT32, kernel.workspace() + at);
                Object[] arrays = {operands[0], operands[1], result, bias, work};
                Contractions.run(kernel.bind(arrays, new int[] {at, at, at, at, at}), threads);
                if (first == null) {
                    first = result;
                    Contractions.assertMargins(result);
                    compare(c, operands, bias, result);
                }
                assertThat(Contractions.bits(result)).isEqualTo(Contractions.bits(first));
                Contractions.assertKept(
                        kernel,
                        Type.FLOAT32,
                        operands[0],
                        operands[1],
                        Contractions.untouched(Type.FLOAT32, results),
                        bias,
                        first);
            }
        }
    }

    private static Object[] operands(Case c) {
        Convolution s = c.sizes;
        Object x = Contractions.random(Type.FLOAT32, s.batch() * s.pixels() * s.in(), 1);
        Object w = Contractions.random(Type.FLOAT32, 9 * s.in() * s.out(), 2);
        Object dy = Contractions.random(Type.FLOAT32, s.batch() * s.windows() * s.out(), 3);
        return new Object[] {c.which == Which.INPUT ? dy : x, c.which == Which.WEIGHT ? dy : w};
    }

    private static int results(Case c) {
        Convolution s = c.sizes;
        return switch (c.which) {
            case FORWARD -> s.batch() * s.windows() * s.out();
            case INPUT -> s.batch() * s.pixels() * s.in();
            case WEIGHT -> 9 * s.in() * s.out();
        };
    }

    private static Contraction kernel(Case c, int lanes) {
        return c.which == Which.WEIGHT
                ? new WinogradWeightGradient(c.method, c.sizes, lanes)
                : new WinogradCorrelation(c.method, c.sizes, c.which == Which.INPUT, lanes, c.epilogue);
    }

    private static void compare(Case c, Object[] operands, Object bias, Object result) {
        Convolution s = c.sizes;
        double[] sum = sums(c, operands);
        double[] magnitude = magnitudes(c, operands);
        int tiles =
                s.batch() * tiles(c, s.height().windows()) * tiles(c, s.width().windows());
        int summed = c.which == Which.WEIGHT ? tiles + 4 : c.which == Which.INPUT ? s.out() : s.in();
        for (int i = 0; i < sum.length; i++) {
            if (c.epilogue.bias()) {
                double shift = Contractions.get(bias, i % s.out());
                sum[i] = Math.max(0, sum[i] + shift);
                magnitude[i] += Math.abs(shift);
            }
            assertThat(Math.abs(Contractions.get(result, i) - sum[i]))
                    .as("%s, element %d", c, i)
                    .isLessThanOrEqualTo(Contractions.bound(Type.FLOAT32, summed + TRANSFORMS) * magnitude[i]);
        }
    }

    private static int tiles(Case c, int size) {
        return Math.ceilDiv(size, c.method.step);
    }

    /// The results by the definition, in `float64`.
    private static double[] sums(Case c, Object[] operands) {
        Convolution s = c.sizes;
        double[] sum = new double[results(c)];
        for (int i = 0; i < s.batch() * s.windows(); i++) {
            for (int tap = 0; tap < 9; tap++) {
                int pixel = ConvolutionTest.pixel(s, i % s.windows(), tap);
                int x = (i / s.windows() * s.pixels() + pixel) * s.in();
                for (int q = 0; q < s.in() && pixel >= 0; q++) {
                    for (int o = 0; o < s.out(); o++) {
                        int[] at = {x + q, (tap * s.in() + q) * s.out() + o, i * s.out() + o};
                        int[] mine = c.which == Which.FORWARD
                                ? new int[] {at[0], at[1], at[2]}
                                : c.which == Which.INPUT
                                        ? new int[] {at[2], at[1], at[0]}
                                        : new int[] {at[0], at[2], at[1]};
                        sum[mine[2]] += Contractions.get(operands[0], mine[0]) * Contractions.get(operands[1], mine[1]);
                    }
                }
            }
        }
        return sum;
    }

    /// What Winograd's method sums up, all numbers and the matrices' too without their signs: each result is off by no
    /// more than this times the roundings on the way.
    private static double[] magnitudes(Case c, Object[] operands) {
        Convolution s = c.sizes;
        boolean two = c.method == Winograd.TWO;
        boolean isWeight = c.which == Which.WEIGHT;
        double[][] b = absolute(two ? PIXELS_2 : PIXELS_4);
        double[][] g = absolute(isWeight ? two ? GRADIENT_2 : GRADIENT_4 : two ? WEIGHT_2 : WEIGHT_4);
        double[][] a = absolute(isWeight ? two ? SUM_2 : SUM_4 : two ? RESULT_2 : RESULT_4);
        double[] magnitude = new double[results(c)];
        boolean isInput = c.which == Which.INPUT;
        int[] x = {s.height().size(), s.width().size()};
        int[] y = {s.height().windows(), s.width().windows()};
        int[] before = {s.height().before(), s.width().before()};
        int[] read = isInput ? y : x;
        int[] written = isInput ? x : y;
        int step = c.method.step;
        for (int n = 0; n < s.batch(); n++) {
            for (int q = 0; q < s.in(); q++) {
                for (int o = 0; o < s.out(); o++) {
                    double[][] taps = new double[3][3];
                    for (int tap = 0; tap < 9 && !isWeight; tap++) {
                        int place = isInput ? 8 - tap : tap;
                        taps[tap / 3][tap % 3] =
                                Math.abs(Contractions.get(operands[1], (place * s.in() + q) * s.out() + o));
                    }
                    for (int top = 0; top < written[0]; top += step) {
                        for (int left = 0; left < written[1]; left += step) {
                            double[][] d = square(
                                    operands[0],
                                    n,
                                    read,
                                    isInput ? s.out() : s.in(),
                                    isInput ? o : q,
                                    top - (isInput ? 2 - before[0] : before[0]),
                                    left - (isInput ? 2 - before[1] : before[1]),
                                    step + 2);
                            double[][] filter =
                                    isWeight ? square(operands[1], n, y, s.out(), o, top, left, step) : taps;
                            double[][] product = both(a, times(both(b, d), both(g, filter)));
                            for (int i = 0; i < product.length; i++) {
                                for (int j = 0; j < product.length; j++) {
                                    if (isWeight) {
                                        magnitude[((i * 3 + j) * s.in() + q) * s.out() + o] += product[i][j];
                                    } else if (top + i < written[0] && left + j < written[1]) {
                                        int pixel = (n * written[0] + top + i) * written[1] + left + j;
                                        magnitude[isInput ? pixel * s.in() + q : pixel * s.out() + o] += product[i][j];
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return magnitude;
    }

    /// The magnitudes of a channel in a square of an image, 0 beyond its ends.
    private static double[][] square(
            Object images, int image, int[] sizes, int channels, int channel, int top, int left, int side) {
        double[][] square = new double[side][side];
        for (int i = Math.max(0, -top); i < side && top + i < sizes[0]; i++) {
            for (int j = Math.max(0, -left); j < side && left + j < sizes[1]; j++) {
                int pixel = (image * sizes[0] + top + i) * sizes[1] + left + j;
                square[i][j] = Math.abs(Contractions.get(images, pixel * channels + channel));
            }
        }
        return square;
    }

    private static double[][] absolute(double[][] matrix) {
        return Arrays.stream(matrix)
                .map(row -> Arrays.stream(row).map(Math::abs).toArray())
                .toArray(double[][]::new);
    }

    /// `M X Mᵀ`.
    private static double[][] both(double[][] m, double[][] x) {
        double[][] y = new double[m.length][m.length];
        for (int i = 0; i < m.length; i++) {
            for (int j = 0; j < m.length; j++) {
                for (int k = 0; k < x.length; k++) {
                    for (int l = 0; l < x.length; l++) {
                        y[i][j] += m[i][k] * x[k][l] * m[j][l];
                    }
                }
            }
        }
        return y;
    }

    private static double[][] times(double[][] a, double[][] b) {
        double[][] c = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                c[i][j] = a[i][j] * b[i][j];
            }
        }
        return c;
    }

    /// A typical layer, all three passes: the largest error by the largest result.
    @Test
    void theErrorOfATypicalLayerIsAsDocumented() {
        Convolution c = Convolution.of(2, 64, 64, same(16), same(16));
        for (Winograd method : Winograd.values()) {
            for (Which which : Which.values()) {
                Case it = new Case(method, which, c, Epilogue.NONE);
                Object[] operands = operands(it);
                Object result = Contractions.untouched(Type.FLOAT32, results(it));
                Contraction kernel = kernel(it, 16);
                int at = Contractions.MARGIN;
                Object work = Contractions.workspace(Type.FLOAT32, kernel.workspace());
                kernel.bind(new Object[] {operands[0], operands[1], result, work, work}, new int[] {at, at, at, 0, 0})
                        .run();
                double[] sum = sums(it, operands);
                double largest = 0;
                double off = 0;
                for (int i = 0; i < sum.length; i++) {
                    largest = Math.max(largest, Math.abs(sum[i]));
                    off = Math.max(off, Math.abs(Contractions.get(result, i) - sum[i]));
                }
                System.out.printf("%s %s: off by %.1e of the largest result%n", method, which, off / largest);
                assertThat(off / largest).as("%s", it).isLessThan(method == Winograd.TWO ? 1e-6 : 2e-5);
            }
        }
    }

    /// A NaN or an infinity reaches all results of the tiles that see it, and of precise convolutions only those of the
    /// windows that do.
    @Test
    void whatIsNotFiniteSpreadsOverItsTile() {
        Convolution c = Convolution.of(8, 32, 32, same(16), same(16));
        assertThat(Winograd.of(c, Type.FLOAT32)).isEqualTo(Winograd.FOUR);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (boolean precise : new boolean[] {false, true}) {
                float[] x = new float[c.batch() * c.pixels() * c.in()];
                float[] w = new float[9 * c.in() * c.out()];
                Arrays.fill(w, 1);
                x[(5 * 16 + 6) * c.in()] = bad; // row 5, column 6
                float[] y = new float[c.batch() * c.windows() * c.out()];
                Contraction kernel = c.precise(precise).forward(Type.FLOAT32, 8, Epilogue.NONE);
                kernel.bind(new Object[] {x, w, y, y, new float[kernel.workspace()]}, new int[5])
                        .run();
                for (int i = 0; i < c.batch() * c.windows(); i++) {
                    int row = i / 16;
                    int column = i % 16;
                    boolean seen = precise
                            ? Math.abs(row - 5) <= 1 && Math.abs(column - 6) <= 1
                            : row / 4 == 1 && column / 4 == 1;
                    assertThat(Float.isFinite(y[i * c.out()]))
                            .as("%s, precise %s, row %d, column %d", bad, precise, row, column)
                            .isEqualTo(!seen);
                }
            }
        }
    }

    @Test
    void itIsChosenByShapeAlone() {
        Convolution c = Convolution.of(64, 32, 32, same(32), same(32));
        assertThat(c.method(Type.FLOAT32)).isEqualTo("Winograd F(4x4, 3x3)");
        assertThat(chosen(Convolution.of(64, 128, 128, same(8), same(8)))).isEqualTo(Winograd.FOUR);
        assertThat(chosen(Convolution.of(64, 32, 64, same(16), same(16)))).isEqualTo(Winograd.FOUR);
        assertThat(c.method(Type.FLOAT64)).isEmpty();
        assertThat(chosen(c.precise(true))).isNull();
        assertThat(chosen(c.grouped(2))).isNull();
        assertThat(chosen(Convolution.of(64, 3, 32, same(32), same(32)))).isNull();
        assertThat(chosen(Convolution.of(64, 8, 64, same(32), same(32)))).isNull();
        assertThat(chosen(Convolution.of(128, 16, 16, same(32), same(32)))).isEqualTo(Winograd.FOUR);
        assertThat(chosen(Convolution.of(1, 128, 128, same(8), same(8)))).isEqualTo(Winograd.FOUR);
        for (Axis other : List.of(
                same(32).strided(2),
                Axis.of(32, 3).padded(2, 2).dilated(2),
                Axis.of(32, 5).padded(2, 2),
                Axis.of(32, 3).padded(3, 3))) {
            assertThat(chosen(Convolution.of(64, 32, 32, same(32), other))).isNull();
        }
        Axis[] axes = {same(32), same(32), same(32)};
        assertThat(chosen(new Convolution(4, 32, 32, 1, axes[0], axes[1], axes[2])))
                .isNull();
    }

    private static @Nullable Winograd chosen(Convolution c) {
        return Winograd.of(c, Type.FLOAT32);
    }
}
