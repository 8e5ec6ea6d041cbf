package org.gradus.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Views;

/// Layers side by side on one input, their outputs joined along an axis (1 are the channels). Paths are `0`, `1` ….
/// C. Szegedy et al., *Going Deeper with Convolutions*, 2015.
public record Concat(List<Layer> branches, int axis) implements Layer {
    /// @throws org.gradus.base.GradusException when there is no branch
    public Concat {
        branches = List.copyOf(branches);
        Use.demand(!branches.isEmpty(), "A Concat layer", "at least 1 branch", "none");
    }

    /// Joined along the channels.
    public static Concat of(Layer... branches) {
        return new Concat(List.of(branches), 1);
    }

    /// @throws org.gradus.base.GradusException when outputs differ on another axis
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return Views.concat(
                axis,
                IntStream.range(0, branches.size())
                        .mapToObj(i -> scope.call(String.valueOf(i), branches.get(i), x))
                        .toList());
    }
}
