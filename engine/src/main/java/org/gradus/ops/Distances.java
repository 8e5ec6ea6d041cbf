package org.gradus.ops;

import org.gradus.graph.Tensor;

/// How far vectors are from each other, along one axis.
public final class Distances {
    private Distances() {}

    /// The cosine of the angle between vectors along an axis, which goes away.
    ///
    /// @param eps the least length that they are divided by; PyTorch's is 1e-8
    public static Tensor cosineSimilarity(Tensor a, Tensor b, int axis, double eps) {
        Tensor lengths = Elementwise.maximum(Reductions.norm(a, 2, axis), eps)
                .times(Elementwise.maximum(Reductions.norm(b, 2, axis), eps));
        return a.times(b).sum(axis).div(lengths);
    }

    /// The p-norm of `a - b + eps` along the last axis, which goes away.
    ///
    /// @param eps what is added; PyTorch's is 1e-6
    public static Tensor pairwiseDistance(Tensor a, Tensor b, double p, double eps) {
        return Reductions.norm(a.minus(b).plus(eps), p, -1);
    }
}
