package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;

/// Zeros around an image (or volume) of `channels` numbers a pixel, as a copy in the workspace; or nothing, where none
/// are needed, and the image is read where it lies.
record Padding(int channels, List<Border> axes) {
    /// An axis of that size with zeros in front and behind.
    record Border(int size, int low, int high) {
        int whole() {
            return low + size + high;
        }
    }

    /// The padding that these passes need, by axis.
    static Padding of(int channels, int[] sizes, List<List<Pass>> passes) {
        List<Border> axes = new ArrayList<>();
        for (int axis = 0; axis < sizes.length; axis++) {
            int size = sizes[axis];
            int low = passes.get(axis).stream().mapToInt(Pass::low).max().orElse(0);
            int high = passes.get(axis).stream()
                    .mapToInt(pass -> pass.high(size))
                    .max()
                    .orElse(0);
            axes.add(new Border(size, low, high));
        }
        return new Padding(channels, List.copyOf(axes));
    }

    boolean isNone() {
        boolean none = true;
        for (int axis = 0; axis < axes.size(); axis++) {
            none &= axes.get(axis).whole() == axes.get(axis).size();
        }
        return none;
    }

    /// The padded size of an axis.
    int size(int axis) {
        return axes.get(axis).whole();
    }

    /// The elements between neighbours along an axis.
    int step(int axis) {
        return axis == 2 ? channels : size(axis + 1) * step(axis + 1);
    }

    /// The elements of the image.
    int image() {
        return axes.get(0).size() * axes.get(1).size() * axes.get(2).size() * channels;
    }

    /// The elements of the copy.
    int count() {
        return isNone() ? 0 : size(0) * step(0);
    }

    /// Where the image begins in its copy.
    int origin() {
        return axes.get(0).low() * step(0)
                + axes.get(1).low() * step(1)
                + axes.get(2).low() * step(2);
    }

    /// Makes all of the copy zero.
    void clear(Object work, int at) {
        TileSet.clear(work, at, count());
    }

    /// Copies an image into the midst of the zeros.
    void copy(Object from, int fromAt, Object work, int at) {
        for (int row = 0; row < rows(); row++) {
            System.arraycopy(from, fromAt + row * row(), work, at + place(row), row());
        }
    }

    /// Copies an image out of its copy.
    void copyBack(Object work, int at, Object to, int toAt) {
        for (int row = 0; row < rows(); row++) {
            System.arraycopy(work, at + place(row), to, toAt + row * row(), row());
        }
    }

    /// The image's rows.
    private int rows() {
        return axes.get(0).size() * axes.get(1).size();
    }

    /// The elements of a row.
    private int row() {
        return axes.get(2).size() * channels;
    }

    /// Where a row begins in the copy.
    private int place(int row) {
        int height = axes.get(1).size();
        return origin() + row / height * step(0) + row % height * step(1);
    }
}
