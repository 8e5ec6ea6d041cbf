package org.gradus.expr;

/// A number or truth value inside a [Body] that is being written: what the body of an elementwise op is made of.
///
/// `x -> x.div(x.abs().plus(1))` is the whole of softsign.
public final class Term {
    final Writer writer;
    final int register;

    Term(Writer writer, int register) {
        this.writer = writer;
        this.register = register;
    }

    /// A literal in the same body.
    public Term literal(double value) {
        return writer.constant(value);
    }

    /// What `code` makes of this term and the others, in order.
    public Term with(Code code, Term... others) {
        Term[] operands = new Term[others.length + 1];
        operands[0] = this;
        System.arraycopy(others, 0, operands, 1, others.length);
        if (code.arity() != operands.length) {
            throw new IllegalArgumentException(
                    code + " takes " + code.arity() + " operands, not " + operands.length + ".");
        }
        return writer.term(code, operands);
    }

    public Term plus(Term other) {
        return with(Code.ADD, other);
    }

    public Term plus(double other) {
        return plus(literal(other));
    }

    public Term minus(Term other) {
        return with(Code.SUB, other);
    }

    public Term minus(double other) {
        return minus(literal(other));
    }

    public Term times(Term other) {
        return with(Code.MUL, other);
    }

    public Term times(double other) {
        return times(literal(other));
    }

    public Term div(Term other) {
        return with(Code.DIV, other);
    }

    public Term div(double other) {
        return div(literal(other));
    }

    public Term negated() {
        return with(Code.NEG);
    }

    public Term squared() {
        return times(this);
    }

    public Term abs() {
        return with(Code.ABS);
    }

    public Term exp() {
        return with(Code.EXP);
    }

    public Term log() {
        return with(Code.LOG);
    }

    public Term log1p() {
        return with(Code.LOG1P);
    }

    public Term sqrt() {
        return with(Code.SQRT);
    }

    public Term tanh() {
        return with(Code.TANH);
    }

    public Term sigmoid() {
        return with(Code.SIGMOID);
    }

    public Term max(Term other) {
        return with(Code.MAX, other);
    }

    public Term max(double other) {
        return max(literal(other));
    }

    public Term min(Term other) {
        return with(Code.MIN, other);
    }

    public Term min(double other) {
        return min(literal(other));
    }

    /// Whether this is less than the other; false with NaN.
    public Term less(Term other) {
        return with(Code.LESS, other);
    }

    public Term less(double other) {
        return less(literal(other));
    }

    public Term lessEqual(Term other) {
        return with(Code.LESS_EQUAL, other);
    }

    public Term lessEqual(double other) {
        return lessEqual(literal(other));
    }

    public Term greater(double other) {
        return literal(other).less(this);
    }

    public Term same(Term other) {
        return with(Code.EQUAL, other);
    }

    public Term same(double other) {
        return same(literal(other));
    }

    public Term not() {
        return with(Code.NOT);
    }

    public Term and(Term other) {
        return with(Code.AND, other);
    }

    public Term or(Term other) {
        return with(Code.OR, other);
    }

    /// `yes` where this truth value holds, else `no`.
    public Term select(Term yes, Term no) {
        return with(Code.SELECT, yes, no);
    }

    public Term select(double yes, double no) {
        return select(literal(yes), literal(no));
    }

    public Term select(Term yes, double no) {
        return select(yes, literal(no));
    }

    public Term select(double yes, Term no) {
        return select(literal(yes), no);
    }
}
