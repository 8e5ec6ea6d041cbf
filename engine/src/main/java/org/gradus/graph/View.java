package org.gradus.graph;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;

/// The same numbers in another arrangement.
public sealed interface View extends Op {
    /// The same row-major sequence in another shape.
    record Reshape(Shape shape) implements View {
        @Override
        public String name() {
            return "reshape";
        }

        @Override
        public Shape shape(Shape from) {
            if (from.count() != shape.count()) {
                throw new GradusException(
                        "reshape-count",
                        "reshape: " + from + " has " + from.count() + " elements, but " + shape + " takes "
                                + shape.count() + ". One size may be -1, and follows from the others.");
            }
            return shape;
        }
    }

    /// Axes in another order: axis `i` of the result is axis `order[i]` of the input.
    record Permute(List<Integer> order) implements View {
        @Override
        public String name() {
            return "permute";
        }

        @Override
        public Shape shape(Shape from) {
            if (!order.stream().sorted().toList().equals(from.axes())) {
                throw new GradusException(
                        "permute-order",
                        "permute: the order " + order + " does not name each axis of " + from + " once. Give all "
                                + from.rank() + " axes, in their new order.");
            }
            return Shape.of(order.stream().map(from::size).toList());
        }

        /// The permutation that undoes this one.
        public Permute inverse() {
            return new Permute(
                    IntStream.range(0, order.size()).map(order::indexOf).boxed().toList());
        }
    }

    /// Repetition along axes of size 1 and new leading axes.
    record Broadcast(Shape shape) implements View {
        @Override
        public String name() {
            return "broadcast";
        }

        @Override
        public Shape shape(Shape from) {
            if (!from.broadcastsTo(shape)) {
                throw new GradusException(
                        "broadcast-to",
                        "broadcast: " + from + " does not broadcast to " + shape
                                + ": counted from the end, each size must be equal or 1. Reshape it first.");
            }
            return shape;
        }
    }

    /// `sizes[i]` elements of axis `i`, from `starts[i]`, every `steps[i]`-th.
    record Slice(List<Integer> starts, List<Integer> sizes, List<Integer> steps) implements View {
        @Override
        public String name() {
            return "slice";
        }

        @Override
        public Shape shape(Shape from) {
            boolean fits = starts.size() == from.rank() && sizes.size() == from.rank() && steps.size() == from.rank();
            for (int axis = 0; fits && axis < from.rank(); axis++) {
                int last = starts.get(axis) + (sizes.get(axis) - 1) * steps.get(axis);
                fits = starts.get(axis) >= 0
                        && starts.get(axis) <= from.size(axis)
                        && steps.get(axis) > 0
                        && sizes.get(axis) >= 0
                        && (sizes.get(axis) == 0 || last < from.size(axis));
            }
            if (!fits) {
                throw new GradusException(
                        "slice-range",
                        "slice: starts " + starts + ", sizes " + sizes + " and steps " + steps + " leave the shape "
                                + from + ", or are not one of each for each axis. `Views.slice` clips a range to its"
                                + " axis.");
            }
            return Shape.of(sizes);
        }
    }

    /// `value` around and between the elements: `before[i]` and `after[i]` at the ends of axis `i`, `between[i]`
    /// after each element but the last.
    record Pad(List<Integer> before, List<Integer> after, List<Integer> between, double value) implements View {
        @Override
        public String name() {
            return "pad";
        }

        @Override
        public Shape shape(Shape from) {
            boolean fits = before.size() == from.rank()
                    && after.size() == from.rank()
                    && between.size() == from.rank()
                    && IntStream.range(0, from.rank())
                            .allMatch(i -> before.get(i) >= 0 && after.get(i) >= 0 && between.get(i) >= 0);
            if (!fits) {
                throw new GradusException(
                        "pad-amounts",
                        "pad: the amounts before " + before + ", after " + after + " and between " + between
                                + " must be one number >= 0 for each axis of " + from + ". Slice to make it smaller.");
            }
            return Shape.of(IntStream.range(0, from.rank())
                    .map(i -> before.get(i)
                            + after.get(i)
                            + from.size(i)
                            + Math.max(0, from.size(i) - 1) * between.get(i))
                    .toArray());
        }
    }

    /// The elements along these axes in reverse order.
    record Flip(List<Integer> axes) implements View {
        @Override
        public String name() {
            return "flip";
        }

        @Override
        public Shape shape(Shape from) {
            axes.forEach(axis -> Check.axis(this, from, axis));
            return from;
        }
    }

    /// Several tensors one after the other along an axis; the only view with more than one input.
    record Concat(int axis) implements View {
        @Override
        public String name() {
            return "concat";
        }

        @Override
        public Shape shape(Shape from) {
            return from;
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Shape first = inputs.get(0).shape();
            Check.same(this, inputs);
            Check.axis(this, first, axis);
            int size = 0;
            for (TensorType input : inputs) {
                if (input.shape().rank() != first.rank()
                        || !input.shape().with(axis, 1).equals(first.with(axis, 1))) {
                    throw new GradusException(
                            "concat-shapes",
                            "concat: the shapes " + first + " and " + input.shape() + " differ on another axis than "
                                    + axis + ", along which they are joined. Bring the other axes to one size first.");
                }
                size = Math.addExact(size, input.shape().size(axis));
            }
            return List.of(inputs.get(0).with(first.with(axis, size)));
        }
    }

    /// The shape of the result for an input of that shape.
    Shape shape(Shape from);

    @Override
    default List<TensorType> infer(List<TensorType> inputs) {
        Check.count(this, inputs, 1);
        return List.of(inputs.get(0).with(shape(inputs.get(0).shape())));
    }
}
