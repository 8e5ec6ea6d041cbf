package org.gradus.nn;

import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Reductions;

/// A layer whose `weight` is written as length and direction, `weight_g · weight_v / ‖weight_v‖` for each of its outputs (axis
/// 0); so are those of the layers in it. Parameters are `weight_g` `[out, 1 …]` and `weight_v` of the weight's shape in its
/// place. T. Salimans, D. Kingma, *Weight Normalization*, 2016.
///
/// Directions start as the layer's weight does, and lengths as those of such weights.
public record WeightNorm(Layer layer) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return layer.forward(scope.declaring(WeightNorm::split), x);
    }

    private static Tensor split(Scope scope, String name, Role role, Initial initial, int... sizes) {
        if (!name.equals("weight") || role != Role.WEIGHT) {
            return scope.parameter(name, role, initial, sizes);
        }
        int[] lengths = IntStream.range(0, sizes.length)
                .map(axis -> axis == 0 ? sizes[0] : 1)
                .toArray();
        int[] inner = IntStream.range(1, sizes.length).toArray();
        Initial length = (type, random) ->
                lengths(initial.values(type.with(Shape.of(sizes)), random)).reshaped(type.shape());
        Tensor g = scope.parameter("weight_g", Role.NORM, length, lengths);
        Tensor v = scope.parameter("weight_v", Role.WEIGHT, initial, sizes);
        return v.times(g.div(Reductions.keep(Reductions.norm(v, 2, inner), v, inner)));
    }

    /// The length of each row of all but the first axis.
    private static Array lengths(Array weight) {
        int rows = weight.shape().size(0);
        Array lengths = Array.zeros(weight.type().with(Shape.of(rows)));
        int each = rows == 0 ? 0 : weight.count() / rows;
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = row * each; i < (row + 1) * each; i++) {
                sum += weight.get(i) * weight.get(i);
            }
            lengths.set(row, Math.sqrt(sum));
        }
        return lengths;
    }
}
