package org.gradus.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Shape;

/// Positions that several walks over one shape come by, with as few axes as can say it: axes of size 1 are dropped, and
/// neighbours are one axis where every walk goes on evenly from the inner to the outer one.
final class Grid {
    private final int[] sizes;
    private final int[][] strides; // by walk, then by axis

    private Grid(int[] sizes, int[][] strides) {
        this.sizes = sizes;
        this.strides = strides;
    }

    /// @param walks the strides of each walk along each axis of the shape
    static Grid of(Shape shape, List<List<Integer>> walks) {
        List<Integer> sizes = new ArrayList<>();
        List<List<Integer>> strides = walks.stream()
                .map(_ -> (List<Integer>) new ArrayList<Integer>())
                .toList();
        for (int axis = 0; axis < shape.rank(); axis++) {
            int size = shape.size(axis);
            if (size == 1) {
                continue;
            }
            boolean joins = !sizes.isEmpty();
            for (int walk = 0; walk < walks.size() && joins; walk++) {
                joins = strides.get(walk).getLast()
                        == (long) size * walks.get(walk).get(axis);
            }
            if (joins) {
                sizes.set(sizes.size() - 1, sizes.getLast() * size);
            } else {
                sizes.add(size);
            }
            for (int walk = 0; walk < walks.size(); walk++) {
                if (joins) {
                    strides.get(walk).removeLast();
                }
                strides.get(walk).add(walks.get(walk).get(axis));
            }
        }
        return new Grid(ints(sizes), strides.stream().map(Grid::ints).toArray(int[][]::new));
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    int rank() {
        return sizes.length;
    }

    int size(int axis) {
        return sizes[axis];
    }

    int count() {
        return shape().count();
    }

    Shape shape() {
        return Shape.of(sizes);
    }

    /// The strides of a walk along all axes.
    List<Integer> strides(int walk) {
        return IntStream.of(strides[walk]).boxed().toList();
    }

    int stride(int walk, int axis) {
        return strides[walk][axis];
    }

    /// The axes from `axis` on.
    Grid from(int axis) {
        return part(axis, rank());
    }

    /// The axes before `axis`.
    Grid before(int axis) {
        return part(0, axis);
    }

    /// The same positions with the axes in another order.
    Grid turned(List<Integer> axes) {
        int[] order = ints(axes);
        return new Grid(
                IntStream.of(order).map(axis -> sizes[axis]).toArray(),
                Arrays.stream(strides)
                        .map(walk -> IntStream.of(order).map(axis -> walk[axis]).toArray())
                        .toArray(int[][]::new));
    }

    private Grid part(int from, int to) {
        return new Grid(
                Arrays.copyOfRange(sizes, from, to),
                Arrays.stream(strides)
                        .map(walk -> Arrays.copyOfRange(walk, from, to))
                        .toArray(int[][]::new));
    }

    /// Whether a walk goes row by row without a gap.
    boolean isDense(int walk) {
        return Arrays.equals(strides[walk], Shape.of(sizes).strides());
    }

    /// Whether a walk stays where it is.
    boolean isStill(int walk) {
        return Arrays.stream(strides[walk]).allMatch(stride -> stride == 0);
    }

    /// All positions that a walk comes by, from 0, in order.
    int[] positions(int walk) {
        int[] positions = {0};
        for (int axis = 0; axis < sizes.length; axis++) {
            int[] finer = new int[positions.length * sizes[axis]];
            int next = 0;
            for (int position : positions) {
                for (int i = 0; i < sizes[axis]; i++) {
                    finer[next++] = position + i * strides[walk][axis];
                }
            }
            positions = finer;
        }
        return positions;
    }
}
