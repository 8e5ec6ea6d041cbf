package org.gradus.nn;

import java.util.List;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// A convolutional network with batch normalisation for small images: six 3x3 convolutions, 32, 32, 64, 64, 128 and 128 wide,
/// each with batch normalisation and relu behind, 2x2 max pooling after every second one, and a linear layer: `[batch, 3, 32,
/// 32]` to `[batch, classes]` logits. Paths are `conv1`, `bn1` … `conv6`, `bn6` and `fc`.
public record BnConvNet(int classes) implements Layer {
    private static final List<Integer> WIDTHS = List.of(32, 32, 64, 64, 128, 128);

    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Tensor y = x;
        for (int i = 1; i <= WIDTHS.size(); i++) {
            Conv conv = Conv.conv2d(WIDTHS.get(i - 1), 3).padding(1).withoutBias();
            y = scope.call("bn" + i, BatchNorm.of(), scope.call("conv" + i, conv, y));
            y = Activation.RELU.forward(scope, y);
            y = i % 2 == 0 ? MaxPool.maxPool2d(2).forward(scope, y) : y;
        }
        return scope.call("fc", Linear.of(classes), new Flatten().forward(scope, y));
    }
}
