package org.gradus.graph;

/// Another way to make the parameters of a layer than to declare them as it asks: with another start, held fast, or
/// computed from others. [Scope#parameter] is the plain one.
@FunctionalInterface
public interface Declaration {
    /// The parameter that a layer asks for.
    ///
    /// @param scope where to declare what it is made from
    /// @param sizes of the axes of the result
    Tensor declare(Scope scope, String name, StateKey.Role role, Initial initial, int... sizes);
}
