package org.gradus.nn;

import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// x where it is positive, else weight · x, where the parameter `weight` is learnt; the shape stays. K. He et al.,
/// *Delving Deep into Rectifiers*, 2015.
///
/// The weight has the role of a norm's, so that decay, which would make a plain rectifier of it, leaves it alone.
///
/// @param ofChannels whether `weight` has a number for each channel (axis 1), `[channels]`, or just one, `[1]`
/// @param start PyTorch's is 0.25
public record Prelu(boolean ofChannels, double start) implements Layer {
    /// With one weight that starts as 0.25.
    public static Prelu of() {
        return new Prelu(false, 0.25);
    }

    /// @throws org.gradus.base.GradusException when channels are asked for and there are none, or another number than at first
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Use use = new Use("Prelu", scope, x);
        if (ofChannels) {
            use.rank(2, Integer.MAX_VALUE, "[batch, channels, …]");
        }
        int weights = ofChannels ? x.shape().size(1) : 1;
        return Activations.prelu(
                x, use.parameter(weights + " channels", "weight", Role.NORM, Initial.constant(start), weights));
    }
}
