package org.gradus.nn;

import java.util.List;
import java.util.Map;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.nn.Initialisers.Fan;
import org.gradus.ops.Padding;
import org.gradus.ops.Views;

/// The residual networks for small images of K. He et al., *Deep Residual Learning for Image Recognition*, 2015, section 4.2:
/// a 3x3 convolution, three stages of `(depth - 2) / 6` blocks, 16, 32 and 64 wide, where the second and third halve the image,
/// the mean over the image, and a linear layer: `[batch, 3, 32, 32]` to `[batch, classes]` logits.
///
/// Where the width changes, the shortcut takes every second pixel and pads channels with zeros (the paper's option A), so that
/// it has no parameters. Convolutions start normal by their outputs. Paths are `conv1`, `bn1`, `layer1.0.conv1` … and `fc`.
///
/// @param depth 20, 32, 44, 56, 110: six times the blocks of a stage, and 2
public record ResNet(int depth, int classes) implements Layer {
    /// @throws org.gradus.base.GradusException when the depth is not 6n + 2
    public ResNet {
        Use.demand(depth >= 8 && depth % 6 == 2, "A ResNet", "a depth of 6n + 2, such as 20", depth);
    }

    /// `y = relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))`.
    ///
    /// @param stride 2 where the image is halved
    public record Block(int out, int stride) implements Layer {
        @Override
        public Tensor forward(Scope scope, Tensor x) {
            Tensor y = convolved(scope, "1", out, stride, x);
            Tensor z = convolved(scope, "2", out, 1, Activation.RELU.forward(scope, y));
            return Activation.RELU.forward(scope, z.plus(shortcut(x)));
        }

        private Tensor shortcut(Tensor x) {
            int more = out - x.shape().size(1);
            Tensor y = x;
            for (int axis = 2; axis < 4 && stride > 1; axis++) {
                y = Views.slice(y, axis, 0, y.shape().size(axis), stride);
            }
            return more == 0 ? y : Padding.ZEROS.around(y, List.of(more / 2, 0, 0), List.of(more - more / 2, 0, 0));
        }
    }

    /// @throws org.gradus.base.GradusException when the input has other axes
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Tensor y = Activation.RELU.forward(scope, convolved(scope, "1", 16, 1, x));
        for (int stage = 1; stage <= 3; stage++) {
            for (int i = 0; i < (depth - 2) / 6; i++) {
                Block block = new Block(8 << stage, stage > 1 && i == 0 ? 2 : 1);
                y = scope.call("layer" + stage + "." + i, block, y);
            }
        }
        return scope.call("fc", Linear.of(classes), new GlobalAvgPool().forward(scope, y));
    }

    /// A 3x3 convolution and its batch norm.
    private static Tensor convolved(Scope scope, String number, int out, int stride, Tensor x) {
        Layer conv = new Initialised(
                Conv.conv2d(out, 3).stride(stride).padding(1).withoutBias(),
                Map.of(Role.WEIGHT, Initialisers.heNormal(Fan.OUT, Initialisers.RELU_GAIN)));
        return scope.call("bn" + number, BatchNorm.of(), scope.call("conv" + number, conv, x));
    }
}
