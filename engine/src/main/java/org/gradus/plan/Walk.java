package org.gradus.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.View;
import org.jspecify.annotations.Nullable;

/// How the elements of a tensor lie in a stored value: element `i, j, …` is at position `start + i strides[0] + j
/// strides[1] + …`. Broadcasts have stride 0, flips a negative one.
///
/// @param root what is stored
/// @param shape the walked tensor's shape
record Walk(Value root, Shape shape, int start, List<Integer> strides) {
    /// A stored value, walked from its first to its last element.
    static Walk of(Value root) {
        Shape shape = root.type.shape();
        return new Walk(root, shape, 0, root.order.strides(shape));
    }

    /// Whether positions follow each other without a gap when the axes are taken in this order.
    boolean lies(Order order) {
        List<Integer> even = order.strides(shape);
        return IntStream.range(0, shape.rank())
                .allMatch(axis -> shape.size(axis) == 1 || strides.get(axis).equals(even.get(axis)));
    }

    /// The order in which positions rise, with or without gaps, or `null` where some come again or fall.
    @Nullable Order order() {
        boolean rises =
                IntStream.range(0, shape.rank()).allMatch(axis -> shape.size(axis) == 1 || strides.get(axis) > 0);
        Order rows = Order.rows(shape.rank());
        return !rises ? null : lies(rows) ? rows : Order.falling(shape, strides);
    }

    /// This walk seen through a view, or `null` when no strides can say it.
    @Nullable Walk through(View view) {
        Shape to = view.shape(shape);
        return switch (view) {
            case View.Reshape _ -> reshaped(to);
            case View.Permute(var order) ->
                new Walk(root, to, start, order.stream().map(strides::get).toList());
            case View.Broadcast _ -> {
                int missing = to.rank() - shape.rank();
                yield new Walk(
                        root,
                        to,
                        start,
                        IntStream.range(0, to.rank())
                                .map(axis -> axis < missing || shape.size(axis - missing) != to.size(axis)
                                        ? 0
                                        : strides.get(axis - missing))
                                .boxed()
                                .toList());
            }
            case View.Slice(var starts, _, var steps) ->
                new Walk(
                        root,
                        to,
                        start
                                + IntStream.range(0, shape.rank())
                                        .map(axis -> starts.get(axis) * strides.get(axis))
                                        .sum(),
                        IntStream.range(0, shape.rank())
                                .map(axis -> steps.get(axis) * strides.get(axis))
                                .boxed()
                                .toList());
            case View.Flip(var axes) ->
                new Walk(
                        root,
                        to,
                        start
                                + axes.stream()
                                        .mapToInt(axis -> Math.max(0, shape.size(axis) - 1) * strides.get(axis))
                                        .sum(),
                        IntStream.range(0, shape.rank())
                                .map(axis -> axes.contains(axis) ? -strides.get(axis) : strides.get(axis))
                                .boxed()
                                .toList());
            case View.Pad _, View.Concat _ -> null;
        };
    }

    /// Groups of axes of the same size on both sides: within a group the old axes must go on evenly.
    private @Nullable Walk reshaped(Shape to) {
        if (shape.count() == 0 || lies(Order.rows(shape.rank()))) {
            return new Walk(root, to, start, Order.rows(to.rank()).strides(to));
        }
        List<Integer> old = IntStream.range(0, shape.rank())
                .filter(axis -> shape.size(axis) > 1)
                .boxed()
                .toList();
        Integer[] found = new Integer[to.rank()];
        int from = 0;
        int next = 0;
        while (from < old.size()) {
            int until = from + 1;
            int first = next;
            long size = shape.size(old.get(from));
            long wanted = 1;
            while (wanted != size || wanted == 1) {
                if (wanted < size) {
                    wanted *= to.size(next++);
                } else {
                    int outer = old.get(until - 1);
                    int inner = old.get(until);
                    if (strides.get(outer) != shape.size(inner) * strides.get(inner)) {
                        return null;
                    }
                    size *= shape.size(inner);
                    until++;
                }
            }
            int stride = strides.get(old.get(until - 1));
            for (int axis = next - 1; axis >= first; axis--) {
                found[axis] = stride;
                stride *= to.size(axis);
            }
            from = until;
        }
        List<Integer> changed = new ArrayList<>();
        for (Integer stride : found) {
            changed.add(stride == null ? 0 : stride);
        }
        return new Walk(root, to, start, changed);
    }
}
