package org.gradus.ops;

import static org.gradus.graph.Tensor.map;

import java.util.List;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Tensor;

/// Arithmetic, element by element. Shapes broadcast as in NumPy; number types never mix. Comparisons and choices are
/// in [Logic], transcendental functions in [Functions].
///
/// Each is one formula: its derivative, its fused kernel and its text follow from that.
public final class Elementwise {
    private static final Formula ABS = Formula.unary("abs", Term::abs);
    private static final Formula CUBE = Formula.unary("cube", x -> x.squared().times(x));
    private static final Formula RECIPROCAL =
            Formula.unary("reciprocal", x -> x.literal(1).div(x));
    private static final Formula MAXIMUM = Formula.binary("maximum", Term::max);
    private static final Formula MINIMUM = Formula.binary("minimum", Term::min);
    private static final Formula POW = Formula.binary("pow", (a, b) -> a.with(Code.POW, b));
    private static final Formula FLOOR_DIVIDE = Formula.binary("floor-divide", (a, b) -> a.with(Code.FLOOR_DIV, b));
    private static final Formula REMAINDER = Formula.binary("remainder", (a, b) -> a.with(Code.REMAINDER, b));
    private static final Formula LERP =
            Formula.of("lerp", Body.of(3, x -> List.of(between(x.get(0), x.get(1), x.get(2)))));
    private static final Formula STOP_GRADIENT =
            Formula.unary("stop-gradient", x -> x).derivative((x, y) -> x.literal(0));
    private static final Formula EXPM1 = Formula.unary("expm1", x -> x.with(Code.EXPM1));
    private static final Formula LOG1P = Formula.unary("log1p", x -> x.with(Code.LOG1P));
    private static final Formula LOG2 = Formula.unary("log2", x -> x.with(Code.LOG2));
    private static final Formula LOG10 = Formula.unary("log10", x -> x.with(Code.LOG10));
    private static final Formula SIGN = Formula.unary("sign", x -> x.with(Code.SIGN));
    private static final Formula RSQRT = Formula.unary("rsqrt", x -> x.with(Code.RSQRT));
    private static final Formula FLOOR = Formula.unary("floor", x -> x.with(Code.FLOOR));
    private static final Formula CEIL = Formula.unary("ceil", x -> x.with(Code.CEIL));
    private static final Formula ROUND = Formula.unary("round", x -> x.with(Code.ROUND));
    private static final Formula TRUNC = Formula.unary("trunc", x -> x.with(Code.TRUNC));

    private Elementwise() {}

    /// Elementwise sum.
    public static Tensor add(Tensor a, Tensor b) {
        return a.plus(b);
    }

    /// A tensor plus a number.
    public static Tensor add(Tensor a, double b) {
        return a.plus(b);
    }

    /// Elementwise difference.
    public static Tensor sub(Tensor a, Tensor b) {
        return a.minus(b);
    }

    /// A tensor minus a number.
    public static Tensor sub(Tensor a, double b) {
        return a.minus(b);
    }

    /// A number minus a tensor.
    public static Tensor sub(double a, Tensor b) {
        return map(Formula.unary("sub", x -> x.literal(a).minus(x)), b);
    }

    /// Elementwise product.
    public static Tensor mul(Tensor a, Tensor b) {
        return a.times(b);
    }

    /// A tensor times a number.
    public static Tensor mul(Tensor a, double b) {
        return a.times(b);
    }

    /// Elementwise quotient of floating-point tensors.
    public static Tensor div(Tensor a, Tensor b) {
        return a.div(b);
    }

    /// A tensor divided by a number.
    public static Tensor div(Tensor a, double b) {
        return a.div(b);
    }

    /// A number divided by a tensor.
    public static Tensor div(double a, Tensor b) {
        return map(Formula.unary("div", x -> x.literal(a).div(x)), b);
    }

    /// The quotient rounded down.
    public static Tensor floorDivide(Tensor a, Tensor b) {
        return map(FLOOR_DIVIDE, a, b);
    }

    /// The quotient by a number, rounded down.
    public static Tensor floorDivide(Tensor a, double b) {
        return map(Formula.unary("floor-divide", x -> x.with(Code.FLOOR_DIV, x.literal(b))), a);
    }

    /// The remainder with the divisor's sign: `a - b floor(a / b)`.
    public static Tensor remainder(Tensor a, Tensor b) {
        return map(REMAINDER, a, b);
    }

    /// The remainder of a division by a number, with the number's sign.
    public static Tensor remainder(Tensor a, double b) {
        return map(Formula.unary("remainder", x -> x.with(Code.REMAINDER, x.literal(b))), a);
    }

    /// The larger of two; where they are the same, each gets half of the gradient. NaN wins.
    public static Tensor maximum(Tensor a, Tensor b) {
        return map(MAXIMUM, a, b);
    }

    /// The larger of an element and a number.
    public static Tensor maximum(Tensor a, double b) {
        return map(Formula.unary("maximum", x -> x.max(b)), a);
    }

    /// The smaller of two; where they are the same, each gets half of the gradient. NaN wins.
    public static Tensor minimum(Tensor a, Tensor b) {
        return map(MINIMUM, a, b);
    }

    /// The smaller of an element and a number.
    public static Tensor minimum(Tensor a, double b) {
        return map(Formula.unary("minimum", x -> x.min(b)), a);
    }

    /// Each element moved into [lo, hi]; NaN stays. The derivative is 1 on the closed interval, as in PyTorch.
    public static Tensor clamp(Tensor x, double lo, double hi) {
        Formula clamp = Formula.unary("clamp", t -> t.max(lo).min(hi));
        return map(
                clamp.derivative((t, y) ->
                        t.literal(lo).lessEqual(t).and(t.lessEqual(hi)).select(1, 0)),
                x);
    }

    /// Each element to the power of a number.
    public static Tensor pow(Tensor x, double exponent) {
        return map(Formula.unary("pow", t -> t.with(Code.POW, t.literal(exponent))), x);
    }

    /// Each base to the power of its exponent.
    public static Tensor pow(Tensor base, Tensor exponent) {
        return map(POW, base, exponent);
    }

    /// The way from `a` to `b`: `a + weight (b - a)`, exact at both ends.
    public static Tensor lerp(Tensor a, Tensor b, Tensor weight) {
        return map(LERP, a, b, weight);
    }

    /// The way from `a` to `b`: `a + weight (b - a)`, exact at both ends.
    public static Tensor lerp(Tensor a, Tensor b, double weight) {
        return map(
                Formula.binary(
                        "lerp",
                        (x, y) -> weight < 0.5
                                ? x.plus(y.minus(x).times(weight))
                                : y.minus(y.minus(x).times(1 - weight))),
                a,
                b);
    }

    /// The absolute value; its derivative at 0 is 0.
    public static Tensor abs(Tensor x) {
        return map(ABS, x);
    }

    /// The negative.
    public static Tensor neg(Tensor x) {
        return x.negated();
    }

    /// x².
    public static Tensor square(Tensor x) {
        return x.squared();
    }

    /// x³.
    public static Tensor cube(Tensor x) {
        return map(CUBE, x);
    }

    /// 1 / x.
    public static Tensor reciprocal(Tensor x) {
        return map(RECIPROCAL, x);
    }

    /// The square root.
    public static Tensor sqrt(Tensor x) {
        return x.sqrt();
    }

    /// e to the power of x.
    public static Tensor exp(Tensor x) {
        return x.exp();
    }

    /// The natural logarithm.
    public static Tensor log(Tensor x) {
        return x.log();
    }

    /// e^x - 1, exact near 0.
    public static Tensor expm1(Tensor x) {
        return map(EXPM1, x);
    }

    /// log(1 + x), exact near 0.
    public static Tensor log1p(Tensor x) {
        return map(LOG1P, x);
    }

    /// The logarithm to base 2.
    public static Tensor log2(Tensor x) {
        return map(LOG2, x);
    }

    /// The logarithm to base 10.
    public static Tensor log10(Tensor x) {
        return map(LOG10, x);
    }

    /// -1, 0 or 1; 0 for NaN. Its derivative is 0.
    public static Tensor sign(Tensor x) {
        return map(SIGN, x);
    }

    /// One over the square root.
    public static Tensor rsqrt(Tensor x) {
        return map(RSQRT, x);
    }

    /// The next integer below.
    public static Tensor floor(Tensor x) {
        return map(FLOOR, x);
    }

    /// The next integer above.
    public static Tensor ceil(Tensor x) {
        return map(CEIL, x);
    }

    /// The nearest integer, halves to the even one.
    public static Tensor round(Tensor x) {
        return map(ROUND, x);
    }

    /// The integer part.
    public static Tensor trunc(Tensor x) {
        return map(TRUNC, x);
    }

    /// The same values, as if they were constant: no gradient flows through.
    public static Tensor stopGradient(Tensor x) {
        return map(STOP_GRADIENT, x);
    }

    /// The same values as another type; see [Tensor#to].
    public static Tensor cast(Tensor x, Type type) {
        return x.to(type);
    }

    private static Term between(Term a, Term b, Term weight) {
        Term way = b.minus(a);
        Term fromB = b.minus(way.times(weight.literal(1).minus(weight)));
        return weight.less(0.5).select(a.plus(way.times(weight)), fromB);
    }
}
