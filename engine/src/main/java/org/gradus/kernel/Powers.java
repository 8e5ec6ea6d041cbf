package org.gradus.kernel;

import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;

/// The power xʸ = e^(y ln |x|), with the sign of x where y is an odd integer.
///
/// An error in y ln |x|, which may be a few hundreds, is one in the result; so the logarithm is computed to half as many
/// bits again, as an unevaluated sum of two numbers. With |x| = 2ⁿ m, m between √½ and √2, and s = (m - 1) / (m + 1), it
/// is n ln 2 + 2 s + s³ (2/3 + s² P(s²)). Everything but P is kept in two numbers: what a product rounds away comes from
/// `fma`, what a sum rounds away from differences (Dekker; the larger operand is known). n times the head of ln 2 is
/// exact. P is a minimax fit (Remez) of our own.
///
/// Zeros, infinities and NaN give what `Math.pow` gives, because the logarithm of 0 is -∞ and that of ∞ is ∞.
final class Powers {
    private static final double[] SERIES_32 = {0.39999998f, 0.28571874f, 0.22185016f, 0.19467826f};
    private static final double[] SERIES_64 = {
        0.3999999999999998,
        0.285714285714451,
        0.22222222217539364,
        0.18181818869958233,
        0.15384556895340465,
        0.13336316481846175,
        0.11674837541781904,
        0.11988854555719472
    };

    private Powers() {}

    /// A number in two parts, the second much smaller than the first.
    private record Sum(Numbers head, Numbers rest) {}

    /// xʸ; 0.8 / 1.0 ulp.
    static Numbers pow(Emitter e, Numbers x, Numbers y) {
        boolean single = Exponentials.single(e);
        Numbers size = e.abs(x);
        Sum log = log(e, size);
        Numbers zero = e.constant(0);
        Mask finite = e.compare(size, Comparison.LT, e.constant(Double.POSITIVE_INFINITY));
        Numbers head = e.select(finite, log.head, size); // ∞ or NaN
        head = e.select(e.compare(size, Comparison.EQ, zero), e.constant(Double.NEGATIVE_INFINITY), head);
        Numbers product = e.times(head, y);
        Numbers rest = e.fma(log.rest, y, e.fma(head, y, e.negated(product)));
        Numbers inside = e.constant(single ? 128 : 1024);
        rest = e.select(e.compare(e.abs(product), Comparison.LT, inside), rest, zero);
        Numbers power = Exponentials.expOfSum(e, product, rest);
        // How far |y| is from a multiple of 2: 0 where y is even, 1 where it is odd. Beyond 2^24 (2^53) all are even.
        Numbers twos = e.constant(single ? 0x1p24 : 0x1p53);
        Numbers exponent = e.smaller(e.abs(y), twos);
        Numbers away = e.abs(e.minus(exponent, e.minus(e.plus(exponent, twos), twos)));
        Numbers one = e.constant(1);
        Mask odd = e.compare(away, Comparison.EQ, one);
        power = Exponentials.withSign(e, power, e.select(odd, x, zero));
        Mask broken = e.and(e.compare(away, Comparison.GT, zero), e.not(odd));
        Mask negative = e.and(finite, e.compare(x, Comparison.LT, zero));
        power = e.select(e.and(negative, broken), e.constant(Double.NaN), power);
        return e.select(e.compare(y, Comparison.EQ, zero), one, power);
    }

    /// The natural logarithm of a positive finite number; of others something finite.
    private static Sum log(Emitter e, Numbers x) {
        boolean single = Exponentials.single(e);
        Mask subnormal = e.compare(x, Comparison.LT, e.constant(single ? Float.MIN_NORMAL : Double.MIN_NORMAL));
        Numbers normal = e.select(subnormal, e.times(x, e.constant(single ? 0x1p25 : 0x1p54)), x);
        Bits rootHalf = e.pattern(single ? 0x3f3504f3 : 0x3fe6a09e667f3bcdL);
        Bits one = e.pattern(single ? 0x3f800000 - 0x3f3504f3 : 0x3ff0000000000000L - 0x3fe6a09e667f3bcdL);
        Bits moved = e.plus(e.bits(normal), one);
        Bits ones = e.pattern(single ? 0x4b000000 : 0x4330000000000000L);
        Numbers exponent = e.numbers(e.or(e.shiftRightZero(moved, single ? 23 : 52), ones));
        double bias = single ? 0x1p23 + 127 : 0x1p52 + 1023;
        Numbers n = e.minus(exponent, e.select(subnormal, e.constant(bias + (single ? 25 : 54)), e.constant(bias)));
        Bits mantissa = e.and(moved, e.pattern(single ? 0x7fffff : 0xfffffffffffffL));
        Numbers m = e.numbers(e.plus(mantissa, rootHalf));
        Numbers unit = e.constant(1);
        // s = (m - 1) / (m + 1)
        Numbers above = e.plus(m, unit);
        Numbers aboveRest = e.minus(m, e.minus(above, unit));
        Numbers over = e.over(unit, above);
        Numbers below = e.minus(m, unit);
        Numbers s = e.times(below, over);
        Numbers minus = e.negated(s);
        Numbers sRest = e.times(e.fma(minus, aboveRest, e.fma(minus, above, below)), over);
        // z = s², w = s³
        Numbers z = e.times(s, s);
        Numbers twice = e.plus(s, s);
        Numbers zRest = e.fma(twice, sRest, e.fma(s, s, e.negated(z)));
        Numbers w = e.times(s, z);
        Numbers wRest = e.fma(sRest, z, e.fma(s, zRest, e.fma(s, z, e.negated(w))));
        // q = 2/3 + z P(z)
        Numbers twoThirds = e.constant(single ? 0.6666666865348816 : 0.6666666666666666);
        Numbers thirdsRest = e.constant(single ? -1.9868215517249155e-08 : 3.700743415417188e-17);
        Numbers series = e.times(z, Exponentials.polynomial(e, z, single ? SERIES_32 : SERIES_64));
        Numbers q = e.plus(twoThirds, series);
        Numbers qRest = e.plus(e.minus(series, e.minus(q, twoThirds)), thirdsRest);
        // 2 s + w q
        Numbers v = e.times(w, q);
        Numbers vRest = e.fma(wRest, q, e.fma(w, qRest, e.fma(w, q, e.negated(v))));
        Sum fraction = sum(e, twice, v);
        Numbers rest = e.plus(fraction.rest, e.fma(e.constant(2), sRest, vRest));
        // n ln 2 + that
        Numbers whole = e.times(n, e.constant(single ? 0.693145751953125 : 0.693147180559663));
        rest = e.fma(n, e.constant(single ? 1.428606765330187e-06 : 2.8235290563031577e-13), rest);
        Sum all = sum(e, whole, fraction.head);
        return sum(e, all.head, e.plus(all.rest, rest));
    }

    /// The sum of two numbers, the first of them 0 or the larger one.
    private static Sum sum(Emitter e, Numbers large, Numbers small) {
        Numbers head = e.plus(large, small);
        return new Sum(head, e.minus(small, e.minus(head, large)));
    }
}
