package org.gradus.kernel;

import org.gradus.expr.Code;
import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;

/// Sine, cosine, tangent and arc tangent, as sequences of `fma`, products, sums, quotients and bit operations.
///
/// The argument is split as x = n π/2 + r with |r| at most π/4, by subtracting n times π/2 in three parts with `fma`
/// (Cody and Waite): the first difference is exact, and the parts hold enough bits for |x| up to 10⁵ in `float32`, 10⁶
/// in `float64`. Where a lane is beyond, the interpreter's value is taken for it, lane by lane: slow. Polynomials are
/// minimax fits of our own, lowest coefficient first.
///
/// Errors stated are the largest found against `StrictMath`, in units in the last place: `float32` / `float64`.
final class Circular {
    private static final double[] SIN_32 = {-0.16666667f, 0.00833338f, -0.00019853511f, 2.8375132e-06f};
    private static final double[] SIN_64 = {
        -0.16666666666666632,
        0.008333333333322486,
        -0.00019841269829853366,
        2.7557313705060546e-06,
        -2.505075988810374e-08,
        1.58968863713567e-10
    };
    private static final double[] COS_32 = {0.041666646f, -0.0013887301f, 2.443067e-05f};
    private static final double[] COS_64 = {
        0.0416666666666666,
        -0.001388888888887447,
        2.4801587289666902e-05,
        -2.7557314399262986e-07,
        2.087572899360986e-09,
        -1.1359917280824568e-11
    };
    private static final double[] ATAN_32 = {
        -0.33333302f,
        0.19998626f,
        -0.14265092f,
        0.10956658f,
        -0.084164664f,
        0.05817851f,
        -0.03139564f,
        0.0110303f,
        -0.001819251f
    };
    private static final double[] ATAN_64 = {
        -0.33333333333333093,
        0.1999999999995546,
        -0.14285714282803247,
        0.11111111013674309,
        -0.09090907119585337,
        0.07692281189828189,
        -0.06666415017504475,
        0.05880592649870853,
        -0.05253805892859983,
        0.04723294271667408,
        -0.04221719630114565,
        0.03669355267727639,
        -0.029985592955725095,
        0.022085158691430563,
        -0.013994979229275823,
        0.00726334411086162,
        -0.0029193317287823,
        0.0008434801089462015,
        -0.00015479591657553492,
        1.348915133710958e-05
    };

    private Circular() {}

    /// The sine of an angle in radians; 1.5 / 1.0 ulp.
    static Numbers sin(Emitter e, Numbers x) {
        Reduced r = reduced(e, e.abs(x));
        Numbers value = e.select(odd(e, r.quarter), cosine(e, r.rest), sine(e, r.rest));
        Bits bit = e.pattern(Exponentials.single(e) ? Integer.MIN_VALUE : Long.MIN_VALUE);
        Bits flipped = e.xor(e.and(e.bits(x), bit), sign(e, r.quarter));
        return farOut(e, Code.SIN, x, e.numbers(e.xor(e.bits(value), flipped)));
    }

    /// The cosine of an angle in radians; 1.5 / 1.0 ulp.
    static Numbers cos(Emitter e, Numbers x) {
        Reduced r = reduced(e, e.abs(x));
        Numbers value = e.select(odd(e, r.quarter), sine(e, r.rest), cosine(e, r.rest));
        Bits flipped = sign(e, e.plus(r.quarter, e.pattern(1)));
        return farOut(e, Code.COS, x, e.numbers(e.xor(e.bits(value), flipped)));
    }

    /// The tangent of an angle in radians; 2.9 / 3.0 ulp.
    static Numbers tan(Emitter e, Numbers x) {
        Reduced r = reduced(e, e.abs(x));
        Numbers sine = sine(e, r.rest);
        Numbers cosine = cosine(e, r.rest);
        Mask odd = odd(e, r.quarter);
        Numbers over = e.over(e.select(odd, cosine, sine), e.select(odd, sine, cosine));
        Bits bit = e.pattern(Exponentials.single(e) ? Integer.MIN_VALUE : Long.MIN_VALUE);
        Bits flipped = e.xor(e.and(e.bits(x), bit), e.shiftLeft(r.quarter, Exponentials.single(e) ? 31 : 63));
        return farOut(e, Code.TAN, x, e.numbers(e.xor(e.bits(over), flipped)));
    }

    /// The angle in radians that has this tangent; 1.4 / 2.0 ulp.
    static Numbers atan(Emitter e, Numbers x) {
        boolean single = Exponentials.single(e);
        Numbers size = e.abs(x);
        Numbers one = e.constant(1);
        Mask steep = e.compare(size, Comparison.GT, one);
        Numbers y = e.select(steep, e.over(one, size), size);
        Numbers square = e.times(y, y);
        Numbers series = Exponentials.polynomial(e, square, single ? ATAN_32 : ATAN_64);
        Numbers angle = e.fma(e.times(y, square), series, y);
        Numbers rest = e.constant(single ? -4.371138828673793e-08 : 6.123233995736766e-17);
        Numbers turned = e.plus(e.constant(single ? 1.5707963705062866 : 1.5707963267948966), e.minus(rest, angle));
        return Exponentials.withSign(e, e.select(steep, turned, angle), x);
    }

    /// x = n π/2 + rest; `quarter` ends in the low bits of n.
    private record Reduced(Bits quarter, Numbers rest) {}

    private static Reduced reduced(Emitter e, Numbers x) {
        boolean single = Exponentials.single(e);
        Numbers ones = e.constant(single ? 0x1.8p23 : 0x1.8p52);
        Numbers sum = e.fma(x, e.constant(0.6366197723675814), ones);
        Numbers n = e.minus(sum, ones);
        Numbers rest = e.fma(n, e.constant(single ? -1.5707963705062866 : -1.5707963267948966), x);
        rest = e.fma(n, e.constant(single ? 4.371138828673793e-08 : -6.123233995736766e-17), rest);
        rest = e.fma(n, e.constant(single ? 1.7151245100058819e-15 : 1.4973849048591698e-33), rest);
        return new Reduced(e.bits(sum), rest);
    }

    private static Numbers sine(Emitter e, Numbers r) {
        Numbers square = e.times(r, r);
        Numbers series = Exponentials.polynomial(e, square, Exponentials.single(e) ? SIN_32 : SIN_64);
        return e.fma(e.times(r, square), series, r);
    }

    private static Numbers cosine(Emitter e, Numbers r) {
        Numbers square = e.times(r, r);
        Numbers series = Exponentials.polynomial(e, square, Exponentials.single(e) ? COS_32 : COS_64);
        Numbers one = e.constant(1);
        // 1 - r²/2 is rounded; what that took away comes back with the small terms.
        Numbers half = e.times(square, e.constant(0.5));
        Numbers main = e.minus(one, half);
        Numbers lost = e.minus(e.minus(one, main), half);
        return e.plus(main, e.fma(e.times(square, square), series, lost));
    }

    private static Mask odd(Emitter e, Bits quarter) {
        boolean single = Exponentials.single(e);
        Bits one = e.pattern(single ? 0x3f800000 : 0x3ff0000000000000L);
        Numbers signed = e.numbers(e.or(e.shiftLeft(quarter, single ? 31 : 63), one));
        return e.compare(signed, Comparison.LT, e.constant(0));
    }

    /// The sign bit where n leaves 2 or 3 when divided by 4.
    private static Bits sign(Emitter e, Bits quarter) {
        boolean single = Exponentials.single(e);
        Bits bit = e.pattern(single ? Integer.MIN_VALUE : Long.MIN_VALUE);
        return e.and(e.shiftLeft(quarter, single ? 30 : 62), bit);
    }

    private static Numbers farOut(Emitter e, Code code, Numbers x, Numbers value) {
        Mask far = e.compare(e.abs(x), Comparison.GT, e.constant(Exponentials.single(e) ? 1e5 : 1e6));
        Numbers result = e.variable(value);
        e.ifDifferent(e.any(far), Int.of(0), () -> e.set(result, e.select(far, e.perLane(code, x, x), value)));
        return result;
    }
}
