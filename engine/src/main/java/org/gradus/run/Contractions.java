package org.gradus.run;

import java.util.ArrayList;
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

/// Matrix products and convolutions on kernels. A plan's values lie channels first, `[batch, channels, spatial…]` and
/// `[out, in, taps…]`; kernels for convolutions take them channels last, `[batch, spatial…, channels]` and
/// `[taps…, in, out]`. So there are copies around them, in the workspace, where the two orders differ.
final class Contractions {
    private final Type type;
    private final Threads threads;
    private final Contraction kernel;
    private final List<Operand> operands; // left, right, result

    /// A value and its other layout.
    private record Operand(Object array, int offset, Layout layout) {}

    private Contractions(Type type, Threads threads, Contraction kernel, List<Operand> operands) {
        this.type = type;
        this.threads = threads;
        this.kernel = kernel;
        this.operands = operands;
    }

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
        Shape a = reads.get(0).shape();
        Shape b = reads.get(1).shape();
        Type type = y.type();
        int lanes = Lanes.of(type);
        if (op instanceof Contract.MatMul matmul) {
            return product(matmul, a, b, type, memory, entry);
        }
        Contraction kernel = switch (op) {
            case Contract.MatMul _ -> throw new AssertionError(op);
            case Contract.Convolution(Geometry geometry, int groups) ->
                sizes(geometry, groups, a, b.size(0)).forward(type, lanes, Epilogue.NONE);
            case Contract.ConvolutionInput(Geometry geometry, int groups, Shape _) ->
                sizes(geometry, groups, y.shape(), b.size(0)).inputGradient(type, lanes);
            case Contract.ConvolutionWeight(Geometry geometry, int groups) ->
                sizes(geometry, groups, a, b.size(1)).weightGradient(type, lanes);
        };
        boolean ofWeight = op instanceof Contract.ConvolutionWeight;
        List<Operand> operands = List.of(
                new Operand(memory.array(left), left.offset(), Layout.image(a)),
                new Operand(memory.array(right), right.offset(), ofWeight ? Layout.image(b) : Layout.weight(b)),
                new Operand(
                        memory.array(result),
                        result.offset(),
                        ofWeight ? Layout.weight(y.shape()) : Layout.image(y.shape())));
        Contractions contraction = new Contractions(type, memory.threads(), kernel, operands);
        return Draft.of(type, contraction.workspace(), contraction::job);
    }

    private static Draft product(Contract.MatMul op, Shape a, Shape b, Type type, Memory memory, Plan.Entry entry) {
        int m = a.size(op.transposeLeft() ? -1 : -2);
        int k = a.size(op.transposeLeft() ? -2 : -1);
        int n = b.size(op.transposeRight() ? -2 : -1);
        int batch = a.part(0, a.rank() - 2).count();
        Product product =
                Product.of(m, n, k, op.transposeLeft(), op.transposeRight()).batched(batch, m * k, k * n, m * n);
        Contraction kernel = product.kernel(type, Lanes.of(type));
        Place left = entry.reads().get(0);
        Place right = entry.reads().get(1);
        Place result = entry.writes().get(0);
        return Draft.of(
                type,
                kernel.workspace(),
                work -> memory.threads()
                        .job(kernel.bind(
                                new Object[] {memory.array(left), memory.array(right), memory.array(result), work, work
                                },
                                new int[] {left.offset(), right.offset(), result.offset(), 0, 0})));
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

    private int copies() {
        return operands.stream().mapToInt(operand -> operand.layout.copy()).sum();
    }

    private int workspace() {
        return Math.addExact(copies(), kernel.workspace());
    }

    private Job job(Object work) {
        List<Job> jobs = new ArrayList<>();
        Object[] arrays = {work, work, work, work, work};
        int[] offsets = {0, 0, 0, 0, copies()};
        int room = 0;
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            if (!operand.layout.differs()) {
                arrays[i] = operand.array;
                offsets[i] = operand.offset;
                continue;
            }
            offsets[i] = room;
            room += operand.layout.copy();
            if (i < 2) {
                jobs.add(operand.layout.toLast(type, operand.array, operand.offset, work, offsets[i], threads));
            }
        }
        jobs.add(threads.job(kernel.bind(arrays, offsets)));
        Operand result = operands.get(2);
        if (result.layout.differs()) {
            jobs.add(result.layout.toFirst(type, work, offsets[2], result.array, result.offset, threads));
        }
        return Job.sequence(jobs);
    }
}
