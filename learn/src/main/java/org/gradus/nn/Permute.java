package org.gradus.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// The axes in another order, such as `[batch, time, features]` to `[batch, features, time]`, as a convolution over time
/// takes it. No parameters.
///
/// @param axes for each axis of the result that of the input, all of them and the batch too: `[0, 2, 1]`
public record Permute(List<Integer> axes) implements Layer {
    /// Freezes the list.
    public Permute {
        axes = List.copyOf(axes);
    }

    /// In this order.
    public static Permute of(int... axes) {
        return new Permute(IntStream.of(axes).boxed().toList());
    }

    /// @throws org.gradus.base.GradusException when these are not the input's axes, each of them once
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return x.permute(axes.stream().mapToInt(Integer::intValue).toArray());
    }
}
