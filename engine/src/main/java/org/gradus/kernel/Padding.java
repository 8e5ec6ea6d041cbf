package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;

/// Zeros around an image (or volume) of `channels` numbers a pixel, as a copy in the workspace; or nothing, where none
/// are needed, and the image is read where it lies.
///
/// @param axes three of them
/// @param plane the elements of the copy between neighbours along the first axis
/// @param line the same along the second one
/// @param image the elements of the image
record Padding(int channels, List<Border> axes, int plane, int line, int image, boolean isNone) {
    /// An axis of that size with zeros in front and behind.
    record Border(int size, int low, int high) {
        int whole() {
            return low + size + high;
        }
    }

    Padding(int channels, List<Border> axes) {
        this(
                channels,
                axes,
                axes.get(1).whole() * axes.get(2).whole() * channels,
                axes.get(2).whole() * channels,
                axes.get(0).size() * axes.get(1).size() * axes.get(2).size() * channels,
                axes.stream().allMatch(axis -> axis.whole() == axis.size()));
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

    /// The elements of the copy.
    int count() {
        return isNone ? 0 : axes.get(0).whole() * plane;
    }

    /// Where the image begins in its copy.
    int origin() {
        return axes.get(0).low() * plane
                + axes.get(1).low() * line
                + axes.get(2).low() * channels;
    }

    /// Makes all of the copy zero.
    void clear(Object work, int at) {
        TileSet.clear(work, at, count());
    }

    /// Copies an image into the midst of the zeros.
    void copy(Object from, int fromAt, Object work, int at) {
        copy(from, fromAt, axes.get(1).size() * row(), row(), work, at + origin(), plane, line);
    }

    /// Copies an image out of its copy.
    void copyBack(Object work, int at, Object to, int toAt) {
        copy(work, at + origin(), plane, line, to, toAt, axes.get(1).size() * row(), row());
    }

    private void copy(
            Object from, int fromAt, int fromPlane, int fromLine, Object to, int toAt, int toPlane, int toLine) {
        int planes = axes.get(0).size();
        int lines = axes.get(1).size();
        int row = row();
        for (int z = 0; z < planes; z++) {
            for (int y = 0; y < lines; y++) {
                int source = fromAt + z * fromPlane + y * fromLine;
                System.arraycopy(from, source, to, toAt + z * toPlane + y * toLine, row);
            }
        }
    }

    /// The elements of a row.
    private int row() {
        return axes.get(2).size() * channels;
    }
}
