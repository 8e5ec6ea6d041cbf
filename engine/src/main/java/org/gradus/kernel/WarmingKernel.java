package org.gradus.kernel;

import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Type;
import org.gradus.kernel.ReduceKernel.Along;
import org.gradus.kernel.Warming.Rehearsal;

/// A map or a reduction that begins in plain code.
final class WarmingKernel extends Kernel {
    /// How long the rows of rehearsals are, and how many elements those of a map have. In code that has only seen long rows,
    /// HotSpot leaves out what goes past the loop over vectors, and has to begin anew.
    private static final int ROW = 5 * ReduceKernel.LANES + 3;

    private static final int SHORT_ROW = 3;
    private static final int LONG_ROW = 259;
    private static final int MAPPED = 2 * ROW;

    /// The same for maps that write truth values. The method that stores a mask is not among those that the Vector API wants
    /// inlined anywhere: HotSpot does so where it was called at least once in four runs, idle ones counted. If not, the mask
    /// becomes an object, each time.
    private static final int MAPPED_TO_TRUTHS = 16 * ROW;

    /// How many rows of how many elements a reduction is rehearsed on: all ways through its code are gone, those past the loop
    /// over vectors, over several rows and over several blocks of them. Mostly long ones: with more short ones layer norm took
    /// 3 to 6 % longer.
    private static final int[][] SHAPES = {
        {2, ROW}, {7, ROW}, {9, LONG_ROW}, {2, 64}, {35, ROW}, {9, LONG_ROW}, {9, SHORT_ROW}, {9, LONG_ROW}
    };

    private static final int MOST = 35 * ROW; // elements

    private final Warming<Kernel> warming;
    private final ToLongFunction<int[]> work;

    private WarmingKernel(Warming<Kernel> warming, ToLongFunction<int[]> work) {
        this.warming = warming;
        this.work = work;
    }

    /// A step runs many such kernels once, on a few numbers: so the plain one does not wait until it has been called often.
    ///
    /// @param plain makes the plain kernel
    /// @param code makes the one in vector code
    /// @param rehearsal how both are rehearsed
    /// @param work of the numbers of a run: about how many operations an element of its range takes, of a third of a
    ///     nanosecond each in plain code
    static WarmingKernel of(
            Supplier<Kernel> plain,
            Supplier<Kernel> code,
            Supplier<Rehearsal<Kernel>> rehearsal,
            ToLongFunction<int[]> work) {
        return new WarmingKernel(Warming.of(() -> rehearsal.get().called(plain.get()), code, rehearsal), work);
    }

    @Override
    public void run(Object[] arrays, int[] numbers, int from, int to) {
        warming.now((to - from) * work.applyAsLong(numbers) / 3).run(arrays, numbers, from, to);
    }

    /// Rehearses a map on long rows, and every fourth time on short ones.
    static Rehearsal<Kernel> rehearsal(MapKernel map) {
        boolean toTruths = types(map).skip(map.inputs().size()).anyMatch(Type.BOOL::equals);
        int elements = toTruths ? MAPPED_TO_TRUTHS : MAPPED;
        Object[] arrays = arrays(map, elements);
        int[] numbers = numbers(map, ROW);
        int[] shorter = numbers(map, SHORT_ROW);
        return new Rehearsal<>(
                (kernel, call) -> kernel.run(arrays, call % 4 == 3 ? shorter : numbers, 0, elements),
                kernel -> kernel.run(arrays, numbers, 0, 0),
                nanos(map, elements));
    }

    /// Rehearses a reduction, that of columns in one slab and in two. One with nothing to do folds no elements.
    static Rehearsal<Kernel> rehearsal(ReduceKernel reduce) {
        boolean byColumn = reduce.along() == Along.COLUMNS;
        Object[] arrays = arrays(reduce.map(), MOST);
        int[][] numbers = IntStream.range(0, SHAPES.length)
                .mapToObj(i -> {
                    int rows = SHAPES[i][0] / slabs(i);
                    int[] folded = byColumn ? new int[] {rows, 0, rows} : new int[] {0, SHAPES[i][1]};
                    return numbers(reduce.map(), SHAPES[i][1], folded);
                })
                .toArray(int[][]::new);
        int[] none = byColumn
                ? numbers(reduce.map(), ROW, SHAPES[1][0], 0, SHAPES[1][0])
                : numbers(reduce.map(), SHORT_ROW, 0, SHORT_ROW);
        return new Rehearsal<>(
                (kernel, call) -> {
                    int i = call % SHAPES.length;
                    int results = byColumn ? slabs(i) * SHAPES[i][1] : SHAPES[i][0];
                    kernel.run(arrays, numbers[i], 0, results);
                    return nanos(reduce.map(), SHAPES[i][0] * SHAPES[i][1]);
                },
                kernel -> kernel.run(arrays, none, 0, byColumn ? 0 : 1));
    }

    private static int slabs(int shape) {
        return 1 + shape % 2;
    }

    private static double nanos(MapKernel map, int elements) {
        return 3_000 + elements * (1 + map.work()) * 2.0;
    }

    private static Object[] arrays(MapKernel map, int length) {
        return types(map).map(type -> Warming.zeros(type, length)).toArray();
    }

    /// The types of the arrays that a map reads, then of those that it writes.
    private static Stream<Type> types(MapKernel map) {
        boolean[] truths = map.truths();
        return Stream.concat(
                map.inputs().stream().map(MapKernel.Input::type),
                map.body().results().stream().map(result -> truths[result] ? Type.BOOL : map.type()));
    }

    /// The numbers of a run over rows of one length, all along the first axis.
    private static int[] numbers(MapKernel map, int row, int... extra) {
        int size = map.strides(map.inputs().size());
        int[] numbers = new int[size + extra.length];
        for (int i = 0; i < map.axes(); i++) {
            numbers[map.inner() + i] = i == 0 ? row : 1;
        }
        for (int i = 0; i < map.inputs().size(); i++) {
            if (map.strideCount(i) > 0) {
                numbers[map.strides(i)] = map.inputs().get(i).access() == MapKernel.Access.SAME ? 1 : row;
            }
        }
        System.arraycopy(extra, 0, numbers, size, extra.length);
        return numbers;
    }
}
