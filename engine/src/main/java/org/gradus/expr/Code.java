package org.gradus.expr;

/// What one instruction computes. An arithmetic code works on the number type of the map that it stands in; codes
/// marked *integers too* also take `int32` and `int64`. Comparisons and logic give truth values.
///
/// NaN passes through everything but comparisons, [#SIGN] (0) and [#SELECT]'s branch not taken, as in PyTorch.
public enum Code {
    /// A literal number, of the map's number type.
    CONSTANT(0, true),
    ADD(2, true),
    SUB(2, true),
    MUL(2, true),
    DIV(2, false),
    /// The quotient rounded down, for integers.
    FLOOR_DIV(2, true),
    /// The remainder with the divisor's sign.
    REMAINDER(2, true),
    NEG(1, true),
    ABS(1, true),
    /// -1, 0 or 1; 0 for NaN.
    SIGN(1, true),
    MIN(2, true),
    MAX(2, true),
    SQRT(1, false),
    /// One over the square root.
    RSQRT(1, false),
    EXP(1, false),
    EXPM1(1, false),
    LOG(1, false),
    LOG1P(1, false),
    LOG2(1, false),
    LOG10(1, false),
    POW(2, false),
    SIN(1, false),
    COS(1, false),
    TAN(1, false),
    ASIN(1, false),
    ACOS(1, false),
    ATAN(1, false),
    ATAN2(2, false),
    SINH(1, false),
    COSH(1, false),
    TANH(1, false),
    ASINH(1, false),
    ACOSH(1, false),
    ATANH(1, false),
    HYPOT(2, false),
    /// The logistic function 1 / (1 + e^-x).
    SIGMOID(1, false),
    ERF(1, false),
    ERFC(1, false),
    /// The logarithm of the absolute value of the gamma function.
    LGAMMA(1, false),
    /// The derivative of order n + 1 of log-gamma; the first operand is n, a constant.
    POLYGAMMA(2, false),
    FLOOR(1, false),
    CEIL(1, false),
    /// To the nearest integer, halves to the even one.
    ROUND(1, false),
    TRUNC(1, false),
    LESS(2, true),
    LESS_EQUAL(2, true),
    EQUAL(2, true),
    NOT(1, true),
    AND(2, true),
    OR(2, true),
    XOR(2, true),
    /// The second operand where the first is true, else the third.
    SELECT(3, true);

    private final int arity;
    private final boolean integers;

    Code(int arity, boolean integers) {
        this.arity = arity;
        this.integers = integers;
    }

    /// The number of operands.
    public int arity() {
        return arity;
    }

    /// Whether integer maps may use it.
    public boolean takesIntegers() {
        return integers;
    }

    /// Whether it compares two numbers and gives a truth value.
    public boolean isComparison() {
        return this == LESS || this == LESS_EQUAL || this == EQUAL;
    }

    /// Whether operands and result are truth values.
    public boolean isLogic() {
        return this == NOT || this == AND || this == OR || this == XOR;
    }
}
