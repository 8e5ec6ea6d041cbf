package org.gradus.nn;

import org.gradus.base.Shape;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// Channels laid out as pixels: `[batch, channels · factor², height, width]` to `[batch, channels, height · factor, width ·
/// factor]`. No parameters. W. Shi et al., *Real-Time Single Image and Video Super-Resolution*, 2016.
public record PixelShuffle(int factor) implements Layer {
    /// @throws org.gradus.base.GradusException when the factor is below 1
    public PixelShuffle {
        Use.demand(factor >= 1, "A PixelShuffle layer", "a factor of at least 1", factor);
    }

    /// @throws org.gradus.base.GradusException when the input has other axes, or channels that the pixels do not share evenly
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Use use = new Use("PixelShuffle", scope, x);
        use.rank(4, 4, Axes.described(2));
        Shape s = x.shape();
        int squared = factor * factor;
        if (s.size(1) % squared != 0) {
            throw use.refused("needs channels for " + squared + " pixels each", "Channels are axis 1.");
        }
        int channels = s.size(1) / squared;
        return x.reshape(s.size(0), channels, factor, factor, s.size(2), s.size(3))
                .permute(0, 1, 4, 2, 5, 3)
                .reshape(s.size(0), channels, s.size(2) * factor, s.size(3) * factor);
    }
}
