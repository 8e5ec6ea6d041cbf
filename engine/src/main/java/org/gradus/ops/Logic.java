package org.gradus.ops;

import static org.gradus.graph.Tensor.map;

import java.util.List;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Tensor;

/// Comparisons, truth values and choices, element by element. Comparisons with NaN are false, except `notEqual`.
public final class Logic {
    private static final Formula LESS = Formula.binary("less", Term::less);
    private static final Formula LESS_EQUAL = Formula.binary("less-equal", Term::lessEqual);
    private static final Formula EQUAL = Formula.binary("equal", Term::same);
    private static final Formula NOT_EQUAL =
            Formula.binary("not-equal", (a, b) -> a.same(b).not());
    private static final Formula NOT = Formula.unary("not", Term::not);
    private static final Formula AND = Formula.binary("and", Term::and);
    private static final Formula OR = Formula.binary("or", Term::or);
    private static final Formula XOR = Formula.binary("xor", (a, b) -> a.with(Code.XOR, b));
    private static final Formula WHERE =
            Formula.of("where", Body.of(3, x -> List.of(x.get(0).select(x.get(1), x.get(2)))));
    private static final Formula IS_NAN = Formula.unary("is-nan", x -> x.same(x).not());
    private static final Formula IS_FINITE =
            Formula.unary("is-finite", x -> x.abs().less(Double.POSITIVE_INFINITY));

    private Logic() {}

    /// a < b.
    public static Tensor less(Tensor a, Tensor b) {
        return map(LESS, a, b);
    }

    /// a < b.
    public static Tensor less(Tensor a, double b) {
        return map(Formula.unary("less", x -> x.less(b)), a);
    }

    /// a ≤ b.
    public static Tensor lessEqual(Tensor a, Tensor b) {
        return map(LESS_EQUAL, a, b);
    }

    /// a ≤ b.
    public static Tensor lessEqual(Tensor a, double b) {
        return map(Formula.unary("less-equal", x -> x.lessEqual(b)), a);
    }

    /// a > b.
    public static Tensor greater(Tensor a, Tensor b) {
        return less(b, a);
    }

    /// a > b.
    public static Tensor greater(Tensor a, double b) {
        return map(Formula.unary("greater", x -> x.greater(b)), a);
    }

    /// a ≥ b.
    public static Tensor greaterEqual(Tensor a, Tensor b) {
        return lessEqual(b, a);
    }

    /// a ≥ b.
    public static Tensor greaterEqual(Tensor a, double b) {
        return map(Formula.unary("greater-equal", x -> x.literal(b).lessEqual(x)), a);
    }

    /// a = b; of two `bool` tensors, whether both are true or both false.
    public static Tensor equal(Tensor a, Tensor b) {
        return map(EQUAL, a, b);
    }

    /// a = b.
    public static Tensor equal(Tensor a, double b) {
        return map(Formula.unary("equal", x -> x.same(b)), a);
    }

    /// a ≠ b; true for NaN.
    public static Tensor notEqual(Tensor a, Tensor b) {
        return map(NOT_EQUAL, a, b);
    }

    /// a ≠ b; true for NaN.
    public static Tensor notEqual(Tensor a, double b) {
        return map(Formula.unary("not-equal", x -> x.same(b).not()), a);
    }

    /// Whether a `bool` tensor is false.
    public static Tensor not(Tensor a) {
        return map(NOT, a);
    }

    /// Whether both `bool` tensors are true.
    public static Tensor and(Tensor a, Tensor b) {
        return map(AND, a, b);
    }

    /// Whether one of two `bool` tensors is true, or both.
    public static Tensor or(Tensor a, Tensor b) {
        return map(OR, a, b);
    }

    /// Whether just one of two `bool` tensors is true.
    public static Tensor xor(Tensor a, Tensor b) {
        return map(XOR, a, b);
    }

    /// `a` where the `bool` tensor `condition` is true, else `b`. The gradient follows the choice, and what is not
    /// chosen gets 0. (If that then meets an infinite derivative, it becomes NaN: write `log(where(x > 0, x, 1))`
    /// inside, too.)
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return map(WHERE, condition, a, b);
    }

    /// `a` where `condition` is true, else a number.
    public static Tensor where(Tensor condition, Tensor a, double b) {
        return map(Formula.binary("where", (c, x) -> c.select(x, b)), condition, a);
    }

    /// A number where `condition` is true, else `b`.
    public static Tensor where(Tensor condition, double a, Tensor b) {
        return map(Formula.binary("where", (c, x) -> c.select(a, x)), condition, b);
    }

    /// Whether an element is NaN.
    public static Tensor isNan(Tensor x) {
        return map(IS_NAN, x);
    }

    /// Whether an element is neither NaN nor infinite.
    public static Tensor isFinite(Tensor x) {
        return x.type().type().isFloating()
                ? map(IS_FINITE, x)
                : Constants.ones(x.tracer(), x.type().with(Type.BOOL));
    }

    /// NaN replaced by 0, infinities by the largest numbers of the element type. The derivative there is 0.
    public static Tensor nanToNum(Tensor x) {
        if (!x.type().type().isFloating()) {
            return x;
        }
        double most = x.type().type() == Type.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        return nanToNum(x, 0, most, -most);
    }

    /// NaN and the infinities replaced by these numbers. The derivative there is 0.
    public static Tensor nanToNum(Tensor x, double nan, double positive, double negative) {
        return map(
                Formula.unary("nan-to-num", t -> {
                    Term high = t.same(Double.POSITIVE_INFINITY).select(positive, t);
                    Term finite = t.same(Double.NEGATIVE_INFINITY).select(negative, high);
                    return t.same(t).select(finite, nan);
                }),
                x);
    }
}
