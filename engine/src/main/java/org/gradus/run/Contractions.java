package org.gradus.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Term;
import org.gradus.graph.Contract;
import org.gradus.graph.Geometry;
import org.gradus.kernel.Axis;
import org.gradus.kernel.Contraction;
import org.gradus.kernel.Convolution;
import org.gradus.kernel.Epilogue;
import org.gradus.kernel.Lanes;
import org.gradus.kernel.Product;
import org.gradus.kernel.Work;
import org.gradus.plan.Computation;
import org.gradus.plan.Computation.Reading;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// Matrix products and convolutions on kernels. A plan's images and weights lie as these kernels take them.
final class Contractions {
    /// The most elements of a weight that is kept packed from run to run, or transformed, which has five times as many.
    private static final int MOST_KEPT = 1 << 21;

    private Contractions() {}

    static Draft draft(Plan.Entry entry, Computation.Contraction work, Memory memory) {
        Place left = entry.reads().get(0);
        Place right = entry.reads().get(1);
        Place result = entry.writes().get(0);
        if (result.extent() == 0) {
            return Draft.of(Job.NOTHING);
        }
        Type type = work.write().type();
        Epilogue wanted = new Epilogue(work.bias(), work.relu());
        if (left.extent() == 0 || right.extent() == 0) {
            Job zeros = () -> Moves.fill(memory.array(result), result.offset(), result.extent(), 0);
            return Draft.of(Job.sequence(List.of(zeros, finish(entry, work, wanted, memory))));
        }
        boolean standing = memory.isStanding(right) && right.extent() <= MOST_KEPT;
        boolean asTheyAre = !standing
                && work.op() instanceof Contract.MatMul product
                && product(product, work).isTurned();
        Contraction kernel = kernel(work, asTheyAre ? Epilogue.NONE : wanted, memory.isPrecise(), standing);
        int kept = standing ? kernel.kept() : 0;
        int bias = work.bias() ? 2 : 0; // any value where there is none
        return Draft.of(type, kernel.workspace() - kept, room -> {
            Object[] arrays = {
                memory.array(left),
                memory.array(right),
                memory.array(result),
                memory.array(entry.reads().get(bias)),
                room,
                Memory.zeros(type, kept)
            };
            int[] offsets = {
                left.offset(),
                right.offset(),
                result.offset(),
                entry.reads().get(bias).offset(),
                0,
                0
            };
            Work bound = kept > 0 ? kernel.bind(arrays, offsets) : kernel.bind(Arrays.copyOf(arrays, 5), offsets);
            Job job = kept > 0
                    ? job(bound, kernel.standing(), memory)
                    : memory.threads().job(bound);
            return asTheyAre ? Job.sequence(List.of(job, finish(entry, work, wanted, memory))) : job;
        });
    }

    /// Work whose first phases run only when states have changed.
    private static Job job(Work work, int standing, Memory memory) {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < work.phases(); i++) {
            Job phase = memory.threads().phase(work, i);
            jobs.add(
                    i >= standing
                            ? phase
                            : () -> {
                                if (memory.isChanged()) {
                                    phase.run();
                                }
                            });
        }
        return Job.sequence(jobs);
    }

    /// What a kernel's sums still need where it stores them as they are: one loop over them.
    private static Job finish(Plan.Entry entry, Computation.Contraction work, Epilogue wanted, Memory memory) {
        if (wanted.equals(Epilogue.NONE)) {
            return Job.NOTHING;
        }
        TensorType y = work.write();
        boolean isMatrix = work.op() instanceof Contract.MatMul;
        int columns = y.shape().size(isMatrix ? -1 : 1);
        Shape shape = Shape.of(y.shape().count() / columns, columns);
        Body body = Body.of(2, x -> {
            Term sum = x.get(0).plus(x.get(1));
            return List.of(wanted.relu() ? sum.max(0) : sum);
        });
        Reading sums = new Reading(y.type(), 0, List.of(columns, 1));
        Reading bias = new Reading(y.type(), 0, List.of(0, 1));
        Place to = entry.writes().get(0);
        Place from = entry.reads().get(2);
        return Loops.job(
                new Computation.Loop(body, y.type(), shape, List.of(sums, bias), List.of(y.type())),
                new Object[] {memory.array(to), memory.array(from), memory.array(to)},
                new int[] {to.offset(), from.offset(), to.offset()},
                memory.threads());
    }

    /// @param standing whether the second operand changes only when states do
    private static Contraction kernel(Computation.Contraction work, Epilogue last, boolean precise, boolean standing) {
        Type type = work.write().type();
        int lanes = Lanes.of(type);
        return switch (work.op()) {
            case Contract.MatMul product -> product(product, work).then(last).kernel(type, lanes, standing);
            case Contract.Convolution _ -> convolution(work).precise(precise).forward(type, lanes, last);
            case Contract.ConvolutionInput _ ->
                convolution(work).precise(precise).inputGradient(type, lanes);
            case Contract.ConvolutionWeight _ ->
                convolution(work).precise(precise).weightGradient(type, lanes);
        };
    }

    /// How a convolution is computed where that is not tap by tap; else empty.
    static String method(Computation.Contraction work, boolean precise) {
        return work.op() instanceof Contract.MatMul
                ? ""
                : convolution(work).precise(precise).method(work.write().type());
    }

    private static Convolution convolution(Computation.Contraction work) {
        Shape a = work.reads().get(0).shape();
        Shape b = work.reads().get(1).shape();
        return switch (work.op()) {
            case Contract.Convolution(Geometry geometry, int groups) -> sizes(geometry, groups, a, b.size(0));
            case Contract.ConvolutionInput(Geometry geometry, int groups, Shape _) ->
                sizes(geometry, groups, work.write().shape(), b.size(0));
            case Contract.ConvolutionWeight(Geometry geometry, int groups) -> sizes(geometry, groups, a, b.size(1));
            case Contract.MatMul product -> throw new IllegalArgumentException(product + " is no convolution");
        };
    }

    private static Product product(Contract.MatMul op, Computation.Contraction work) {
        Shape a = work.reads().get(0).shape();
        Shape b = work.reads().get(1).shape();
        int m = a.size(op.transposeLeft() ? -1 : -2);
        int k = a.size(op.transposeLeft() ? -2 : -1);
        int n = b.size(op.transposeRight() ? -2 : -1);
        int batch = a.part(0, a.rank() - 2).count();
        return Product.of(m, n, k, op.transposeLeft(), op.transposeRight()).batched(batch, m * k, k * n, m * n);
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
