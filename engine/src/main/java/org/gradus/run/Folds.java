package org.gradus.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.graph.Reduce;
import org.gradus.kernel.ArgKernel;
import org.gradus.kernel.MapKernel;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;
import org.gradus.kernel.ReduceKernel;
import org.gradus.kernel.ReduceKernel.Along;
import org.gradus.plan.Computation;
import org.gradus.plan.Computation.Reading;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;
import org.jspecify.annotations.Nullable;

/// Folds on kernels. A kernel folds the rows or the columns of matrices; so one fold after the other takes the innermost
/// of the axes that go, the first one of what the body maps, the others of the results before, which lie in the workspace.
/// A fold with few results is cut into parts, whose results are folded again.
final class Folds {
    private static final double NANOS_OF_ELEMENT = 0.1;
    private static final int ALIGNMENT = 16;
    private static final int APART = 32; // elements in which parts of two threads share no line of a cache
    private static final int MOST_CALLS = 4096;
    private static final int MOST_COLUMNS =
            1024; // in a part: a page of each row, so that reading goes on from row to row
    private static final Body SAME = Body.of(1, List::copyOf);

    private final ReduceKernel.Kind kind;
    private final Type type;
    private final Body body;
    private final Threads threads;
    private final List<Stage> stages = new ArrayList<>();
    private int workspace; // for each result of the body

    /// A fold of `[before, length, after]` to `[before, after]`; the last one goes to the result.
    private record Stage(int before, int length, int after, int parts, int partialsAt) {
        int results() {
            return before * after;
        }

        /// From one part's results to the next one's. Columns are added to again and again.
        int apart() {
            return after == 1 ? results() : Math.ceilDiv(results(), APART) * APART;
        }

        int resultAt() {
            return partialsAt + (parts > 1 ? parts * apart() : 0);
        }
    }

    /// Where an argument begins.
    private record Operand(Type type, Object array, int offset) {}

    /// What a stage reads: for each call of the kernel a matrix, or a pile of such slabs, of each argument. The last walk
    /// of the grid is that of the stage's results.
    ///
    /// @param grid over `[calls…, rows, length]` or `[calls…, slabs, length, columns]`, where rows or slabs may be missing
    private record Source(List<Operand> operands, Grid grid, int length, boolean byRows) {
        /// How many axes are within a call.
        int inside() {
            int least = byRows ? 1 : 2;
            int going = grid.rank() - least;
            boolean joins = going > 0
                    && (byRows
                            || (grid.stride(operands.size(), going - 1) == inner()
                                    && IntStream.range(0, operands.size())
                                            .allMatch(i -> grid.stride(i, going - 1)
                                                    == (long) length * grid.stride(i, going))));
            return joins ? least + 1 : least;
        }

        /// Where each call begins.
        Grid calls() {
            return grid.before(grid.rank() - inside());
        }

        /// The results of a call.
        int results() {
            return grid.count() / length / calls().count();
        }

        int inner() {
            return grid.size(grid.rank() - 1);
        }

        int step(int argument) {
            return grid.stride(argument, grid.rank() - 1);
        }

        /// From one row of the matrix to the next.
        int stride(int argument) {
            return byRows && inside() == 1 ? inner() * step(argument) : grid.stride(argument, grid.rank() - 2);
        }

        Access access(int argument) {
            int step = step(argument);
            int stride = stride(argument);
            if (step == 0) {
                return stride == 0 ? Access.SCALAR : Access.SAME;
            }
            return step > 1 || step < 0 ? Access.STEP : stride == inner() ? Access.FLAT : Access.RUN;
        }
    }

    /// @param parts how many the first stage is cut into; 0 where its shape decides
    private Folds(Computation.Fold fold, Grid grid, Threads threads, int parts) {
        this.kind = kind(fold.kind());
        this.type = fold.type();
        this.body = fold.body();
        this.threads = threads;
        List<Integer> sizes = new ArrayList<>();
        List<Boolean> goes = new ArrayList<>();
        int result = fold.reads().size();
        for (int axis = 0; axis < grid.rank(); axis++) {
            sizes.add(grid.size(axis));
            goes.add(grid.stride(result, axis) == 0);
        }
        for (int axis = goes.lastIndexOf(true); axis >= 0; axis = goes.lastIndexOf(true)) {
            int before = product(sizes.subList(0, axis));
            int after = product(sizes.subList(axis + 1, sizes.size()));
            boolean given = parts > 0 && stages.isEmpty();
            stage(before, sizes.get(axis), after, given ? parts : ReduceKernel.parts(before, sizes.get(axis), after));
            sizes.remove(/* index */ axis);
            goes.remove(axis);
        }
    }

    static Draft draft(Plan.Entry entry, Computation.Fold fold, Memory memory) {
        return draft(entry, fold, memory, 0);
    }

    /// A fold of `[length, after]` to `[after]` in so many parts, part i of the rows from `length * i / parts` on. Its first
    /// kernel goes over `[parts, after]`, part by part; the others put the parts together.
    static Draft draft(Plan.Entry entry, Computation.Fold fold, Memory memory, int parts) {
        if (fold.result().count() == 0) {
            return Draft.of(Job.NOTHING);
        }
        if (fold.shape().count() == 0) {
            int nothing = fold.kind() == Reduce.Kind.PROD ? 1 : 0;
            return Draft.of(() ->
                    entry.writes().forEach(to -> Moves.fill(memory.array(to), to.offset(), to.extent(), nothing)));
        }
        List<Integer> result = strides(fold.shape(), fold.axes());
        Grid grid = Grid.of(
                fold.shape(),
                Stream.concat(fold.reads().stream().map(Reading::strides), Stream.of(result))
                        .toList());
        Folds folds = new Folds(fold, grid, memory.threads(), parts);
        List<Operand> operands = IntStream.range(0, fold.reads().size())
                .mapToObj(i -> {
                    Place place = entry.reads().get(i);
                    Reading reading = fold.reads().get(i);
                    return new Operand(reading.type(), memory.array(place), place.offset() + reading.start());
                })
                .toList();
        Source source = folds.source(operands, grid);
        if (source == null) {
            return Draft.of(new Fallback(entry, memory));
        }
        int results = fold.body().results().size();
        return Draft.of(
                fold.type(),
                Math.multiplyExact(results, folds.workspace),
                work -> folds.job(source, entry.writes(), memory, work));
    }

    static Draft position(Plan.Entry entry, Reduce op, TensorType x, Memory memory) {
        Place from = entry.reads().get(0);
        Place to = entry.writes().get(0);
        if (to.extent() == 0) {
            return Draft.of(Job.NOTHING);
        }
        Shape shape = x.shape();
        int axis = op.axes().get(0);
        int inner = shape.part(axis + 1, shape.rank()).count();
        return Draft.of(Ranges.of(
                memory.threads(),
                new ArgKernel(kind(op.kind()) == ReduceKernel.Kind.MAX, x.type()).kernel(),
                new Object[] {memory.array(from), memory.array(to)},
                new int[] {from.offset(), to.offset(), shape.size(axis), inner},
                to.extent(),
                from.extent(),
                1));
    }

    private static ReduceKernel.Kind kind(Reduce.Kind kind) {
        return switch (kind) {
            case SUM -> ReduceKernel.Kind.SUM;
            case PROD -> ReduceKernel.Kind.PROD;
            case MAX, ARGMAX -> ReduceKernel.Kind.MAX;
            case MIN, ARGMIN -> ReduceKernel.Kind.MIN;
        };
    }

    /// How results lie, dense, over a shape of which these axes go.
    private static List<Integer> strides(Shape shape, List<Integer> gone) {
        Shape result = shape;
        for (int axis : gone) {
            result = result.with(axis, 1);
        }
        int[] strides = result.strides();
        gone.forEach(axis -> strides[axis] = 0);
        return IntStream.of(strides).boxed().toList();
    }

    private static int product(List<Integer> sizes) {
        return Shape.of(sizes).count();
    }

    private void stage(int before, int length, int after, int parts) {
        Stage stage = new Stage(before, length, after, parts, workspace);
        stages.add(stage);
        reserve(stage.resultAt() - workspace);
        reserve(before * after);
    }

    private void reserve(int elements) {
        workspace += Math.ceilDiv(elements, ALIGNMENT) * ALIGNMENT;
    }

    /// What the first stage reads, or `null` if that takes too many calls.
    private @Nullable Source source(List<Operand> operands, Grid grid) {
        int last = IntStream.range(0, grid.rank())
                .filter(axis -> grid.stride(operands.size(), axis) == 0)
                .max()
                .orElseThrow();
        // What this stage keeps, all axes but one, becomes one axis where the walks allow it.
        List<List<Integer>> walks = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            walks.add(grid.strides(i));
        }
        walks.add(strides(grid.shape(), List.of(last)));
        Grid merged = Grid.of(grid.shape(), walks);
        int end = merged.rank() - 1;
        int going = IntStream.rangeClosed(0, end)
                .filter(axis -> merged.stride(operands.size(), axis) == 0)
                .findFirst()
                .orElseThrow();
        List<Integer> axes = new ArrayList<>();
        IntStream.range(going + 1, end).forEach(axes::add);
        IntStream.range(0, going).forEach(axes::add);
        axes.add(going);
        if (going < end) {
            axes.add(end);
        }
        Source source = new Source(operands, merged.turned(axes), grid.size(last), going == end);
        return source.calls().count() <= MOST_CALLS ? source : null;
    }

    private Job job(Source source, List<Place> results, Memory memory, Object work) {
        List<Job> jobs = new ArrayList<>();
        int count = results.size();
        Stage first = stages.getFirst();
        boolean only = stages.size() == 1;
        Object[] to =
                results.stream().map(place -> only ? memory.array(place) : work).toArray();
        int[] at = IntStream.range(0, count)
                .map(k -> only ? results.get(k).offset() : k * workspace + first.resultAt())
                .toArray();
        fold(body, source, first, to, at, work, jobs);
        for (int k = 0; k < count; k++) {
            int from = k * workspace + first.resultAt();
            for (Stage stage : stages.subList(1, stages.size())) {
                boolean last = stage.equals(stages.getLast());
                Object target = last ? memory.array(results.get(k)) : work;
                int targetAt = last ? results.get(k).offset() : k * workspace + stage.resultAt();
                Source plain = plain(work, from, stage.before, stage.length, stage.after, stage.after);
                fold(SAME, plain, stage, new Object[] {target}, new int[] {targetAt}, work, jobs);
                from = targetAt;
            }
        }
        return Job.sequence(jobs);
    }

    /// A matrix whose rows lie so far apart, or a pile of such.
    private Source plain(Object array, int offset, int before, int length, int after, int row) {
        Shape shape = Shape.of(before, length, after);
        Grid grid = Grid.of(shape, List.of(List.of(length * row, row, 1), strides(shape, List.of(1))));
        return new Source(List.of(new Operand(type, array, offset)), grid, length, after == 1);
    }

    /// Adds the jobs of a stage: the fold itself, or of its parts and then of these.
    private void fold(Body mapped, Source source, Stage stage, Object[] to, int[] at, Object work, List<Job> jobs) {
        if (stage.parts == 1) {
            jobs.add(pass(mapped, source, 1, 0, to, at));
            return;
        }
        Object[] partials = to.clone();
        Arrays.fill(partials, work);
        int[] partialsAt = IntStream.range(0, to.length)
                .map(k -> k * workspace + stage.partialsAt)
                .toArray();
        jobs.add(pass(mapped, source, stage.parts, stage.apart(), partials, partialsAt));
        for (int k = 0; k < to.length; k++) {
            Source parts = plain(work, partialsAt[k], 1, stage.parts, stage.results(), stage.apart());
            jobs.add(pass(SAME, parts, 1, 0, new Object[] {to[k]}, new int[] {at[k]}));
        }
    }

    /// One kernel for all calls, each of which folds so many parts of every row or column by itself.
    ///
    /// @param apart from one part's results to the next one's
    private Job pass(Body mapped, Source source, int parts, int apart, Object[] to, int[] at) {
        List<Input> read = IntStream.range(0, source.operands.size())
                .mapToObj(i -> new Input(source.operands.get(i).type, source.access(i)))
                .toList();
        Literals literals = Literals.of(mapped, type);
        MapKernel map = new MapKernel(literals.body(), type, literals.inputs(read), 1);
        ReduceKernel kernel =
                new ReduceKernel(kind, source.byRows ? Along.ROWS : Along.COLUMNS, map).nearest(source.grid.count());
        Grid starts = source.calls();
        int count = source.results();
        int[][] calls = new int[parts * starts.count()][];
        int[] results = starts.positions(source.operands.size());
        int[][] positions = IntStream.range(0, source.operands.size())
                .mapToObj(starts::positions)
                .toArray(int[][]::new);
        for (int part = 0; part < parts; part++) {
            int begin = (int) ((long) source.length * part / parts);
            int end = (int) ((long) source.length * (part + 1) / parts);
            for (int call = 0; call < starts.count(); call++) {
                int chosen = call;
                int[] offsets = IntStream.concat(
                                IntStream.range(0, positions.length)
                                        .map(i -> source.operands.get(i).offset + positions[i][chosen]),
                                IntStream.range(0, literals.count()))
                        .toArray();
                int result = part * apart + results[call];
                calls[part * starts.count() + call] =
                        numbers(source, kernel.map().inputs(), offsets, at, result, begin, end);
            }
        }
        Stream<Object> arrays = Stream.concat(
                source.operands.stream().map(Operand::array),
                Stream.generate(literals::array).limit(literals.count()));
        return new Ranges(
                threads,
                kernel.kernel(),
                Stream.concat(arrays, Arrays.stream(to)).toArray(),
                calls,
                count,
                NANOS_OF_ELEMENT * (read.size() + mapped.code().size() / 4.0) * source.grid.count(),
                source.byRows ? 1 : parts > 1 ? count : Math.min(count, MOST_COLUMNS));
    }

    private static int[] numbers(
            Source source, List<Input> inputs, int[] offsets, int[] at, int result, int begin, int end) {
        IntStream.Builder numbers = IntStream.builder();
        IntStream.of(offsets).forEach(numbers::add);
        IntStream.of(at).forEach(offset -> numbers.add(offset + result));
        numbers.add(source.inner());
        for (int i = 0; i < inputs.size(); i++) {
            Access access = inputs.get(i).access();
            if (access == Access.RUN || access == Access.SAME || access == Access.STEP) {
                numbers.add(i < source.operands.size() ? source.stride(i) : 0); // a literal is the same everywhere
            }
            if (access == Access.STEP) {
                numbers.add(source.step(i));
            }
        }
        if (!source.byRows) {
            numbers.add(source.length);
        }
        return numbers.add(begin).add(end).build().toArray();
    }
}
