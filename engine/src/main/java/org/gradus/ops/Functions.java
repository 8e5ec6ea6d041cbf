package org.gradus.ops;

import static org.gradus.graph.Tensor.map;

import java.util.List;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Tensor;

/// Trigonometric, hyperbolic and special functions, element by element, of floating-point tensors; angles are in
/// radians.
public final class Functions {
    private static final Formula SIN = Formula.unary("sin", x -> x.with(Code.SIN));
    private static final Formula COS = Formula.unary("cos", x -> x.with(Code.COS));
    private static final Formula TAN = Formula.unary("tan", x -> x.with(Code.TAN));
    private static final Formula ASIN = Formula.unary("asin", x -> x.with(Code.ASIN));
    private static final Formula ACOS = Formula.unary("acos", x -> x.with(Code.ACOS));
    private static final Formula ATAN = Formula.unary("atan", x -> x.with(Code.ATAN));
    private static final Formula SINH = Formula.unary("sinh", x -> x.with(Code.SINH));
    private static final Formula COSH = Formula.unary("cosh", x -> x.with(Code.COSH));
    private static final Formula ASINH = Formula.unary("asinh", x -> x.with(Code.ASINH));
    private static final Formula ACOSH = Formula.unary("acosh", x -> x.with(Code.ACOSH));
    private static final Formula ATANH = Formula.unary("atanh", x -> x.with(Code.ATANH));
    private static final Formula ERF = Formula.unary("erf", x -> x.with(Code.ERF));
    private static final Formula ERFC = Formula.unary("erfc", x -> x.with(Code.ERFC));
    private static final Formula LGAMMA = Formula.unary("lgamma", x -> x.with(Code.LGAMMA));
    private static final Formula DIGAMMA =
            Formula.unary("digamma", x -> x.literal(0).with(Code.POLYGAMMA, x));
    private static final Formula ATAN2 = Formula.binary("atan2", (y, x) -> y.with(Code.ATAN2, x));
    private static final Formula HYPOT = Formula.binary("hypot", (a, b) -> a.with(Code.HYPOT, b));

    // Infinite operands of one sign have no difference; they count as equal.
    private static final Formula LOG_ADD_EXP = new Formula(
            "log-add-exp",
            Body.of(
                    2,
                    x -> List.of(x.get(0)
                            .max(x.get(1))
                            .plus(gap(x).abs().negated().exp().log1p()))),
            Body.of(3, x -> List.of(gap(x).sigmoid(), gap(x).negated().sigmoid())));

    private Functions() {}

    /// The sine.
    public static Tensor sin(Tensor x) {
        return map(SIN, x);
    }

    /// The cosine.
    public static Tensor cos(Tensor x) {
        return map(COS, x);
    }

    /// The tangent.
    public static Tensor tan(Tensor x) {
        return map(TAN, x);
    }

    /// The inverse of the sine, in [-π/2, π/2].
    public static Tensor asin(Tensor x) {
        return map(ASIN, x);
    }

    /// The inverse of the cosine, in [0, π].
    public static Tensor acos(Tensor x) {
        return map(ACOS, x);
    }

    /// The inverse of the tangent, in (-π/2, π/2).
    public static Tensor atan(Tensor x) {
        return map(ATAN, x);
    }

    /// The hyperbolic sine.
    public static Tensor sinh(Tensor x) {
        return map(SINH, x);
    }

    /// The hyperbolic cosine.
    public static Tensor cosh(Tensor x) {
        return map(COSH, x);
    }

    /// The inverse of the hyperbolic sine.
    public static Tensor asinh(Tensor x) {
        return map(ASINH, x);
    }

    /// The inverse of the hyperbolic cosine, not negative.
    public static Tensor acosh(Tensor x) {
        return map(ACOSH, x);
    }

    /// The inverse of the hyperbolic tangent.
    public static Tensor atanh(Tensor x) {
        return map(ATANH, x);
    }

    /// The error function.
    public static Tensor erf(Tensor x) {
        return map(ERF, x);
    }

    /// One minus the error function, exact for large x.
    public static Tensor erfc(Tensor x) {
        return map(ERFC, x);
    }

    /// The logarithm of the absolute value of the gamma function.
    public static Tensor lgamma(Tensor x) {
        return map(LGAMMA, x);
    }

    /// The hyperbolic tangent.
    public static Tensor tanh(Tensor x) {
        return x.tanh();
    }

    /// The derivative of [#lgamma].
    public static Tensor digamma(Tensor x) {
        return map(DIGAMMA, x);
    }

    /// The angle of the point (x, y), in [-π, π].
    public static Tensor atan2(Tensor y, Tensor x) {
        return map(ATAN2, y, x);
    }

    /// The square root of a² + b², without overflow.
    public static Tensor hypot(Tensor a, Tensor b) {
        return map(HYPOT, a, b);
    }

    /// log(e^a + e^b), without overflow.
    public static Tensor logAddExp(Tensor a, Tensor b) {
        return map(LOG_ADD_EXP, a, b);
    }

    private static Term gap(List<Term> x) {
        return x.get(0).same(x.get(1)).select(0, x.get(0).minus(x.get(1)));
    }
}
