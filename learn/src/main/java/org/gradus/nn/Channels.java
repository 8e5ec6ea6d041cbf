package org.gradus.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.Initial;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;

/// One number for each channel (axis 1) of a tensor.
final class Channels {
    private Channels() {}

    /// A vector of channels in a shape that broadcasts along axis 1 of `x`.
    static Tensor along(Tensor x, Tensor channels) {
        int[] sizes = new int[x.shape().rank() - 1];
        Arrays.fill(sizes, 1);
        sizes[0] = x.shape().size(1);
        return channels.reshape(Shape.of(sizes));
    }

    /// A weight and a bias for each channel, which start as 1 and 0, in shapes that broadcast along axis 1.
    static List<Tensor> scaling(Use use) {
        int channels = use.x().shape().size(1);
        String fact = channels + " channels";
        Tensor weight = use.parameter(fact, "weight", Role.NORM, Initial.constant(1), channels);
        Tensor bias = use.parameter(fact, "bias", Role.NORM, Initial.constant(0), channels);
        return List.of(along(use.x(), weight), along(use.x(), bias));
    }

    /// `y · weight + bias`, or `y` where there are none.
    static Tensor scaled(Tensor y, List<Tensor> scaling) {
        return scaling.isEmpty() ? y : y.times(scaling.get(0)).plus(scaling.get(1));
    }

    /// All axes but the channels.
    static int[] others(Tensor x) {
        return IntStream.range(0, x.shape().rank()).filter(axis -> axis != 1).toArray();
    }
}
