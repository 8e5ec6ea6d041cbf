package org.gradus.nn;

import java.util.List;
import org.gradus.base.Shape;
import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Patches;

/// Columns added up under their windows, the transpose of [Unfold]: `[batch, channels · taps, windows]` to `[batch, channels,
/// sizes…]`. No parameters.
///
/// @param sizes the spatial sizes of the result
public record Fold(List<Integer> sizes, Geometry geometry) implements Layer {
    /// @throws org.gradus.base.GradusException when there are not as many columns as windows
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Patches.fold(x, geometry, Shape.of(sizes));
    }
}
