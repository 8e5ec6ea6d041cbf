package org.gradus.kernel;

import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.gradus.base.Type;
import org.gradus.kernel.ReduceKernel.Along;
import org.gradus.kernel.Warming.Rehearsal;

/// A map or a reduction that begins in plain code.
final class WarmingKernel extends Kernel {
    /// The length of a row in rehearsals: every loop of a reduction goes round.
    private static final int ROW = 5 * ReduceKernel.LANES + 3;

    /// That of rows that fill no vector: in code that has only seen longer ones, HotSpot leaves out what goes past the loop
    /// over vectors, and has to begin anew.
    private static final int SHORT_ROW = 3;

    private static final int ROWS = 7;

    private final Warming<Kernel> warming;
    private final ToLongFunction<int[]> work;

    /// @param work of the numbers of a run: about how many nanoseconds of plain code an element of its range takes
    WarmingKernel(Warming<Kernel> warming, ToLongFunction<int[]> work) {
        this.warming = warming;
        this.work = work;
    }

    @Override
    public void run(Object[] arrays, int[] numbers, int from, int to) {
        warming.now((to - from) * work.applyAsLong(numbers)).run(arrays, numbers, from, to);
    }

    /// Rehearses a map on two rows.
    static Rehearsal<Kernel> rehearsal(MapKernel map) {
        Object[] arrays = arrays(map, 2 * ROW);
        int[] numbers = numbers(map, ROW);
        int[] shorter = numbers(map, SHORT_ROW);
        return new Rehearsal<>(
                (kernel, call) -> kernel.run(arrays, call % 4 == 3 ? shorter : numbers, 0, 2 * ROW),
                kernel -> kernel.run(arrays, numbers, 0, 0),
                nanos(2 * ROW, map));
    }

    /// Rehearses a reduction of a few rows. One with nothing to do folds no elements.
    static Rehearsal<Kernel> rehearsal(ReduceKernel reduce) {
        boolean byColumn = reduce.along() == Along.COLUMNS;
        Object[] arrays = arrays(reduce.map(), ROWS * ROW);
        int[] all = numbers(reduce.map(), ROW, byColumn ? new int[] {ROWS, 0, ROWS} : new int[] {0, ROW});
        int[] none = byColumn ? all : numbers(reduce.map(), ROW, 0, 0);
        return new Rehearsal<>(
                (kernel, call) -> kernel.run(arrays, all, 0, byColumn ? ROW : 2),
                kernel -> kernel.run(arrays, none, 0, byColumn ? 0 : 1),
                nanos(byColumn ? ROWS * ROW : 2 * ROW, reduce.map()));
    }

    private static double nanos(int elements, MapKernel map) {
        return 500 + elements * (1 + map.work()) * 2.0;
    }

    private static Object[] arrays(MapKernel map, int length) {
        boolean[] truths = map.truths();
        return IntStream.range(0, map.inner())
                .mapToObj(i -> Warming.zeros(
                        i < map.inputs().size()
                                ? map.inputs().get(i).type()
                                : truths[
                                                map.body()
                                                        .results()
                                                        .get(i - map.inputs().size())]
                                        ? Type.BOOL
                                        : map.type(),
                        length))
                .toArray();
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
