package org.gradus.plan;

import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Contract;

/// The floating-point operations of a contraction: two for each product that is summed.
final class Flops {
    private Flops() {}

    static long of(Contract op, List<TensorType> reads, TensorType write) {
        Shape left = reads.get(0).shape();
        Shape right = reads.get(1).shape();
        return switch (op) {
            case Contract.MatMul(boolean transposed, boolean _) ->
                2L * write.shape().count() * left.size(transposed ? -2 : -1);
            case Contract.Convolution _ -> 2L * write.shape().count() * perChannel(right);
            case Contract.ConvolutionInput _ -> 2L * left.count() * perChannel(right);
            case Contract.ConvolutionWeight _ -> 2L * right.count() * perChannel(write.shape());
        };
    }

    /// The products for one output element: input channels of a group times taps.
    private static long perChannel(Shape weight) {
        return (long) weight.count() / Math.max(1, weight.size(0));
    }
}
