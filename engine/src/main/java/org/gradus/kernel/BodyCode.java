package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;
import org.gradus.expr.Body;
import org.gradus.expr.Body.Instruction;
import org.gradus.expr.Code;
import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;

/// What an elementwise body becomes in a kernel: each instruction as a sequence of [Emitter] instructions.
///
/// Most are a few instructions. Those that [#isSlow] names are taken from the interpreter, lane by lane.
final class BodyCode {
    private BodyCode() {}

    /// Emits instructions `from` to `to` of a body.
    ///
    /// @param registers the arguments and the results of all earlier instructions, by register; results are added
    static void write(Emitter e, Body body, int from, int to, Value[] registers) {
        for (int i = from; i < to; i++) {
            registers[body.arity() + i] = write(e, body.code().get(i), registers);
        }
    }

    /// The results of a body of these arguments.
    static List<Value> results(Emitter e, Body body, List<? extends Value> arguments) {
        Value[] registers = new Value[body.registers()];
        for (int i = 0; i < arguments.size(); i++) {
            registers[i] = arguments.get(i);
        }
        write(e, body, 0, body.code().size(), registers);
        List<Value> results = new ArrayList<>();
        body.results().forEach(register -> results.add(registers[register]));
        return results;
    }

    /// Whether a code's floating-point form goes lane by lane through the interpreter, in 3 to 100 ns an element.
    static boolean isSlow(Code code) {
        return switch (code) {
            case REMAINDER, LOG2, LOG10, ASIN, ACOS, ATAN2, SINH, COSH, ASINH, ACOSH, ATANH, HYPOT, LGAMMA, POLYGAMMA ->
                true;
            default -> false;
        };
    }

    private static Value write(Emitter e, Instruction step, Value[] registers) {
        Code code = step.code();
        Value a = step.a() < 0 ? e.constant(step.value()) : registers[step.a()];
        Value b = step.b() < 0 ? a : registers[step.b()];
        Value c = step.c() < 0 ? a : registers[step.c()];
        if (code == Code.SELECT) {
            Mask mask = (Mask) a;
            return b instanceof Mask yes
                    ? e.or(e.and(mask, yes), e.and(e.not(mask), (Mask) c))
                    : e.select(mask, (Numbers) b, (Numbers) c);
        }
        if (a instanceof Mask mask) {
            Mask other = (Mask) b;
            return switch (code) {
                case NOT -> e.not(mask);
                case AND -> e.and(mask, other);
                case OR -> e.or(mask, other);
                case XOR -> e.xor(mask, other);
                case EQUAL -> e.not(e.xor(mask, other));
                default -> throw new IllegalArgumentException(code + " takes no truth values.");
            };
        }
        Numbers x = (Numbers) a;
        Numbers y = (Numbers) b;
        return switch (code) {
            case LESS -> e.compare(x, Comparison.LT, y);
            case LESS_EQUAL -> e.compare(x, Comparison.LE, y);
            case EQUAL -> e.compare(x, Comparison.EQ, y);
            default -> e.form().type().isFloating() ? floating(e, code, x, y) : integer(e, code, x, y);
        };
    }

    private static Numbers floating(Emitter e, Code code, Numbers x, Numbers y) {
        return switch (code) {
            case CONSTANT -> x;
            case ADD -> e.plus(x, y);
            case SUB -> e.minus(x, y);
            case MUL -> e.times(x, y);
            case DIV -> e.over(x, y);
            case FLOOR_DIV -> floor(e, e.over(x, y));
            case NEG -> e.negated(x);
            case ABS -> e.abs(x);
            case SIGN -> sign(e, x);
            case MIN -> e.smaller(x, y);
            case MAX -> e.larger(x, y);
            case SQRT -> e.sqrt(x);
            case RSQRT -> e.over(e.constant(1), e.sqrt(x));
            case EXP -> Exponentials.exp(e, x);
            case EXPM1 -> Exponentials.expm1(e, x);
            case LOG -> Exponentials.log(e, x);
            case LOG1P -> Exponentials.log1p(e, x);
            case POW -> Powers.pow(e, x, y);
            case TANH -> Exponentials.tanh(e, x);
            case SIGMOID -> Exponentials.sigmoid(e, x);
            case ERF -> ErrorFunctions.erf(e, x);
            case ERFC -> ErrorFunctions.erfc(e, x);
            case SIN -> Circular.sin(e, x);
            case COS -> Circular.cos(e, x);
            case TAN -> Circular.tan(e, x);
            case ATAN -> Circular.atan(e, x);
            case FLOOR -> floor(e, x);
            case CEIL -> e.negated(floor(e, e.negated(x)));
            case ROUND -> rounded(e, x);
            case TRUNC -> Exponentials.withSign(e, floor(e, e.abs(x)), x);
            case REMAINDER, LOG2, LOG10, ASIN, ACOS, ATAN2, SINH, COSH, ASINH, ACOSH, ATANH, HYPOT, LGAMMA, POLYGAMMA ->
                e.perLane(code, x, y);
            case LESS, LESS_EQUAL, EQUAL, NOT, AND, OR, XOR, SELECT -> throw new AssertionError(code);
        };
    }

    private static Numbers integer(Emitter e, Code code, Numbers x, Numbers y) {
        return switch (code) {
            case CONSTANT -> x;
            case ADD -> e.plus(x, y);
            case SUB -> e.minus(x, y);
            case MUL -> e.times(x, y);
            case FLOOR_DIV -> e.apply(Arithmetic.MATH, "floorDiv", x, y);
            case REMAINDER -> e.apply(Arithmetic.MATH, "floorMod", x, y);
            case NEG -> e.negated(x);
            case ABS -> e.abs(x);
            case SIGN -> sign(e, x);
            case MIN -> e.smaller(x, y);
            case MAX -> e.larger(x, y);
            default -> throw new IllegalArgumentException(code + " has no integer form.");
        };
    }

    private static Numbers sign(Emitter e, Numbers x) {
        Numbers zero = e.constant(0);
        Numbers atMost = e.select(e.compare(x, Comparison.LT, zero), e.constant(-1), zero);
        return e.select(e.compare(x, Comparison.GT, zero), e.constant(1), atMost);
    }

    /// To the nearest integer, halves to the even one: adding 2²³ (2⁵²) leaves no bits for a fraction. The sign stays.
    private static Numbers rounded(Emitter e, Numbers x) {
        Numbers ones = e.constant(Exponentials.single(e) ? 0x1p23 : 0x1p52);
        Numbers size = e.abs(x);
        Numbers nearest = Exponentials.withSign(e, e.minus(e.plus(size, ones), ones), x);
        return e.select(e.compare(size, Comparison.LT, ones), nearest, x);
    }

    private static Numbers floor(Emitter e, Numbers x) {
        Numbers nearest = rounded(e, x);
        Mask above = e.compare(nearest, Comparison.GT, x);
        Numbers below = e.select(above, e.minus(nearest, e.constant(1)), nearest);
        // 0 keeps the argument's sign, as in Math.floor.
        Bits bit = e.pattern(Exponentials.single(e) ? Integer.MIN_VALUE : Long.MIN_VALUE);
        Mask zero = e.compare(below, Comparison.EQ, e.constant(0));
        return e.select(zero, e.numbers(e.and(e.bits(x), bit)), below);
    }
}
