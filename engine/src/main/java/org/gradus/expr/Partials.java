package org.gradus.expr;

import static org.gradus.expr.Code.*;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The derivative of each [Code] with respect to each operand: the one table of derivatives of Gradus. At kinks and
/// ties as PyTorch: |x|' = 0 at 0, maximum and minimum share evenly.
final class Partials {
    private Partials() {}

    /// The partial derivative of `y = code(x)` with respect to operand `i`, or `null` where it is zero everywhere.
    static @Nullable Term of(Code code, List<Term> x, Term y, int i) {
        Term a = x.get(0);
        Term b = x.size() > 1 ? x.get(1) : a;
        return switch (code) {
            case ADD -> y.literal(1);
            case SUB -> y.literal(i == 0 ? 1 : -1);
            case MUL -> i == 0 ? b : a;
            case DIV -> i == 0 ? y.literal(1).div(b) : y.div(b).negated();
            case REMAINDER -> i == 0 ? y.literal(1) : a.div(b).with(FLOOR).negated();
            case NEG -> y.literal(-1);
            case ABS -> a.with(SIGN);
            case MAX -> share(x.get(i), x.get(1 - i), x.get(i).same(x.get(1 - i)));
            case MIN -> share(x.get(1 - i), x.get(i), x.get(i).same(x.get(1 - i)));
            case SQRT -> y.literal(0.5).div(y);
            case RSQRT -> y.times(y).times(y).times(-0.5);
            case EXP -> y;
            case EXPM1 -> y.plus(1);
            case LOG -> y.literal(1).div(a);
            case LOG1P -> y.literal(1).div(a.plus(1));
            case LOG2 -> y.literal(1).div(a.times(Math.log(2)));
            case LOG10 -> y.literal(1).div(a.times(Math.log(10)));
            case POW -> i == 0 ? powerByBase(a, b) : powerByExponent(a, b, y);
            case SIN -> a.with(COS);
            case COS -> a.with(SIN).negated();
            case TAN -> y.squared().plus(1);
            case ASIN -> a.squared().negated().plus(1).with(RSQRT);
            case ACOS -> a.squared().negated().plus(1).with(RSQRT).negated();
            case ATAN -> y.literal(1).div(a.squared().plus(1));
            case ATAN2 -> (i == 0 ? b : a.negated()).div(a.squared().plus(b.squared()));
            case SINH -> a.with(COSH);
            case COSH -> a.with(SINH);
            case TANH -> y.literal(1).minus(y.squared());
            case ASINH -> y.literal(1).div(y.literal(1).with(HYPOT, a));
            case ACOSH -> y.literal(1).div(a.minus(1).sqrt().times(a.plus(1).sqrt()));
            case ATANH -> y.literal(1).div(y.literal(1).minus(a.squared()));
            case HYPOT -> x.get(i).div(y);
            case SIGMOID -> y.times(y.literal(1).minus(y));
            case ERF -> a.squared().negated().exp().times(2 / Math.sqrt(Math.PI));
            case ERFC -> a.squared().negated().exp().times(-2 / Math.sqrt(Math.PI));
            case LGAMMA -> y.literal(0).with(POLYGAMMA, a);
            case POLYGAMMA -> i == 0 ? null : a.plus(1).with(POLYGAMMA, b);
            case SELECT -> i == 0 ? null : i == 1 ? a.select(1, 0) : a.select(0, 1);
            case CONSTANT, FLOOR_DIV, SIGN, FLOOR, CEIL, ROUND, TRUNC -> null;
            case LESS, LESS_EQUAL, EQUAL, NOT, AND, OR, XOR -> null;
        };
    }

    /// 0 where the operand loses (is below, for a maximum), a half where both are the same, else 1.
    private static Term share(Term low, Term high, Term same) {
        return low.less(high).select(low.literal(0), same.select(0.5, 1));
    }

    /// b a^(b-1), and 0 where b is 0, also at a = 0.
    private static @Nullable Term powerByBase(Term a, Term b) {
        Double exponent = b.writer.literal(b);
        if (exponent != null) {
            return exponent == 0 ? null : a.with(POW, a.literal(exponent - 1)).times(exponent);
        }
        return b.same(0).select(b.literal(0), b.times(a.with(POW, b.minus(1))));
    }

    /// y log(a), and 0 at a = 0 with b >= 0.
    private static Term powerByExponent(Term a, Term b, Term y) {
        return a.same(0).and(b.less(0).not()).select(a.literal(0), y.times(a.log()));
    }
}
