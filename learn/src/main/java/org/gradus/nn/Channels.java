package org.gradus.nn;

import java.util.Arrays;
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

    /// `y · weight + bias`, with parameters for each channel that start as 1 and 0.
    static Tensor scaled(Use use, Tensor y) {
        int channels = y.shape().size(1);
        String fact = channels + " channels";
        Tensor weight = use.parameter(fact, "weight", Role.NORM, Initial.constant(1), channels);
        Tensor bias = use.parameter(fact, "bias", Role.NORM, Initial.constant(0), channels);
        return y.times(along(y, weight)).plus(along(y, bias));
    }

    /// All axes but the channels.
    static int[] others(Tensor x) {
        return IntStream.range(0, x.shape().rank()).filter(axis -> axis != 1).toArray();
    }
}
