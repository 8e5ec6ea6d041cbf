package org.gradus.nn;

import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// All axes but the first made one: `[batch, …]` to `[batch, features]`, row by row. No parameters.
public record Flatten() implements Layer {
    /// @throws GradusException when the input is a scalar
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Shape shape = x.shape();
        if (shape.rank() == 0) {
            throw new GradusException(
                    "layer-input",
                    "Flatten keeps the first axis, but the input has none: " + x.described()
                            + ". Give it a batch, [batch, …].");
        }
        return x.reshape(Shape.of(shape.size(0), shape.part(1, shape.rank()).count()));
    }
}
