package org.gradus.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.kernel.MapKernel;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;
import org.gradus.kernel.Transposition;
import org.gradus.plan.Computation;
import org.gradus.plan.Computation.Reading;
import org.gradus.plan.Plan;

/// Elementwise loops on kernels. Each read is put into one of the kernels' ways of reading; a kernel takes rows along up
/// to four outer axes, and further ones become calls one after the other.
final class Loops {
    private static final Body COPY = Body.of(1, List::copyOf);
    private static final int MOST_AXES = 5;
    private static final int MOST_CALLS = 4096;

    private static final int GRAIN = 16;

    private Loops() {}

    static Draft draft(Plan.Entry entry, Computation.Loop loop, Memory memory) {
        Object[] arrays = new Object[entry.reads().size() + entry.writes().size()];
        int[] offsets = new int[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            int reads = entry.reads().size();
            var place = i < reads ? entry.reads().get(i) : entry.writes().get(i - reads);
            arrays[i] = memory.array(place);
            offsets[i] = place.offset() + (i < reads ? loop.reads().get(i).start() : 0);
        }
        Grid grid = Grid.of(
                loop.shape(), loop.reads().stream().map(Reading::strides).toList());
        int outer = Math.max(0, grid.rank() - MOST_AXES);
        if (loop.shape().count() > 0 && grid.before(outer).count() > MOST_CALLS) {
            return Draft.of(new Fallback(entry, memory));
        }
        Job job = job(loop, arrays, offsets, memory.threads());
        if (!loop.type().isInteger()) {
            return Draft.of(job);
        }
        Fallback explaining = new Fallback(entry, memory);
        return Draft.of(() -> {
            try {
                job.run();
            } catch (ArithmeticException e) {
                explaining.run(); // throws, and says where the zero is
                throw e;
            }
        });
    }

    /// A loop over these arrays from these offsets, as many as its reads and writes.
    static Job job(Computation.Loop loop, Object[] arrays, int[] offsets, Threads threads) {
        if (loop.shape().count() == 0) {
            return Job.NOTHING;
        }
        Grid grid = Grid.of(
                loop.shape(), loop.reads().stream().map(Reading::strides).toList());
        if (isCopy(loop)) {
            if (grid.isDense(0)) {
                int count = grid.count();
                return () -> System.arraycopy(arrays[0], offsets[0], arrays[1], offsets[1], count);
            }
            if (loop.reads().get(0).type() != Type.BOOL && isTransposition(grid)) {
                return threads.job(transposition(grid, loop.type()).bind(arrays[0], offsets[0], arrays[1], offsets[1]));
            }
        }
        Type type = loop.type() == Type.BOOL ? Type.INT32 : loop.type();
        int outer = Math.max(0, grid.rank() - MOST_AXES);
        Grid inside = grid.from(outer);
        List<Input> read = new ArrayList<>();
        for (int i = 0; i < loop.reads().size(); i++) {
            read.add(new Input(loop.reads().get(i).type(), access(inside, i)));
        }
        boolean byRow = read.stream().anyMatch(input -> isByRow(input.access()));
        Literals literals = Literals.of(loop.body(), type);
        int axes = byRow ? Math.max(1, inside.rank() - 1) : 0;
        MapKernel kernel = new MapKernel(literals.body(), type, literals.inputs(read), axes).nearest(inside.count());
        double nanos = inside.count() * nanos(kernel, read.size());
        int[][] starts = new int[read.size()][];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = grid.before(outer).positions(i);
        }
        int[][] calls = new int[grid.before(outer).count()][];
        for (int call = 0; call < calls.length; call++) {
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < starts.length; i++) {
                numbers.add(offsets[i] + starts[i][call]);
            }
            for (int i = 0; i < literals.count(); i++) {
                numbers.add(i);
            }
            for (int i = starts.length; i < offsets.length; i++) {
                numbers.add(offsets[i] + call * inside.count());
            }
            rows(numbers, inside, kernel);
            calls[call] = numbers.stream().mapToInt(Integer::intValue).toArray();
        }
        List<Object> all = new ArrayList<>(Arrays.asList(arrays));
        all.addAll(read.size(), Collections.nCopies(literals.count(), literals.array()));
        return new Ranges(threads, kernel.kernel(), all.toArray(), calls, inside.count(), nanos * calls.length, GRAIN);
    }

    /// What a kernel by row must know of the rows. It may count more outer axes than there are.
    private static void rows(List<Integer> numbers, Grid grid, MapKernel kernel) {
        if (kernel.axes() == 0) {
            return;
        }
        int inner = grid.rank() - 1;
        int missing = kernel.axes() - Math.max(0, inner);
        numbers.add(inner < 0 ? 1 : grid.size(inner));
        for (int axis = 1; axis < kernel.axes(); axis++) {
            numbers.add(axis < missing ? 1 : grid.size(axis - missing));
        }
        for (int i = 0; i < kernel.inputs().size(); i++) {
            Access access = kernel.inputs().get(i).access();
            for (int axis = 0; axis < kernel.axes() && isByRow(access); axis++) {
                numbers.add(axis < missing ? 0 : grid.stride(i, axis - missing));
            }
            if (access == Access.STEP) {
                numbers.add(grid.stride(i, inner));
            }
        }
    }

    private static Access access(Grid grid, int walk) {
        if (grid.isDense(walk)) {
            return Access.FLAT;
        }
        if (grid.isStill(walk)) {
            return Access.SCALAR;
        }
        return switch (grid.stride(walk, grid.rank() - 1)) {
            case 0 -> Access.SAME;
            case 1 -> Access.RUN;
            default -> Access.STEP;
        };
    }

    private static boolean isByRow(Access access) {
        return access == Access.RUN || access == Access.SAME || access == Access.STEP;
    }

    private static boolean isCopy(Computation.Loop loop) {
        return loop.body().equals(COPY)
                && loop.writes().get(0) == loop.reads().get(0).type();
    }

    private static boolean isTransposition(Grid grid) {
        int rank = grid.rank();
        return (rank == 2 || rank == 3) && grid.stride(0, rank - 2) == 1 && grid.stride(0, rank - 1) > 1;
    }

    private static Transposition transposition(Grid grid, Type type) {
        int rank = grid.rank();
        return new Transposition(
                type,
                rank == 3 ? grid.size(0) : 1,
                grid.size(rank - 1),
                grid.size(rank - 2),
                rank == 3 ? grid.stride(0, 0) : 0,
                grid.stride(0, rank - 1));
    }

    /// About what one element takes.
    private static double nanos(MapKernel kernel, int reads) {
        double moved = reads + kernel.body().results().size();
        return (0.02 * kernel.work() + 0.05 * moved) * (kernel.lanes() == 1 ? 10 : 1);
    }
}
