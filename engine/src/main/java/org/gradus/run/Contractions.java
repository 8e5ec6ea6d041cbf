package org.gradus.run;

import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Contract;
import org.gradus.graph.Geometry;
import org.gradus.kernel.Axis;
import org.gradus.kernel.Contraction;
import org.gradus.kernel.Convolution;
import org.gradus.kernel.Epilogue;
import org.gradus.kernel.Lanes;
import org.gradus.kernel.Product;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// Matrix products and convolutions on kernels. A plan's images and weights lie as these kernels take them.
final class Contractions {
    private Contractions() {}

    static Draft draft(Plan.Entry entry, Contract op, List<TensorType> reads, TensorType y, Memory memory) {
        Place left = entry.reads().get(0);
        Place right = entry.reads().get(1);
        Place result = entry.writes().get(0);
        if (result.extent() == 0) {
            return Draft.of(Job.NOTHING);
        }
        if (left.extent() == 0 || right.extent() == 0) {
            return Draft.of(() -> Moves.fill(memory.array(result), result.offset(), result.extent(), 0));
        }
        Contraction kernel = kernel(op, reads.get(0).shape(), reads.get(1).shape(), y);
        return Draft.of(
                y.type(),
                kernel.workspace(),
                work -> memory.threads()
                        .job(kernel.bind(
                                new Object[] {memory.array(left), memory.array(right), memory.array(result), work, work
                                },
                                new int[] {left.offset(), right.offset(), result.offset(), 0, 0})));
    }

    private static Contraction kernel(Contract op, Shape a, Shape b, TensorType y) {
        Type type = y.type();
        int lanes = Lanes.of(type);
        return switch (op) {
            case Contract.MatMul product -> product(product, a, b, type);
            case Contract.Convolution(Geometry geometry, int groups) ->
                sizes(geometry, groups, a, b.size(0)).forward(type, lanes, Epilogue.NONE);
            case Contract.ConvolutionInput(Geometry geometry, int groups, Shape _) ->
                sizes(geometry, groups, y.shape(), b.size(0)).inputGradient(type, lanes);
            case Contract.ConvolutionWeight(Geometry geometry, int groups) ->
                sizes(geometry, groups, a, b.size(1)).weightGradient(type, lanes);
        };
    }

    private static Contraction product(Contract.MatMul op, Shape a, Shape b, Type type) {
        int m = a.size(op.transposeLeft() ? -1 : -2);
        int k = a.size(op.transposeLeft() ? -2 : -1);
        int n = b.size(op.transposeRight() ? -2 : -1);
        int batch = a.part(0, a.rank() - 2).count();
        Product product =
                Product.of(m, n, k, op.transposeLeft(), op.transposeRight()).batched(batch, m * k, k * n, m * n);
        return product.kernel(type, Lanes.of(type));
    }

    /// @param x the shape of the input
    private static Convolution sizes(Geometry geometry, int groups, Shape x, int out) {
        Axis[] axes = axes(geometry, x);
        return new Convolution(x.size(0), x.size(1), out, groups, axes[0], axes[1], axes[2]);
    }

    /// The three axes that windows over an input of that shape move along.
    static Axis[] axes(Geometry geometry, Shape x) {
        Axis[] axes = {Axis.NONE, Axis.NONE, Axis.NONE};
        int missing = 3 - geometry.axes();
        for (int i = 0; i < geometry.axes(); i++) {
            axes[missing + i] = new Axis(
                    x.size(2 + i),
                    geometry.kernel().get(i),
                    geometry.stride().get(i),
                    geometry.before().get(i),
                    geometry.after().get(i),
                    geometry.dilation().get(i));
        }
        return axes;
    }
}
