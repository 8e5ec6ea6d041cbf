package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Reductions;

/// Numbers divided by their sum along an axis, so that rows (axis 1 of a matrix) or columns (axis 0) add up to 1; the
/// shape stays. A sum of 0 gives infinities. No parameters. Lecture: *Why normalization helps*.
public record UnitSum(int axis) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return x.div(Reductions.keep(x.sum(axis), x, axis));
    }
}
