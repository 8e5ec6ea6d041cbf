package org.gradus.kernel;

import java.util.Objects;
import org.gradus.base.Type;
import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.jspecify.annotations.Nullable;

/// The exponential, the logarithm and their kin, as sequences of `fma`, products, sums, quotients and bit operations.
///
/// The exponential splits x = n ln 2 + r with |r| at most ln 2 / 2 (Cody and Waite; `fma` makes the first difference
/// exact), takes a polynomial in r, and multiplies by 2ⁿ in two steps, so that results below the normal range are
/// rounded once. The integer n comes from adding a number so large that its last bit counts ones; the low bits of the
/// sum then hold n, and its offset makes them an exponent. The logarithm takes the exponent out likewise, which leaves
/// a factor between √½ and √2. Polynomials are minimax fits (Remez) of our own, lowest coefficient first.
///
/// Errors stated are the largest found against `StrictMath`, in units in the last place: `float32` / `float64`.
final class Exponentials {
    private static final double LOG2_E = 1.4426950408889634;

    /// The rounded ln 2 minus ln 2.
    private static final double LN_2_REST_32 = 1.9046542121259336e-09;

    private static final double LN_2_REST_64 = -2.3190468138462996e-17;

    private static final double[] EXP_32 = {0.49999994f, 0.16666521f, 0.04166839f, 0.008368745f, 0.0013814544f};
    private static final double[] EXP_64 = {
        0.5000000000000011,
        0.1666666666666641,
        0.04166666666652973,
        0.00833333333349498,
        0.001388888894375879,
        0.0001984126950576047,
        2.480149295080446e-05,
        2.755758681881435e-06,
        2.7630305859655486e-07,
        2.50000138317822e-08
    };
    private static final double[] LOG_32 = {
        0.3333331f,
        -0.24999987f,
        0.20002227f,
        -0.16669253f,
        0.14218666f,
        -0.12384337f,
        0.11872917f,
        -0.11789848f,
        0.069155395f
    };
    private static final double[] LOG_64 = {
        0.6666666666666734,
        0.39999999999416547,
        0.2857142874206296,
        0.22222198600414325,
        0.18183563138014705,
        0.15314076502831525,
        0.14795725706323512
    };

    private static final double[] TANH_32 = {-0.333333f, 0.13331936f, -0.05378481f, 0.02079925f, -0.005898113f};
    private static final double[] TANH_64 = {
        -0.3333333333333313,
        0.1333333333330052,
        -0.05396825394968126,
        0.021869488011136664,
        -0.008863226886852253,
        0.003592038241210646,
        -0.0014552196957878846,
        0.0005872023269782601,
        -0.00023042446811650323,
        7.934488209080416e-05,
        -1.7193608747298625e-05
    };

    private Exponentials() {}

    /// eˣ; 1.0 / 1.0 ulp.
    static Numbers exp(Emitter e, Numbers x) {
        boolean single = single(e);
        Reduced r = reduced(e, clamped(e, x, single ? -104 : -746, single ? 89 : 710));
        Factors two = factors(e, r.bits);
        return e.times(e.fma(expm1OfSmall(e, r.rest), two.first, two.first), two.second);
    }

    /// eˣ for x at most 0. As 2ⁿ has no large n here, it comes as 2ⁿ⁺⁶⁴, which is a normal number, and 2⁻⁶⁴.
    static Numbers expOfNegative(Emitter e, Numbers x) {
        Numbers least = e.constant(single(e) ? -104 : -746);
        Reduced r = reduced(e, e.select(e.compare(x, Comparison.LT, least), least, x), bias(e) + 64);
        Numbers large = power(e, r.bits);
        return e.times(e.fma(expm1OfSmall(e, r.rest), large, large), e.constant(0x1p-64));
    }

    /// `factor` · e^(x + rest), rounded as if the exponent range had no end; x within the range of [#exp], `rest` tiny.
    static Numbers scaled(Emitter e, Numbers x, Numbers rest, Numbers factor) {
        Reduced r = reduced(e, x);
        Numbers power = e.plus(expm1OfSmall(e, e.plus(r.rest, rest)), e.constant(1));
        return timesPowerOfTwo(e, e.times(power, factor), r.bits);
    }

    /// e^(x + rest), `rest` at most some ulp of x; 0.6 ulp.
    static Numbers expOfSum(Emitter e, Numbers x, Numbers rest) {
        boolean single = single(e);
        Reduced r = reduced(e, clamped(e, x, single ? -104 : -746, single ? 89 : 710), rest);
        Numbers one = e.constant(1);
        // 1 + r is rounded; what that took away comes back with the small terms.
        Numbers main = e.plus(one, r.rest);
        Numbers lost = e.minus(r.rest, e.minus(main, one));
        Numbers series = polynomial(e, r.rest, single ? EXP_32 : EXP_64);
        Numbers power = e.plus(main, e.fma(e.times(r.rest, r.rest), series, e.plus(lost, r.lost)));
        return timesPowerOfTwo(e, power, r.bits);
    }

    /// eˣ where 2ⁿ is a normal number, in fewer steps.
    static Numbers expOfModest(Emitter e, Numbers x) {
        Reduced r = reduced(e, x, bias(e));
        Numbers power = power(e, r.bits);
        return e.fma(expm1OfSmall(e, r.rest), power, power);
    }

    /// eˣ - 1; 1.4 / 2.0 ulp.
    static Numbers expm1(Emitter e, Numbers x) {
        boolean single = single(e);
        Numbers within = clamped(e, x, single ? -18 : -40, single ? 89 : 710);
        // Half the result, so that 2^(n-1) stays a number at the upper end.
        Reduced r = reduced(e, within, bias(e) - 1);
        Numbers scale = power(e, r.bits);
        Numbers half = e.fma(scale, expm1OfSmall(e, r.rest), e.minus(scale, e.constant(0.5)));
        Mask tiny = e.compare(e.abs(x), Comparison.LT, e.constant(single ? 0x1p-25 : 0x1p-54));
        return e.select(tiny, x, e.plus(half, half));
    }

    /// The natural logarithm; 0.8 / 1.0 ulp.
    static Numbers log(Emitter e, Numbers x) {
        boolean single = single(e);
        Mask subnormal = e.compare(x, Comparison.LT, e.constant(single ? Float.MIN_NORMAL : Double.MIN_NORMAL));
        double shift = single ? 25 : 54;
        Numbers normal = e.select(subnormal, e.times(x, e.constant(single ? 0x1p25 : 0x1p54)), x);
        Numbers exponent = e.select(subnormal, e.constant(shift), e.constant(0));
        Numbers zero = e.constant(0);
        Numbers y = log(e, normal, exponent, zero);
        Numbers outside = e.select(
                e.compare(x, Comparison.EQ, zero), e.constant(Double.NEGATIVE_INFINITY), e.constant(Double.NaN));
        return endless(e, x, e.select(e.compare(x, Comparison.GT, zero), y, outside));
    }

    /// log(1 + x); 0.8 / 1.0 ulp.
    static Numbers log1p(Emitter e, Numbers x) {
        Numbers one = e.constant(1);
        Numbers zero = e.constant(0);
        Numbers u = e.plus(x, one);
        // What rounding the sum took away, exactly; no matter for large x.
        Numbers back = e.minus(u, one);
        Numbers lost = e.plus(e.minus(one, e.minus(u, back)), e.minus(x, back));
        Mask inside = e.compare(x, Comparison.GT, e.constant(-1));
        Mask matters = e.and(inside, e.compare(x, Comparison.LT, e.constant(0x1p60)));
        Numbers rest = e.select(matters, e.over(lost, u), zero);
        Numbers y = log(e, u, zero, rest);
        Numbers outside = e.select(
                e.compare(u, Comparison.EQ, zero), e.constant(Double.NEGATIVE_INFINITY), e.constant(Double.NaN));
        return withSign(e, endless(e, x, e.select(inside, y, outside)), x);
    }

    /// The hyperbolic tangent, t / (t + 2) with t = e²ˣ - 1, and a series near 0; 1.5 / 2.0 ulp.
    static Numbers tanh(Emitter e, Numbers x) {
        Numbers most = e.constant(single(e) ? 20 : 44);
        Numbers size = e.abs(x);
        Numbers twice = e.plus(size, size);
        Reduced r = reduced(e, e.select(e.compare(twice, Comparison.GT, most), most, twice), bias(e));
        Numbers power = power(e, r.bits);
        Numbers t = e.fma(power, expm1OfSmall(e, r.rest), e.minus(power, e.constant(1)));
        Numbers square = e.times(x, x);
        Numbers near = e.fma(e.times(size, square), polynomial(e, square, single(e) ? TANH_32 : TANH_64), size);
        Mask isNear = e.compare(size, Comparison.LT, e.constant(0.55));
        return withSign(e, e.select(isNear, near, e.over(t, e.plus(t, e.constant(2)))), x);
    }

    /// 1 / (1 + e⁻ˣ), by the form whose exponential is at most 1; 2.3 / 2.0 ulp.
    static Numbers sigmoid(Emitter e, Numbers x) {
        Numbers small = expOfNegative(e, e.numbers(e.or(e.bits(x), sign(e))));
        Numbers one = e.constant(1);
        Mask negative = e.compare(x, Comparison.LT, e.constant(0));
        return e.over(e.select(negative, small, one), e.plus(one, small));
    }

    /// The polynomial with these coefficients, lowest first, by Horner's rule.
    static Numbers polynomial(Emitter e, Numbers x, double... coefficients) {
        Numbers value = e.constant(coefficients[coefficients.length - 1]);
        for (int i = coefficients.length - 2; i >= 0; i--) {
            value = e.fma(value, x, e.constant(coefficients[i]));
        }
        return value;
    }

    /// A value that has the sign of another or none: gets its sign, which keeps -0.
    static Numbers withSign(Emitter e, Numbers value, Numbers sign) {
        return e.numbers(e.or(e.bits(value), e.and(e.bits(sign), sign(e))));
    }

    private static Bits sign(Emitter e) {
        return e.pattern(single(e) ? Integer.MIN_VALUE : Long.MIN_VALUE);
    }

    static boolean single(Emitter e) {
        return e.form().type() == Type.FLOAT32;
    }

    /// x = n ln 2 + rest + lost; `bits` ends in n plus what was to be added, else twice the exponent's bias.
    private record Reduced(Bits bits, Numbers rest, Numbers lost) {}

    private static Reduced reduced(Emitter e, Numbers x) {
        return reduced(e, x, 2 * bias(e));
    }

    private static Reduced reduced(Emitter e, Numbers x, int added) {
        boolean single = single(e);
        Halfway half = halfway(e, x, added);
        Numbers rest = e.fma(half.n, e.constant(single ? LN_2_REST_32 : LN_2_REST_64), half.first);
        return new Reduced(half.bits, rest, e.constant(0));
    }

    /// The same for x + `more`, with what rounding the rest takes away.
    private static Reduced reduced(Emitter e, Numbers x, Numbers more) {
        Halfway half = halfway(e, x, 2 * bias(e));
        Numbers small = e.fma(half.n, e.constant(single(e) ? LN_2_REST_32 : LN_2_REST_64), more);
        Numbers rest = e.plus(half.first, small);
        return new Reduced(half.bits, rest, e.minus(small, e.minus(rest, half.first)));
    }

    /// `first` is x - n times the rounded ln 2, exactly.
    private record Halfway(Bits bits, Numbers n, Numbers first) {}

    private static Halfway halfway(Emitter e, Numbers x, int added) {
        boolean single = single(e);
        Numbers ones = e.constant((single ? 0x1.8p23 : 0x1.8p52) + added);
        Numbers sum = e.fma(x, e.constant(LOG2_E), ones);
        Numbers n = e.minus(sum, ones);
        Numbers first = e.fma(n, e.constant(single ? -0.6931471824645996 : -0.6931471805599453), x);
        return new Halfway(e.bits(sum), n, first);
    }

    /// The exponent of 1.
    private static int bias(Emitter e) {
        return single(e) ? 127 : 1023;
    }

    /// 2ⁿ from bits that end in n plus the exponent's bias.
    private static Numbers power(Emitter e, Bits bits) {
        return e.numbers(e.shiftLeft(bits, single(e) ? 23 : 52));
    }

    /// Two factors of 2ⁿ, so that a result below the normal range is rounded once.
    private record Factors(Numbers first, Numbers second) {}

    /// @param bits end in n plus twice the exponent's bias
    private static Factors factors(Emitter e, Bits bits) {
        Bits half = e.shiftRightZero(bits, 1);
        return new Factors(power(e, half), power(e, e.minus(bits, half)));
    }

    private static Numbers timesPowerOfTwo(Emitter e, Numbers number, Bits bits) {
        Factors two = factors(e, bits);
        return e.times(e.times(number, two.first), two.second);
    }

    /// eʳ - 1. The polynomial goes by pairs of terms, which depend less on each other than in Horner's rule.
    private static Numbers expm1OfSmall(Emitter e, Numbers r) {
        double[] coefficients = single(e) ? EXP_32 : EXP_64;
        Numbers square = e.times(r, r);
        int pairs = coefficients.length / 2;
        @Nullable Numbers series = coefficients.length > 2 * pairs ? e.constant(coefficients[2 * pairs]) : null;
        for (int i = pairs - 1; i >= 0; i--) {
            Numbers pair = e.fma(r, e.constant(coefficients[2 * i + 1]), e.constant(coefficients[2 * i]));
            series = series == null ? pair : e.fma(square, series, pair);
        }
        return e.fma(square, Objects.requireNonNull(series), r);
    }

    /// log(x) + rest - `less` ln 2 for positive, normal, finite x.
    private static Numbers log(Emitter e, Numbers x, Numbers less, Numbers rest) {
        boolean single = single(e);
        Bits rootHalf = e.pattern(single ? 0x3f3504f3 : 0x3fe6a09e667f3bcdL);
        Bits one = e.pattern(single ? 0x3f800000 - 0x3f3504f3 : 0x3ff0000000000000L - 0x3fe6a09e667f3bcdL);
        Bits moved = e.plus(e.bits(x), one);
        Bits exponent = e.shiftRightZero(moved, single ? 23 : 52);
        Bits ones = e.pattern(single ? 0x4b000000 : 0x4330000000000000L);
        Numbers n = e.minus(e.numbers(e.or(exponent, ones)), e.constant(single ? 0x1p23 + 127 : 0x1p52 + 1023));
        n = isZero(e, less) ? n : e.minus(n, less);
        Bits mantissa = e.and(moved, e.pattern(single ? 0x7fffff : 0xfffffffffffffL));
        Numbers f = e.minus(e.numbers(e.plus(mantissa, rootHalf)), e.constant(1));
        Numbers square = e.times(f, f);
        Numbers small = e.times(n, e.constant(single ? -1.9046542121259336e-09 : 2.3190468138462996e-17));
        small = isZero(e, rest) ? small : e.plus(small, rest);
        Numbers half = e.times(square, e.constant(0.5));
        if (single) {
            small = e.fma(e.times(f, square), polynomial(e, f, LOG_32), small);
        } else {
            Numbers s = e.over(f, e.plus(f, e.constant(2)));
            Numbers z = e.times(s, s);
            small = e.fma(s, e.fma(z, polynomial(e, z, LOG_64), half), small);
        }
        Numbers fraction = e.plus(f, e.minus(small, half));
        return e.fma(n, e.constant(single ? 0.6931471824645996 : 0.6931471805599453), fraction);
    }

    private static Numbers clamped(Emitter e, Numbers x, double least, double most) {
        Numbers low = e.constant(least);
        Numbers high = e.constant(most);
        Numbers above = e.select(e.compare(x, Comparison.LT, low), low, x);
        return e.select(e.compare(x, Comparison.GT, high), high, above);
    }

    /// The value, but +∞ where x is.
    private static Numbers endless(Emitter e, Numbers x, Numbers value) {
        Numbers infinity = e.constant(Double.POSITIVE_INFINITY);
        return e.select(e.compare(x, Comparison.EQ, infinity), infinity, value);
    }

    private static boolean isZero(Emitter e, Numbers value) {
        return value.equals(e.constant(0));
    }
}
