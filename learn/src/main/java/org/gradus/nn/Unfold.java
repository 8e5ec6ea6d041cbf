package org.gradus.nn;

import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Patches;

/// The elements under each window as columns: `[batch, channels, spatial…]` to `[batch, channels · taps, windows]`. No
/// parameters.
public record Unfold(Geometry geometry) implements Layer {
    /// @throws org.gradus.base.GradusException when the input has other axes, or is smaller than the window
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Patches.unfold(x, geometry);
    }
}
