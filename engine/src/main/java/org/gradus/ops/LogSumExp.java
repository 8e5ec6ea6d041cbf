package org.gradus.ops;

import java.util.List;
import org.gradus.graph.Definition;
import org.gradus.graph.Reduce;
import org.gradus.graph.Tensor;
import org.jspecify.annotations.Nullable;

/// log(sum(e^x)) over axes, which stay with size 1. The maximum is taken out, so nothing overflows.
///
/// @param axes ascending, at least one
public record LogSumExp(List<Integer> axes) implements Definition {
    /// Freezes the list.
    public LogSumExp {
        axes = List.copyOf(axes);
    }

    @Override
    public String name() {
        return "log-sum-exp";
    }

    @Override
    public List<Tensor> define(List<Tensor> inputs) {
        Tensor x = inputs.get(0);
        Tensor most = Elementwise.stopGradient(x.tracer().applyOne(new Reduce(Reduce.Kind.MAX, axes), x));
        Tensor shift = Logic.where(Logic.isFinite(most), most, 0);
        return List.of(sum(x.minus(shift).exp()).log().plus(shift));
    }

    @Override
    public List<@Nullable Tensor> pullback(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
        Tensor g = cotangents.get(0);
        return List.of(share(inputs, outputs).times(g));
    }

    @Override
    public List<@Nullable Tensor> pushforward(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> tangents) {
        Tensor t = tangents.get(0);
        return List.of(sum(share(inputs, outputs).times(t)));
    }

    /// What each element adds to the sum: its softmax.
    private static Tensor share(List<Tensor> inputs, List<Tensor> outputs) {
        return inputs.get(0).minus(outputs.get(0)).exp();
    }

    private Tensor sum(Tensor x) {
        return x.tracer().applyOne(new Reduce(Reduce.Kind.SUM, axes), x);
    }
}
