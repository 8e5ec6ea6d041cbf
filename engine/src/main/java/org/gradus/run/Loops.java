package org.gradus.run;

import java.util.ArrayList;
import java.util.List;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.kernel.Lanes;
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

    /// Loops shorter than this take the scalar form: it is warm sooner, and gives the same numbers.
    private static final int SHORTEST = 64;

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
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < loop.reads().size(); i++) {
            inputs.add(new Input(loop.reads().get(i).type(), access(inside, i)));
        }
        boolean byRow = inputs.stream().anyMatch(input -> isByRow(input.access()));
        int axes = byRow ? Math.max(1, inside.rank() - 1) : 0;
        int lanes = inside.count() < SHORTEST ? 1 : Lanes.of(type);
        MapKernel kernel = new MapKernel(loop.body(), type, inputs, axes, lanes);
        double nanos = inside.count() * nanos(kernel);
        int[][] starts = new int[inputs.size()][];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = grid.before(outer).positions(i);
        }
        int[][] calls = new int[grid.before(outer).count()][];
        for (int call = 0; call < calls.length; call++) {
            int[] places = offsets.clone();
            for (int i = 0; i < places.length; i++) {
                places[i] += i < starts.length ? starts[i][call] : call * inside.count();
            }
            calls[call] = numbers(places, inside, inputs, axes);
        }
        return new Ranges(threads, kernel.kernel(), arrays, calls, inside.count(), nanos * calls.length, GRAIN);
    }

    private static int[] numbers(int[] places, Grid grid, List<Input> inputs, int axes) {
        List<Integer> numbers = new ArrayList<>();
        for (int place : places) {
            numbers.add(place);
        }
        if (axes > 0) {
            int inner = grid.rank() - 1;
            numbers.add(grid.size(inner));
            for (int axis = 1; axis < axes; axis++) {
                numbers.add(grid.size(axis));
            }
            for (int i = 0; i < inputs.size(); i++) {
                Access access = inputs.get(i).access();
                for (int axis = 0; axis < axes && isByRow(access); axis++) {
                    numbers.add(inner == 0 ? 0 : grid.stride(i, axis));
                }
                if (access == Access.STEP) {
                    numbers.add(grid.stride(i, inner));
                }
            }
        }
        return numbers.stream().mapToInt(Integer::intValue).toArray();
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
    private static double nanos(MapKernel kernel) {
        double work = kernel.body().code().stream()
                .mapToDouble(step -> weight(step.code()))
                .sum();
        double moved = kernel.inputs().size() + kernel.body().results().size();
        return (0.02 * work + 0.05 * moved) * (kernel.lanes() == 1 ? 10 : 1);
    }

    private static double weight(Code code) {
        return switch (code) {
            case CONSTANT -> 0;
            case ADD, SUB, MUL, NEG, ABS, MIN, MAX, LESS, LESS_EQUAL, EQUAL, NOT, AND, OR, XOR, SELECT -> 1;
            case SIGN, SQRT, RSQRT, DIV, FLOOR, CEIL, ROUND, TRUNC -> 4;
            case EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID, SIN, COS, ATAN -> 8;
            case ERF, ERFC, TAN, FLOOR_DIV -> 20;
            case REMAINDER, LOG2, LOG10, POW, ASIN, ACOS, ATAN2, SINH, COSH, ASINH, ACOSH, ATANH, HYPOT -> 1000;
            case LGAMMA, POLYGAMMA -> 3000;
        };
    }
}
