package org.gradus.graph;

import java.util.List;
import org.gradus.base.TensorType;

/// What a node computes: one of a sealed handful of families. A pass over a graph is an exhaustive `switch` over
/// them; inside a family ops are open. Ops are immutable values without identity or numbers.
public sealed interface Op permits Source, MapOp, Reduce, View, Contract, Window, Index, Scan, Library, Assign, Named {
    /// The name that errors and printed graphs use.
    String name();

    /// The types of the outputs for inputs of these types.
    ///
    /// @throws org.gradus.base.GradusException when they do not fit, naming the op and both facts
    List<TensorType> infer(List<TensorType> inputs);
}
