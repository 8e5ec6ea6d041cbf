package org.gradus.run;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Index;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// Reading and adding at places that are numbers themselves, row by row of the places. Each place is checked before it
/// is used, because working memory hides what an array of its own would throw.
final class Lookups implements Job {
    private final boolean gathers;
    private final Object values; // what is read
    private final int valuesAt;
    private final Object places;
    private final int placesAt;
    private final Object results;
    private final Place to;
    private final int[] rows; // where each row of places is in what they mean, but for the places
    private final int[] row; // positions in a row
    private final int along; // of what neighbours in a row are apart, but for the places
    private final int stride;
    private final int size;
    private final Job explanation;

    private Lookups(Plan.Entry entry, boolean gathers, int axis, Shape shape, TensorType index, Memory memory) {
        this.gathers = gathers;
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
        row = new int[index.shape().size(last)];
        rows = rows(index.shape().part(0, last), Arrays.copyOf(strides, last));
        explanation = new Fallback(entry, memory);
    }

    private static int[] rows(Shape shape, int... strides) {
        return shape.count() == 0
                ? new int[0]
                : Grid.of(shape, List.of(Arrays.stream(strides).boxed().toList()))
                        .positions(0);
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
        if (!gathers) {
            Moves.fill(results, to.offset(), to.extent(), 0);
        }
        int count = row.length;
        for (int i = 0; i < rows.length; i++) {
            if (!find(placesAt + i * count)) {
                explanation.run(); // throws, and says where
                throw new IllegalStateException("A place is outside of its axis, and the interpreter did not mind.");
            }
            if (gathers) {
                Moves.gather(values, valuesAt + rows[i], row, results, to.offset() + i * count);
            } else {
                Moves.scatterAdd(values, valuesAt + i * count, results, to.offset() + rows[i], row);
            }
        }
    }

    /// Works out a row's positions, and says whether all places are on the axis.
    private boolean find(int from) {
        boolean inside = true;
        switch (places) {
            case int[] a -> {
                for (int i = 0; i < row.length; i++) {
                    int place = a[from + i];
                    inside &= place >= 0 && place < size;
                    row[i] = i * along + place * stride;
                }
            }
            case long[] a -> {
                for (int i = 0; i < row.length; i++) {
                    long place = a[from + i];
                    inside &= place >= 0 && place < size;
                    row[i] = i * along + (int) place * stride;
                }
            }
            default -> throw new AssertionError(places.getClass());
        }
        return inside;
    }
}
