package org.gradus.ops;

import java.util.List;
import org.gradus.graph.Definition;
import org.gradus.graph.Named;
import org.gradus.graph.Tensor;
import org.jspecify.annotations.Nullable;

/// The logarithm of [Softmax], without overflow and without the logarithm of 0.
///
/// @param axis counted from the front
public record LogSoftmax(int axis) implements Definition {
    /// The logarithm of the softmax of `x` along an axis, in the shape of `x`.
    public static Tensor logSoftmax(Tensor x, int axis) {
        return x.tracer().applyOne(new Named(new LogSoftmax(x.shape().axis(axis))), x);
    }

    @Override
    public String name() {
        return "log-softmax";
    }

    @Override
    public List<Tensor> define(List<Tensor> inputs) {
        Tensor shifted = Softmax.shifted(inputs.get(0), axis);
        return List.of(shifted.minus(Softmax.sum(shifted.exp(), axis).log()));
    }

    @Override
    public List<@Nullable Tensor> pullback(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
        Tensor g = cotangents.get(0);
        return List.of(g.minus(outputs.get(0).exp().times(Softmax.sum(g, axis))));
    }

    @Override
    public List<@Nullable Tensor> pushforward(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> tangents) {
        Tensor t = tangents.get(0);
        return List.of(t.minus(Softmax.sum(outputs.get(0).exp().times(t), axis)));
    }
}
