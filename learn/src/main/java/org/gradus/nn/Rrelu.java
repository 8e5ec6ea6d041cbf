package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;
import org.gradus.ops.Logic;
import org.gradus.ops.Randoms;

/// x where it is positive, else slope · x with a slope drawn for each element while training, and the middle of the range
/// otherwise; the shape stays. PyTorch's range is 1/8 to 1/3. B. Xu et al., *Empirical Evaluation of Rectified
/// Activations*, 2015.
public record Rrelu(double lower, double upper) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return scope.mode() == Scope.Mode.TRAIN
                ? Logic.where(Logic.greater(x, 0), x, x.times(Randoms.uniform(scope.random(), x.type(), lower, upper)))
                : Activations.rrelu(x, lower, upper);
    }
}
