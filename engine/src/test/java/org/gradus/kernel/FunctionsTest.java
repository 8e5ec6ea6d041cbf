package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.expr.Evaluation;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The emitted elementary functions: how far from the truth, and that all forms give the same bits.
class FunctionsTest {
    /// The errors that the functions state: `float32` against `double`, `float64` against `StrictMath`, which may be
    /// off by one itself.
    @ParameterizedTest
    @CsvSource({
        "EXP, 1.0, 1",
        "EXPM1, 1.4, 2",
        "LOG, 0.8, 1",
        "LOG1P, 0.8, 1",
        "TANH, 1.5, 2",
        "SIGMOID, 2.2, 2",
        "ERF, 1.1, 2",
        "ERFC, 4.5, 4",
        "SIN, 1.5, 1",
        "COS, 1.5, 1",
        "TAN, 2.9, 3",
        "ATAN, 1.4, 2",
        "SQRT, 0.5, 0",
        "RSQRT, 1.5, 0",
        "FLOOR, 0, 0",
        "CEIL, 0, 0",
        "ROUND, 0, 0",
        "TRUNC, 0, 0",
        "SIGN, 0, 0",
        "ABS, 0, 0",
        "NEG, 0, 0",
        "LOG2, 0.5, 0",
        "LGAMMA, 0.5, 0",
        "ASIN, 0.5, 0",
        "SINH, 0.5, 0"
    })
    void errorIsWithinWhatIsStated(Code code, double singles, double doubles) {
        float[] x = floats();
        float[] y = new float[x.length];
        kernel(code, Type.FLOAT32, 1).run(new Object[] {x, y}, new int[2], 0, x.length);
        for (int i = 0; i < x.length; i++) {
            double truth = Evaluation.value(code, x[i], 0, 0);
            check(code, x[i], truth, y[i], (float) truth, Math.ulp((float) truth), singles);
        }
        double[] u = doubles();
        double[] v = new double[u.length];
        kernel(code, Type.FLOAT64, 1).run(new Object[] {u, v}, new int[2], 0, u.length);
        for (int i = 0; i < u.length; i++) {
            double truth = Evaluation.value(code, u[i], 0, 0);
            check(code, u[i], truth, v[i], truth, Math.ulp(truth), doubles);
        }
    }

    /// What is subtracted from x must not differ in the last bit where tanh x is x.
    @Test
    void tanhOfTinyIsTheNumberItself() {
        float[] x = {1e-4f, -1e-5f, 3e-8f, Float.MIN_VALUE, -0f};
        float[] y = new float[x.length];
        kernel(Code.TANH, Type.FLOAT32, 1).run(new Object[] {x, y}, new int[2], 0, x.length);
        assertThat(y).containsExactly(x);
        double[] u = {5e-9, -1e-8, 1e-300, Double.MIN_VALUE, -0.0};
        double[] v = new double[u.length];
        kernel(Code.TANH, Type.FLOAT64, 1).run(new Object[] {u, v}, new int[2], 0, u.length);
        assertThat(v).containsExactly(u);
    }

    /// Powers of what has them: of any two numbers, of some whose power has any exponent, and of whole exponents.
    @Test
    void powersAreWithinWhatIsStated() {
        Random random = new Random(4);
        int count = 200_003;
        float[] x = new float[count];
        float[] y = new float[count];
        double[] u = new double[count];
        double[] v = new double[count];
        for (int i = 0; i < count; i++) {
            u[i] = base(random, i, 200);
            v[i] = exponent(random, i, u[i], 745);
            x[i] = i % 4 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) base(random, i, 30);
            y[i] = i % 4 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) exponent(random, i, x[i], 104);
        }
        float[] singles = new float[count];
        kernel(Code.POW, Type.FLOAT32, 1).run(new Object[] {x, y, singles}, new int[3], 0, count);
        double[] doubles = new double[count];
        kernel(Code.POW, Type.FLOAT64, 1).run(new Object[] {u, v, doubles}, new int[3], 0, count);
        for (int i = 0; i < count; i++) {
            double truth = StrictMath.pow(x[i], y[i]);
            check(Code.POW, x[i], truth, singles[i], (float) truth, Math.ulp((float) truth), 0.8);
            truth = StrictMath.pow(u[i], v[i]);
            check(Code.POW, u[i], truth, doubles[i], truth, Math.ulp(truth), 1);
        }
    }

    private static double base(Random random, int i, double spread) {
        return switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> Math.exp(spread * random.nextGaussian());
            case 2 -> 1 + 0.4 * (random.nextDouble() - 0.5);
            default -> random.nextGaussian();
        };
    }

    private static double exponent(Random random, int i, double base, double most) {
        return switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1, 2 -> most * (2 * random.nextDouble() - 1) / Math.log(base);
            default -> random.nextInt(41) - 20;
        };
    }

    /// Zeros, infinities, NaN, odd, even and broken exponents, as `Math.pow` has them: the whole table.
    @Test
    void powersOfSpecialNumbers() {
        double[] numbers = {
            0.0,
            -0.0,
            1,
            -1,
            2,
            -2,
            3,
            -3,
            0.5,
            -0.5,
            1.5,
            -1.5,
            1e30,
            -1e30,
            1e-45,
            -1e-45,
            1e300,
            -1e300,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            0x1p23 + 1,
            0x1p24,
            0x1p24 - 1,
            1 - 0x1p24,
            0x1p52 + 1,
            0x1p53,
            0x1p53 - 1,
            1 - 0x1p53,
            Double.MAX_VALUE,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY
        };
        int count = numbers.length * numbers.length;
        float[][] singles = new float[3][count];
        double[][] doubles = new double[3][count];
        for (int i = 0; i < count; i++) {
            doubles[0][i] = numbers[i / numbers.length];
            doubles[1][i] = numbers[i % numbers.length];
            singles[0][i] = (float) doubles[0][i];
            singles[1][i] = (float) doubles[1][i];
        }
        kernel(Code.POW, Type.FLOAT32, 1).run(singles, new int[3], 0, count);
        kernel(Code.POW, Type.FLOAT64, 1).run(doubles, new int[3], 0, count);
        for (int i = 0; i < count; i++) {
            double truth = Math.pow(singles[0][i], singles[1][i]);
            String what = singles[0][i] + "^" + singles[1][i];
            near(what, singles[2][i], (float) truth, Math.ulp((float) truth));
            truth = Math.pow(doubles[0][i], doubles[1][i]);
            near(doubles[0][i] + "^" + doubles[1][i], doubles[2][i], truth, Math.ulp(truth));
        }
    }

    private static void near(String what, double value, double truth, double ulp) {
        if (Double.isNaN(truth) || Double.isInfinite(truth) || truth == 0) {
            assertThat(Double.valueOf(value)).as(what).isEqualTo(Double.valueOf(truth));
        } else {
            assertThat(Math.abs(value - truth)).as(what).isLessThanOrEqualTo(ulp);
        }
    }

    private static void check(
            Code code, double x, double truth, double value, double rounded, double ulp, double bound) {
        boolean special = Double.isNaN(rounded) || Double.isInfinite(rounded) || rounded == 0;
        boolean same = Double.doubleToLongBits(rounded) == Double.doubleToLongBits(value);
        boolean fits = special ? same : Math.abs(value - truth) <= bound * ulp;
        if (!fits) {
            assertThat(value)
                    .as("%s(%s) should be %s within %s ulp", code, x, truth, bound)
                    .isEqualTo(rounded);
        }
    }

    /// Every code, whatever it is made of, gives in vectors what it gives one by one.
    @Test
    void allFormsGiveTheSameBits() {
        for (Code code : Code.values()) {
            boolean number = code.arity() > 0 && !code.isLogic() && !code.isComparison() && code != Code.SELECT;
            for (Type type : List.of(Type.FLOAT32, Type.FLOAT64)) {
                int count = BodyCode.isSlow(code) ? 501 : 20_011;
                Object x = code == Code.POLYGAMMA ? filled(type, count) : values(type, count, 1);
                Object y = values(type, count, 7);
                Object expected = null;
                for (int lanes : number ? Forms.lanes(type) : List.<Integer>of()) {
                    Object z = Forms.random(type, count, new Random(3), false);
                    kernel(code, type, lanes).run(new Object[] {x, y, z}, new int[3], 0, count);
                    expected = expected == null ? z : expected;
                    for (int i = 0; i < count; i++) {
                        if (Forms.bits(z, i) != Forms.bits(expected, i)) {
                            assertThat(Forms.get(z, i))
                                    .as("%s(%s, %s) in %s lanes", code, Forms.get(x, i), Forms.get(y, i), lanes)
                                    .isEqualTo(Forms.get(expected, i));
                        }
                    }
                }
            }
        }
    }

    private static Kernel kernel(Code code, Type type, int lanes) {
        Input flat = new Input(type, Access.FLAT);
        Body body = code.arity() == 1
                ? Body.of(1, x -> List.of(x.get(0).with(code)))
                : Body.of(2, x -> List.of(x.get(0).with(code, x.get(1))));
        boolean two = code.arity() == 2;
        Kernel kernel = new MapKernel(body, type, two ? List.of(flat, flat) : List.of(flat), 0, lanes).kernel();
        return two
                ? kernel
                : new Kernel() {
                    @Override
                    public void run(Object[] arrays, int[] numbers, int from, int to) {
                        Object[] ends = {arrays[0], arrays[arrays.length - 1]};
                        kernel.run(ends, numbers, from, to);
                    }
                };
    }

    private static Object filled(Type type, int count) {
        return type == Type.FLOAT32 ? new float[count] : new double[count];
    }

    private static Object values(Type type, int count, int stride) {
        float[] singles = floats();
        double[] doubles = doubles();
        float[] x = new float[count];
        double[] u = new double[count];
        for (int i = 0; i < count; i++) {
            x[i] = singles[(int) ((long) i * stride * 37 % singles.length)];
            u[i] = doubles[(int) ((long) i * stride * 37 % doubles.length)];
        }
        return type == Type.FLOAT32 ? x : u;
    }

    private static final double[] SPECIAL = {
        0.0, -0.0, 1, -1, 0.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };

    private static float[] floats() {
        Random random = new Random(1);
        float[] own = {
            Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE, 88.72284f, -103.97f
        };
        float[] x = new float[120_011];
        for (int i = 0; i < x.length; i++) {
            x[i] = i < SPECIAL.length
                    ? (float) SPECIAL[i]
                    : i < SPECIAL.length + own.length
                            ? own[i - SPECIAL.length]
                            : i % 3 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) spread(random, i, 1e5);
        }
        return x;
    }

    private static double[] doubles() {
        Random random = new Random(2);
        double[] own = {
            Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE, 709.78, -745.13
        };
        double[] x = new double[120_011];
        for (int i = 0; i < x.length; i++) {
            x[i] = i < SPECIAL.length
                    ? SPECIAL[i]
                    : i < SPECIAL.length + own.length
                            ? own[i - SPECIAL.length]
                            : i % 3 == 0 ? Double.longBitsToDouble(random.nextLong()) : spread(random, i, 1e6);
        }
        return x;
    }

    private static double spread(Random random, int i, double large) {
        double unit = 2 * random.nextDouble() - 1;
        return switch (i / 3 % 6) {
            case 0 -> random.nextGaussian();
            case 1 -> unit * 110;
            case 2 -> unit * 2;
            case 3 -> unit * large;
            case 4 -> 1 + 0.1 * random.nextGaussian();
            default -> unit * 12;
        };
    }
}
