package org.gradus.expr;

import org.gradus.base.Type;
import org.gradus.expr.Body.Instruction;

/// A body's values, the plain way: one instruction after the other, in `double` or in `long`; truth values are 1 and
/// 0. The oracle of every generated kernel.
public final class Evaluation {
    private Evaluation() {}

    /// Fills the registers behind the arguments, in floating point.
    ///
    /// @param registers the arguments, then room for every instruction
    public static void run(Body body, double[] registers) {
        int at = body.arity();
        for (Instruction step : body.code()) {
            double a = step.a() < 0 ? step.value() : registers[step.a()];
            double b = step.b() < 0 ? 0 : registers[step.b()];
            double c = step.c() < 0 ? 0 : registers[step.c()];
            registers[at++] = value(step.code(), a, b, c);
        }
    }

    /// Fills the registers behind the arguments, in integers. `int32` keeps the low 32 bits of every step, so that the
    /// numbers do not depend on which steps were put into one body.
    ///
    /// @param type `int32` or `int64`
    /// @param registers the arguments, then room for every instruction
    public static void run(Body body, Type type, long[] registers) {
        boolean narrow = type == Type.INT32;
        int at = body.arity();
        for (Instruction step : body.code()) {
            long a = step.a() < 0 ? (long) step.value() : registers[step.a()];
            long b = step.b() < 0 ? 0 : registers[step.b()];
            long c = step.c() < 0 ? 0 : registers[step.c()];
            long value = value(step.code(), a, b, c);
            registers[at++] = narrow ? (int) value : value;
        }
    }

    /// What a code makes of floating-point operands.
    public static double value(Code code, double a, double b, double c) {
        return switch (code) {
            case CONSTANT -> a;
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case FLOOR_DIV -> Math.floor(a / b);
            case REMAINDER -> remainder(a, b);
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case SIGN -> a > 0 ? 1 : a < 0 ? -1 : 0;
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case SQRT -> Math.sqrt(a);
            case RSQRT -> 1 / Math.sqrt(a);
            case EXP -> StrictMath.exp(a);
            case EXPM1 -> StrictMath.expm1(a);
            case LOG -> StrictMath.log(a);
            case LOG1P -> StrictMath.log1p(a);
            case LOG2 -> Special.log2(a);
            case LOG10 -> StrictMath.log10(a);
            case POW -> StrictMath.pow(a, b);
            case SIN -> StrictMath.sin(a);
            case COS -> StrictMath.cos(a);
            case TAN -> StrictMath.tan(a);
            case ASIN -> StrictMath.asin(a);
            case ACOS -> StrictMath.acos(a);
            case ATAN -> StrictMath.atan(a);
            case ATAN2 -> StrictMath.atan2(a, b);
            case SINH -> StrictMath.sinh(a);
            case COSH -> StrictMath.cosh(a);
            case TANH -> StrictMath.tanh(a);
            case ASINH -> Special.asinh(a);
            case ACOSH -> Special.acosh(a);
            case ATANH -> Special.atanh(a);
            case HYPOT -> StrictMath.hypot(a, b);
            case SIGMOID -> Special.sigmoid(a);
            case ERF -> Special.erf(a);
            case ERFC -> Special.erfc(a);
            case LGAMMA -> Special.lgamma(a);
            case POLYGAMMA -> Special.polygamma((int) a, b);
            case FLOOR -> Math.floor(a);
            case CEIL -> Math.ceil(a);
            case ROUND -> Math.rint(a);
            case TRUNC -> a < 0 ? Math.ceil(a) : Math.floor(a);
            case LESS -> truth(a < b);
            case LESS_EQUAL -> truth(a <= b);
            case EQUAL -> truth(a == b);
            case NOT -> truth(a == 0);
            case AND -> truth(a != 0 && b != 0);
            case OR -> truth(a != 0 || b != 0);
            case XOR -> truth((a != 0) != (b != 0));
            case SELECT -> a != 0 ? b : c;
        };
    }

    private static long value(Code code, long a, long b, long c) {
        return switch (code) {
            case CONSTANT -> a;
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case FLOOR_DIV -> Math.floorDiv(a, b);
            case REMAINDER -> Math.floorMod(a, b);
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case SIGN -> Long.signum(a);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case SELECT -> a != 0 ? b : c;
            case LESS -> a < b ? 1 : 0;
            case LESS_EQUAL -> a <= b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
            case NOT -> a == 0 ? 1 : 0;
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            default -> throw new IllegalArgumentException(code + " has no integer form.");
        };
    }

    private static double remainder(double a, double b) {
        double r = a % b;
        return r != 0 && (r < 0) != (b < 0) ? r + b : r;
    }

    private static double truth(boolean value) {
        return value ? 1 : 0;
    }
}
