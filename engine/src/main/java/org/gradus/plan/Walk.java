package org.gradus.plan;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;
import org.jspecify.annotations.Nullable;

/// How the elements of a tensor lie in another one that is stored row by row: element `i, j, …` is at position `start +
/// i strides[0] + j strides[1] + …`. Broadcasts have stride 0, flips a negative one.
///
/// @param root the tensor that is stored
/// @param shape the walked tensor's shape
record Walk(Tensor root, Shape shape, int start, List<Integer> strides) {
    /// A stored tensor, walked row by row.
    static Walk of(Tensor root) {
        return new Walk(root, root.shape(), 0, rowMajor(root.shape()));
    }

    /// Whether positions are 0, 1, 2 … from the start.
    boolean isContiguous() {
        List<Integer> even = rowMajor(shape);
        return IntStream.range(0, shape.rank())
                .allMatch(axis -> shape.size(axis) == 1 || strides.get(axis).equals(even.get(axis)));
    }

    /// Whether it walks the whole stored tensor, element by element.
    boolean isIdentity() {
        return start == 0 && isContiguous() && shape.count() == root.shape().count();
    }

    /// This walk seen through a view, or `null` when no strides can say it.
    @Nullable Walk through(View view) {
        Shape to = view.shape(shape);
        return switch (view) {
            case View.Reshape _ -> isContiguous() ? new Walk(root, to, start, rowMajor(to)) : null;
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

    private static List<Integer> rowMajor(Shape shape) {
        return Arrays.stream(shape.strides()).boxed().toList();
    }
}
