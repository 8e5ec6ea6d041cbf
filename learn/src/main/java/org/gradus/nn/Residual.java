package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// A skip connection, `y = body(x) + shortcut(x)`; both give tensors of one shape. Paths are `body` and `shortcut`.
///
/// K. He et al., *Deep Residual Learning for Image Recognition*, 2015. Lecture: *Making optimization easier*.
public record Residual(Layer body, Layer shortcut) implements Layer {
    /// With the input itself as the shortcut.
    public static Residual of(Layer body) {
        return new Residual(body, Sequential.of());
    }

    /// @throws org.gradus.base.GradusException when the two give different shapes
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Tensor y = scope.call("body", body, x);
        Tensor skipped = scope.call("shortcut", shortcut, x);
        if (!y.shape().equals(skipped.shape())) {
            throw new Use("Residual", scope, x)
                    .refused(
                            "becomes " + y.shape() + " in the body and " + skipped.shape()
                                    + " in the shortcut, which must have one shape",
                            "Give the shortcut a 1x1 convolution with the body's stride and channels.");
        }
        return y.plus(skipped);
    }
}
