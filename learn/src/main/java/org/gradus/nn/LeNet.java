package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.nn.Initialisers.Fan;

/// Caffe's LeNet for digits: two convolutions of 20 and 50 kernels 5x5, each with 2x2 max pooling behind, and two linear
/// layers, 500 wide with a relu and `classes` wide: `[batch, 1, 28, 28]` to `[batch, classes]` logits. Paths are `conv1`,
/// `conv2`, `ip1` and `ip2`; weights start as Caffe's "xavier", biases as 0.
///
/// Y. LeCun et al., *Gradient-Based Learning Applied to Document Recognition*, 1998, as in Caffe's
/// `lenet_train_test.prototxt`. Lecture: *Deep supervision*.
public record LeNet(int classes) implements Layer {
    /// @throws org.gradus.base.GradusException when the input is too small for the two windows
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        MaxPool pool = MaxPool.maxPool2d(2);
        Tensor y = pool.forward(scope, scope.call("conv1", caffe(Conv.conv2d(20, 5)), x));
        Tensor z = pool.forward(scope, scope.call("conv2", caffe(Conv.conv2d(50, 5)), y));
        Tensor wide = scope.call("ip1", caffe(Linear.of(500)), new Flatten().forward(scope, z));
        return scope.call("ip2", caffe(Linear.of(classes)), Activation.RELU.forward(scope, wide));
    }

    private static Layer caffe(Layer layer) {
        return Initialised.weights(layer, Initialisers.heUniform(Fan.IN, 1));
    }
}
