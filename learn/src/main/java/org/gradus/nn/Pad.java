package org.gradus.nn;

import java.util.List;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Padding;

/// Elements put around the last axes. No parameters.
///
/// @param padding what they are made of
/// @param before how many in front, for each of the last axes in order (PyTorch's order is the other way round)
/// @param after how many behind
public record Pad(Padding padding, List<Integer> before, List<Integer> after) implements Layer {
    /// @throws org.gradus.base.GradusException when the two are not for the same axes
    public Pad {
        before = List.copyOf(before);
        after = List.copyOf(after);
        Use.demand(
                before.size() == after.size(),
                "A Pad layer",
                "as many numbers before as after",
                before + " and " + after);
    }

    /// @throws org.gradus.base.GradusException when the input has fewer axes, or too few elements to reflect
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        new Use("Pad", scope, x).rank(before.size(), Integer.MAX_VALUE, "[…, " + before.size() + " to pad]");
        return padding.around(x, before, after);
    }
}
