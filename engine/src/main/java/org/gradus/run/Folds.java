package org.gradus.run;

import java.util.ArrayList;
import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Reduce;
import org.gradus.kernel.ArgKernel;
import org.gradus.kernel.Kernel;
import org.gradus.kernel.Lanes;
import org.gradus.kernel.MapKernel;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.Pool;
import org.gradus.kernel.ReduceKernel;
import org.gradus.kernel.ReduceKernel.Along;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// Reductions on kernels. A kernel folds the rows or the columns of matrices, so axes that stay are put together, and
/// so are axes that go; then one fold after the other takes the innermost of what is to go, the results in between lying
/// in the workspace. A fold with few results is cut into parts, whose results are folded again.
final class Folds {
    private static final double NANOS_OF_ELEMENT = 0.1;
    private static final int ALIGNMENT = 16;

    private final ReduceKernel.Kind kind;
    private final Type type;
    private final Threads threads;
    private final List<Stage> stages = new ArrayList<>();
    private int workspace;

    /// A fold of `[before, length, after]` to `[before, after]`; the last one goes to the result.
    private record Stage(int before, int length, int after, int parts, int partialsAt, int resultAt) {
        int results() {
            return before * after;
        }
    }

    private Folds(ReduceKernel.Kind kind, TensorType x, List<Integer> axes, Threads threads) {
        this.kind = kind;
        this.type = x.type();
        this.threads = threads;
        List<Integer> sizes = new ArrayList<>();
        List<Boolean> goes = new ArrayList<>();
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            int size = x.shape().size(axis);
            boolean going = axes.contains(axis);
            if (!goes.isEmpty() && goes.getLast() == going) {
                sizes.set(sizes.size() - 1, sizes.getLast() * size);
            } else if (size != 1) {
                sizes.add(size);
                goes.add(going);
            }
        }
        for (int axis = goes.lastIndexOf(true); axis >= 0; axis = goes.lastIndexOf(true)) {
            stage(product(sizes.subList(0, axis)), sizes.get(axis), product(sizes.subList(axis + 1, sizes.size())));
            sizes.remove(/* index */ axis);
            goes.remove(axis);
        }
    }

    static Draft draft(Plan.Entry entry, Reduce op, TensorType x, TensorType y, Memory memory) {
        Place from = entry.reads().get(0);
        Place to = entry.writes().get(0);
        if (to.extent() == 0) {
            return Draft.of(Job.NOTHING);
        }
        ReduceKernel.Kind kind = switch (op.kind()) {
            case SUM -> ReduceKernel.Kind.SUM;
            case PROD -> ReduceKernel.Kind.PROD;
            case MAX, ARGMAX -> ReduceKernel.Kind.MAX;
            case MIN, ARGMIN -> ReduceKernel.Kind.MIN;
        };
        if (op.kind().isPosition()) {
            return Draft.of(position(kind == ReduceKernel.Kind.MAX, op.axes().get(0), from, x, to, memory));
        }
        if (from.extent() == 0) {
            int nothing = op.kind() == Reduce.Kind.PROD ? 1 : 0;
            return Draft.of(() -> Moves.fill(memory.array(to), to.offset(), to.extent(), nothing));
        }
        Folds folds = new Folds(kind, x, op.axes(), memory.threads());
        return Draft.of(y.type(), folds.workspace, work -> folds.job(from, to, memory, work));
    }

    private static Job position(boolean most, int axis, Place from, TensorType x, Place to, Memory memory) {
        Shape shape = x.shape();
        int inner = shape.part(axis + 1, shape.rank()).count();
        return new Ranges(
                memory.threads(),
                new ArgKernel(most, x.type()).kernel(),
                new Object[] {memory.array(from), memory.array(to)},
                new int[] {from.offset(), to.offset(), shape.size(axis), inner},
                to.extent(),
                from.extent(),
                1);
    }

    private static int product(List<Integer> sizes) {
        return Shape.of(sizes).count();
    }

    private void stage(int before, int length, int after) {
        int parts = ReduceKernel.parts((long) before * after, length);
        int partialsAt = workspace;
        reserve(parts > 1 ? parts * before * after : 0);
        stages.add(new Stage(before, length, after, parts, partialsAt, workspace));
        reserve(before * after);
    }

    private void reserve(int elements) {
        workspace += (elements + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private Job job(Place from, Place to, Memory memory, Object work) {
        if (stages.isEmpty()) {
            return () ->
                    System.arraycopy(memory.array(from), from.offset(), memory.array(to), to.offset(), to.extent());
        }
        List<Job> jobs = new ArrayList<>();
        Object source = memory.array(from);
        int at = from.offset();
        for (Stage stage : stages) {
            boolean last = stage.equals(stages.getLast());
            Object target = last ? memory.array(to) : work;
            int resultAt = last ? to.offset() : stage.resultAt;
            if (stage.parts > 1) {
                jobs.add(parts(stage, source, at, work));
                jobs.add(fold(1, stage.parts, stage.results(), work, stage.partialsAt, target, resultAt));
            } else {
                jobs.add(fold(stage.before, stage.length, stage.after, source, at, target, resultAt));
            }
            source = target;
            at = resultAt;
        }
        return Job.sequence(jobs);
    }

    private Job fold(int before, int length, int after, Object from, int at, Object to, int resultAt) {
        boolean rows = after == 1;
        return new Ranges(
                threads,
                kernel(rows, before * length * after),
                new Object[] {from, to},
                numbers(rows, length, after, at, resultAt, 0, length),
                before * after,
                NANOS_OF_ELEMENT * before * length * after,
                rows ? 1 : ALIGNMENT);
    }

    private Job parts(Stage stage, Object from, int at, Object work) {
        boolean rows = stage.after == 1;
        Kernel kernel = kernel(rows, stage.results() * stage.length);
        Object[] arrays = {from, work};
        int[][] numbers = new int[stage.parts][];
        for (int part = 0; part < stage.parts; part++) {
            int begin = (int) ((long) stage.length * part / stage.parts);
            int end = (int) ((long) stage.length * (part + 1) / stage.parts);
            int partial = stage.partialsAt + part * stage.results();
            numbers[part] = numbers(rows, stage.length, stage.after, at, partial, begin, end);
        }
        int results = stage.results();
        Pool.Task task = part -> kernel.run(arrays, numbers[part], 0, results);
        return () -> threads.run(numbers.length, task);
    }

    private static int[] numbers(boolean rows, int length, int after, int at, int resultAt, int begin, int end) {
        return rows
                ? new int[] {at, resultAt, length, begin, end}
                : new int[] {at, resultAt, after, length, begin, end};
    }

    private Kernel kernel(boolean rows, int count) {
        ReduceKernel reduce = ReduceKernel.of(kind, rows ? Along.ROWS : Along.COLUMNS, type);
        MapKernel map = reduce.map();
        int lanes = count < 64 ? 1 : Lanes.of(type);
        return new ReduceKernel(
                        kind,
                        reduce.along(),
                        new MapKernel(map.body(), type, List.of(new MapKernel.Input(type, Access.FLAT)), 1, lanes))
                .kernel();
    }
}
