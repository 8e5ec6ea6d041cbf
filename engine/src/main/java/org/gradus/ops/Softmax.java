package org.gradus.ops;

import java.util.List;
import org.gradus.graph.Definition;
import org.gradus.graph.Named;
import org.gradus.graph.Reduce;
import org.gradus.graph.Tensor;
import org.jspecify.annotations.Nullable;

/// e^x divided by its sum along an axis: positive numbers that add up to 1. The maximum is taken out before, so nothing
/// overflows.
///
/// @param axis counted from the front
public record Softmax(int axis) implements Definition {
    /// The softmax of `x` along an axis, in the shape of `x`.
    public static Tensor softmax(Tensor x, int axis) {
        return x.tracer().applyOne(new Named(new Softmax(x.shape().axis(axis))), x);
    }

    @Override
    public String name() {
        return "softmax";
    }

    @Override
    public List<Tensor> define(List<Tensor> inputs) {
        Tensor e = shifted(inputs.get(0), axis).exp();
        return List.of(e.div(sum(e, axis)));
    }

    @Override
    public List<@Nullable Tensor> pullback(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
        return List.of(change(outputs.get(0), cotangents.get(0)));
    }

    @Override
    public List<@Nullable Tensor> pushforward(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> tangents) {
        return List.of(change(outputs.get(0), tangents.get(0)));
    }

    /// The derivative is symmetric, so that both modes apply it alike.
    private Tensor change(Tensor y, Tensor g) {
        return y.times(g.minus(sum(y.times(g), axis)));
    }

    /// `x` less its maximum along the axis.
    static Tensor shifted(Tensor x, int axis) {
        return x.minus(Elementwise.stopGradient(x.tracer().applyOne(new Reduce(Reduce.Kind.MAX, List.of(axis)), x)));
    }

    /// The sum along the axis, which stays with size 1.
    static Tensor sum(Tensor x, int axis) {
        return x.tracer().applyOne(new Reduce(Reduce.Kind.SUM, List.of(axis)), x);
    }
}
