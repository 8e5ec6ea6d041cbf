package org.gradus.nn;

import java.util.List;
import org.gradus.base.Shape;
import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Pooling;

/// Local response normalisation across channels: `x / (k + alpha · mean of x² over the channels around)^beta`, where
/// channels that are not there count as 0; the shape, `[batch, channels, …]`, stays. No parameters. A. Krizhevsky et al.,
/// *ImageNet Classification with Deep Convolutional Neural Networks*, 2012 (where alpha is not divided by the size).
///
/// @param size how many channels, half of them in front
public record LocalResponseNorm(int size, double alpha, double beta, double k) implements Layer {
    /// @throws org.gradus.base.GradusException when there would be no channel
    public LocalResponseNorm {
        Use.demand(size >= 1, "A LocalResponseNorm layer", "at least 1 channel", size);
    }

    /// With PyTorch's defaults: alpha 1e-4, beta 0.75, k 1.
    public static LocalResponseNorm of(int size) {
        return new LocalResponseNorm(size, 1e-4, 0.75, 1);
    }

    /// @throws org.gradus.base.GradusException when the input has no channels
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        new Use("LocalResponseNorm", scope, x).rank(2, Integer.MAX_VALUE, "[batch, channels, …]");
        Shape shape = x.shape();
        Geometry around = Geometry.of(List.of(size, 1)).padded(List.of(size / 2, 0), List.of((size - 1) / 2, 0));
        Shape columns = Shape.of(
                shape.size(0), 1, shape.size(1), shape.part(2, shape.rank()).count());
        Tensor mean = Pooling.avgPool(x.squared().reshape(columns), around, true, false);
        return x.times(Elementwise.pow(mean.times(alpha).plus(k), -beta).reshape(shape));
    }
}
