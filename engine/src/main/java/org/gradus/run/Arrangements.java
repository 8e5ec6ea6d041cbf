package org.gradus.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.View;
import org.gradus.kernel.Pool;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// Padding and joining: values put at even distances into a larger one, row by row.
final class Arrangements {
    private static final int ELEMENTS_OF_PART = 1 << 15;
    private static final int MOST_PARTS = 32;

    private Arrangements() {}

    static Draft padded(Plan.Entry entry, View.Pad op, TensorType x, TensorType y, Memory memory) {
        Place to = entry.writes().get(0);
        int[] strides = y.shape().strides();
        int start = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            start += op.before().get(axis) * strides[axis];
            strides[axis] *= op.between().get(axis) + 1;
        }
        Object array = memory.array(to);
        Job put = put(entry.reads().get(0), x.shape(), to, start, strides, memory);
        return Draft.of(() -> {
            Moves.fill(array, to.offset(), to.extent(), op.value());
            put.run();
        });
    }

    static Draft joined(Plan.Entry entry, int axis, List<TensorType> xs, TensorType y, Memory memory) {
        int[] strides = y.shape().strides();
        List<Job> jobs = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < xs.size(); i++) {
            Shape shape = xs.get(i).shape();
            jobs.add(put(entry.reads().get(i), shape, entry.writes().get(0), start, strides, memory));
            start += shape.size(axis) * strides[axis];
        }
        return Draft.of(Job.sequence(jobs));
    }

    /// Puts a dense value into another one.
    private static Job put(Place from, Shape shape, Place to, int start, int[] strides, Memory memory) {
        if (from.extent() == 0) {
            return Job.NOTHING;
        }
        Grid grid = Grid.of(shape, List.of(Arrays.stream(strides).boxed().toList()));
        int last = Math.max(0, grid.rank() - 1);
        int length = grid.rank() == 0 ? 1 : grid.size(last);
        int step = grid.rank() == 0 ? 1 : grid.stride(0, last);
        int[] rows = grid.before(last).positions(0);
        Object source = memory.array(from);
        Object target = memory.array(to);
        int first = to.offset() + start;
        int parts = Math.max(1, Math.min(Math.min(MOST_PARTS, rows.length), from.extent() / ELEMENTS_OF_PART));
        Pool.Task task = part -> {
            int end = (int) ((long) rows.length * (part + 1) / parts);
            for (int row = (int) ((long) rows.length * part / parts); row < end; row++) {
                Moves.spread(source, from.offset() + row * length, target, first + rows[row], step, length);
            }
        };
        return () -> memory.threads().run(parts, task);
    }
}
