package org.gradus.graph;

/// A function of a tensor that may own state, which it declares through the scope while it runs. Layers are records of
/// their hyper-parameters and sub-layers: immutable, shareable, without numbers.
@FunctionalInterface
public interface Layer {
    /// The layer's output for `x`.
    Tensor forward(Scope scope, Tensor x);
}
