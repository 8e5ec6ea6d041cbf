package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Pooling;

/// The mean over all spatial axes, which go away: `[batch, channels, spatial…]` to `[batch, channels]`. No parameters.
/// M. Lin et al., *Network In Network*, 2014.
public record GlobalAvgPool() implements Layer {
    /// @throws org.gradus.base.GradusException when there are no channels
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        new Use("GlobalAvgPool", scope, x).rank(2, Integer.MAX_VALUE, "[batch, channels, spatial…]");
        return Pooling.globalAvgPool(x);
    }
}
