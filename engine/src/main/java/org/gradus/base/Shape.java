package org.gradus.base;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The sizes of a tensor's axes, outermost first; a scalar has none. Immutable.
public final class Shape {
    /// The shape of a scalar.
    public static final Shape SCALAR = new Shape();

    private final int[] sizes;

    private Shape(int... sizes) {
        this.sizes = sizes;
    }

    /// The shape with these sizes.
    ///
    /// @throws GradusException when a size is negative or the element count passes 2^31 - 1
    public static Shape of(int... sizes) {
        long count = 1;
        for (int size : sizes) {
            if (size < 0) {
                throw new GradusException(
                        "shape-negative",
                        "A shape has no negative sizes, but was given " + Arrays.toString(sizes)
                                + ". Only `reshape` takes -1, for the size that follows from the others.");
            }
            count *= size;
            if (count > Integer.MAX_VALUE && Arrays.stream(sizes).allMatch(other -> other != 0)) {
                throw new GradusException(
                        "shape-too-large",
                        "The shape " + Arrays.toString(sizes) + " has more than 2147483647 elements, the most that one"
                                + " array holds. Split it, or use a smaller batch.");
            }
        }
        return new Shape(sizes.clone());
    }

    /// The shape with these sizes.
    public static Shape of(List<Integer> sizes) {
        return of(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    /// The number of axes.
    public int rank() {
        return sizes.length;
    }

    /// The size of an axis; negative axes count from the end.
    public int size(int axis) {
        return sizes[axis(axis)];
    }

    /// The number of elements.
    public int count() {
        int count = 1;
        for (int size : sizes) {
            count *= size;
        }
        return count;
    }

    /// The sizes, outermost first; a copy.
    public int[] sizes() {
        return sizes.clone();
    }

    /// How many elements apart two neighbours along each axis lie in a row-major array.
    public int[] strides() {
        int[] strides = new int[sizes.length];
        int step = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= sizes[axis];
        }
        return strides;
    }

    /// The axis counted from the front; negative ones count from the end.
    ///
    /// @throws GradusException when there is no such axis
    public int axis(int axis) {
        int rank = sizes.length;
        if (axis < -rank || axis >= rank) {
            throw new GradusException(
                    "axis-range",
                    rank == 0
                            ? "Axis " + axis + " was asked of a scalar, which has no axes."
                            : "Axis " + axis + " was asked of the shape " + this + ", whose axes are 0 to " + (rank - 1)
                                    + " (or " + -rank + " to -1 from the end).");
        }
        return axis < 0 ? axis + rank : axis;
    }

    /// These axes counted from the front, ascending; all of them when none is given.
    ///
    /// @throws GradusException when one does not exist or is given twice
    public List<Integer> axes(int... axes) {
        if (axes.length == 0) {
            return IntStream.range(0, rank()).boxed().toList();
        }
        List<Integer> sorted =
                Arrays.stream(axes).map(this::axis).sorted().boxed().toList();
        if (sorted.stream().distinct().count() < axes.length) {
            throw new GradusException(
                    "axis-twice",
                    "The axes " + Arrays.toString(axes) + " of the shape " + this
                            + " name one axis twice. Name each once; negative axes count from the end.");
        }
        return sorted;
    }

    /// This shape with another size on one axis.
    public Shape with(int axis, int size) {
        int[] changed = sizes.clone();
        changed[axis(axis)] = size;
        return of(changed);
    }

    /// This shape with an axis of that size put in before `axis`; `axis` may be the rank.
    public Shape inserted(int axis, int size) {
        return of(IntStream.concat(
                        IntStream.concat(Arrays.stream(sizes, 0, axis), IntStream.of(size)),
                        Arrays.stream(sizes, axis, sizes.length))
                .toArray());
    }

    /// This shape without these axes.
    public Shape without(List<Integer> axes) {
        return of(IntStream.range(0, rank())
                .filter(axis -> !axes.contains(axis))
                .map(axis -> sizes[axis])
                .toArray());
    }

    /// The axes from `from` up to, not including, `to`.
    public Shape part(int from, int to) {
        return of(Arrays.copyOfRange(sizes, from, to));
    }

    /// This shape followed by another.
    public Shape joined(Shape other) {
        return of(IntStream.concat(Arrays.stream(sizes), Arrays.stream(other.sizes))
                .toArray());
    }

    /// Whether a tensor of this shape can be repeated to `target`: axes are matched from the end, a size must be
    /// equal or 1, missing axes count as 1 (NumPy's and PyTorch's rule).
    public boolean broadcastsTo(Shape target) {
        int missing = target.rank() - rank();
        return missing >= 0
                && IntStream.range(0, rank())
                        .allMatch(axis -> sizes[axis] == 1 || sizes[axis] == target.sizes[axis + missing]);
    }

    /// The smallest shape that both broadcast to, or this one's rank-wise mismatch as an error.
    ///
    /// @param what who asks, for the error
    /// @throws GradusException when two sizes differ and neither is 1
    public Shape broadcast(String what, Shape other) {
        int rank = Math.max(rank(), other.rank());
        int[] joint = new int[rank];
        for (int back = 1; back <= rank; back++) {
            int left = back <= rank() ? sizes[rank() - back] : 1;
            int right = back <= other.rank() ? other.sizes[other.rank() - back] : 1;
            if (left != right && left != 1 && right != 1) {
                throw new GradusException(
                        "broadcast",
                        what + ": the shapes " + this + " and " + other + " do not fit together: axis " + -back
                                + " has " + left + " on the left and " + right + " on the right, and neither is 1."
                                + " Reshape one of them so that its axes meet the other's from the end.");
            }
            joint[rank - back] = left == 1 ? right : left;
        }
        return of(joint);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override
    public String toString() {
        return Arrays.toString(sizes);
    }
}
