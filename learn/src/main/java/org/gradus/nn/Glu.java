package org.gradus.nn;

import java.util.List;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Views;

/// A gated linear unit: the first half of an axis times the sigmoid of the second. No parameters. Y. Dauphin et al.,
/// *Language Modeling with Gated Convolutional Networks*, 2017.
///
/// @param axis which is halved; PyTorch's default is the last, -1
public record Glu(int axis) implements Layer {
    /// @throws org.gradus.base.GradusException when the axis has an odd size
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        int size = x.shape().size(axis);
        if (size % 2 != 0) {
            throw new Use("Glu", scope, x).refused("needs an even size on axis " + axis, "It is cut into halves.");
        }
        List<Tensor> halves = Views.split(x, axis, size / 2, size / 2);
        return halves.get(0).times(halves.get(1).sigmoid());
    }
}
