package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Views;

/// One position of an axis, which goes away, such as the last time of a sequence: `[batch, time, features]` to `[batch,
/// features]`. No parameters.
///
/// @param axis which one; the batch is axis 0
/// @param index counted from 0, or from -1 at the end
public record Select(int axis, int index) implements Layer {
    /// @throws org.gradus.base.GradusException when the axis has no such position
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        int size = x.shape().size(axis);
        if (index < -size || index >= size) {
            throw new Use("Select", scope, x)
                    .refused(
                            "needs a position " + index + " on axis " + axis,
                            "Positions count from 0, or from -1 at the end.");
        }
        return Views.select(x, axis, index);
    }
}
