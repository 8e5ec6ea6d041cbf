package org.gradus.expr;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A named [Body], with the partial derivatives that it states itself, if any; without them they are derived.
///
/// A stated derivative is a body over the arguments followed by the results; it gives, for each result in turn, one
/// partial for each argument. It is there for stability or for a convention at a kink, and a test holds it against
/// the derived one.
public record Formula(String name, Body body, @Nullable Body derivative) {
    /// A formula whose derivative is derived.
    public static Formula of(String name, Body body) {
        return new Formula(name, body, null);
    }

    /// A formula of one argument.
    public static Formula unary(String name, UnaryOperator<Term> write) {
        return of(name, Body.of(1, x -> List.of(write.apply(x.get(0)))));
    }

    /// A formula of two arguments.
    public static Formula binary(String name, BinaryOperator<Term> write) {
        return of(name, Body.of(2, x -> List.of(write.apply(x.get(0), x.get(1)))));
    }

    /// This formula of one argument with a stated derivative, written in terms of argument and result.
    public Formula derivative(BinaryOperator<Term> write) {
        return new Formula(name, body, Body.of(2, x -> List.of(write.apply(x.get(0), x.get(1)))));
    }
}
