package org.gradus.plan;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Shape;

/// In which order the axes of a stored value lie in memory, outermost first. Users see shapes; orders are the plan's
/// business.
record Order(List<Integer> axes) {
    /// As in the shape: row by row.
    static Order rows(int rank) {
        return new Order(IntStream.range(0, rank).boxed().toList());
    }

    /// Images `[batch, channels, spatial…]` with their channels last.
    static Order image(int rank) {
        return new Order(Stream.of(Stream.of(0), IntStream.range(2, rank).boxed(), Stream.of(1))
                .flatMap(axes -> axes)
                .toList());
    }

    /// Weights `[out, in, taps…]` with their taps first, then in, then out.
    static Order weight(int rank) {
        return new Order(Stream.of(IntStream.range(2, rank).boxed(), Stream.of(1, 0))
                .flatMap(axes -> axes)
                .toList());
    }

    /// The order in which a walk comes by its elements one after the other, if there is one: that of falling strides.
    static Order falling(Shape shape, List<Integer> strides) {
        return new Order(IntStream.range(0, shape.rank())
                .boxed()
                .sorted(Comparator.comparing((Integer axis) -> shape.size(axis) > 1)
                        .thenComparingInt(axis -> shape.size(axis) > 1 ? -strides.get(axis) : 0))
                .toList());
    }

    /// The sizes of a shape's axes as they lie.
    Shape lying(Shape shape) {
        return Shape.of(lying(IntStream.of(shape.sizes()).boxed().toList()));
    }

    /// What belongs to each axis, as the axes lie.
    <T> List<T> lying(List<T> byAxis) {
        return axes.stream().map(byAxis::get).toList();
    }

    /// Where an axis lies.
    int place(int axis) {
        return axes.indexOf(axis);
    }

    /// How far apart neighbours along each axis of a shape are.
    List<Integer> strides(Shape shape) {
        int[] lying = lying(shape).strides();
        return IntStream.range(0, axes.size())
                .map(axis -> lying[place(axis)])
                .boxed()
                .toList();
    }
}
