package org.gradus.run;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Index;
import org.gradus.kernel.Pool;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// Reading and adding at places that are numbers themselves, row by row of the places. Each place is checked before it
/// is used, because working memory hides what an array of its own would throw.
///
/// It comes in parts that may run at once: ranges of blocks of rows, or ranges of columns of all rows. Blocks, each row
/// by itself where one reads, and what the axes before that of the places cut apart where one adds, never meet, and
/// columns do so only along the last axis. So each sum keeps its order, and its bits, whatever the parts. As each range
/// of columns goes through all rows, there are no more of them than threads.
final class Lookups implements Job, Pool.Task {
    private static final int ELEMENTS_WORTH_SPLITTING = 1 << 14;
    private static final int ELEMENTS_OF_PART = 1 << 12;
    private static final int MOST_PARTS = 16;
    private static final int LEAST_COLUMNS = 32;

    private final Threads threads;
    private final boolean gathers;
    private final Object values; // what is read
    private final int valuesAt;
    private final Object places;
    private final int placesAt;
    private final Object results;
    private final Place to;
    private final int[] rows; // where each row of places is in what they mean, but for the places
    private final int length; // of a row
    private final int along; // of what neighbours in a row are apart, but for the places
    private final int stride;
    private final int size;
    private final int blocks;
    private final int rowsOfBlock;
    private final boolean byBlocks;
    private final boolean clears; // whether each part makes the zeros that it adds to
    private final int[][] found; // of each part: positions in its piece of a row
    private final boolean[] outside; // of each part: whether it met a place that is not on the axis
    private final Job zeros;
    private final Job explanation;

    private Lookups(Plan.Entry entry, boolean gathers, int axis, Shape shape, TensorType index, Memory memory) {
        this.gathers = gathers;
        threads = memory.threads();
        values = memory.array(entry.reads().get(0));
        valuesAt = entry.reads().get(0).offset();
        places = memory.array(entry.reads().get(1));
        placesAt = entry.reads().get(1).offset();
        to = entry.writes().get(0);
        results = memory.array(to);
        int[] strides = shape.strides();
        stride = strides[axis];
        size = shape.size(axis);
        strides[axis] = 0;
        int last = strides.length - 1;
        along = strides[last];
        length = index.shape().size(last);
        rows = rows(index.shape().part(0, last), Arrays.copyOf(strides, last));
        Shape before = index.shape().part(0, axis);
        blocks = gathers ? rows.length : before.count();
        rowsOfBlock = rows.length / Math.max(1, blocks);
        byBlocks = blocks >= length || (!gathers && axis == last);
        clears = byBlocks && !gathers && before.equals(shape.part(0, axis));
        long elements = (long) rows.length * length;
        int wanted = elements < ELEMENTS_WORTH_SPLITTING ? 1 : (int) Math.min(MOST_PARTS, elements / ELEMENTS_OF_PART);
        int parts =
                Math.max(1, Math.min(wanted, byBlocks ? blocks : Math.min(threads.count(), length / LEAST_COLUMNS)));
        found = new int[parts][];
        Arrays.setAll(found, part -> new int[byBlocks ? length : cut(length, part + 1) - cut(length, part)]);
        outside = new boolean[parts];
        zeros = gathers || clears ? Job.NOTHING : zeros(results, to, threads);
        explanation = new Fallback(entry, memory);
    }

    private static int[] rows(Shape shape, int... strides) {
        return shape.count() == 0
                ? new int[0]
                : Grid.of(shape, List.of(Arrays.stream(strides).boxed().toList()))
                        .positions(0);
    }

    private static Job zeros(Object array, Place place, Threads threads) {
        int parts = Math.clamp(place.extent() / ELEMENTS_WORTH_SPLITTING, 1, MOST_PARTS);
        Pool.Task task = part -> {
            int from = (int) ((long) place.extent() * part / parts);
            int end = (int) ((long) place.extent() * (part + 1) / parts);
            Moves.fill(array, place.offset() + from, end - from, 0);
        };
        return () -> threads.run(parts, task);
    }

    static Draft draft(Plan.Entry entry, Index op, TensorType x, TensorType index, Memory memory) {
        return Draft.of(
                switch (op) {
                    case Index.Gather(int axis) -> new Lookups(entry, true, axis, x.shape(), index, memory);
                    case Index.ScatterAdd(int axis, Shape shape) ->
                        new Lookups(entry, false, axis, shape, index, memory);
                });
    }

    @Override
    public void run() {
        zeros.run();
        threads.run(found.length, this);
        for (boolean part : outside) {
            if (part) {
                explanation.run(); // throws, and says where
                throw new IllegalStateException("A place is outside of its axis, and the interpreter did not mind.");
            }
        }
    }

    @Override
    public void run(int part) {
        int[] row = found[part];
        int column = byBlocks ? 0 : cut(length, part);
        int begin = byBlocks ? cut(blocks, part) * rowsOfBlock : 0;
        int end = byBlocks ? cut(blocks, part + 1) * rowsOfBlock : rows.length;
        if (clears) {
            int block = to.extent() / Math.max(1, blocks);
            int from = cut(blocks, part) * block;
            int until = cut(blocks, part + 1) * block;
            Moves.fill(results, to.offset() + from, until - from, 0);
        }
        boolean inside = true;
        for (int i = begin; i < end && inside; i++) {
            int element = i * length + column;
            inside = find(row, column, placesAt + element);
            if (inside && gathers) {
                Moves.gather(values, valuesAt + rows[i], row, results, to.offset() + element);
            } else if (inside) {
                Moves.scatterAdd(values, valuesAt + element, results, to.offset() + rows[i], row);
            }
        }
        outside[part] = !inside;
    }

    /// Where a part begins among so many.
    private int cut(int count, int part) {
        return (int) ((long) count * part / found.length);
    }

    /// Works out a row's positions from a column on, and says whether all places are on the axis.
    private boolean find(int[] row, int column, int from) {
        boolean inside = true;
        switch (places) {
            case int[] a -> {
                for (int i = 0; i < row.length; i++) {
                    int place = a[from + i];
                    inside &= place >= 0 && place < size;
                    row[i] = (column + i) * along + place * stride;
                }
            }
            case long[] a -> {
                for (int i = 0; i < row.length; i++) {
                    long place = a[from + i];
                    inside &= place >= 0 && place < size;
                    row[i] = (column + i) * along + (int) place * stride;
                }
            }
            default -> throw new AssertionError(places.getClass());
        }
        return inside;
    }
}
