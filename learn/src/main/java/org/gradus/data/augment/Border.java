package org.gradus.data.augment;

/// What an image is continued with beyond its border.
public enum Border {
    /// Black.
    ZEROS,
    /// The pixels at the edge, repeated.
    EDGE,
    /// The image mirrored at the pixels of the edge, which are not repeated.
    REFLECT;

    /// The position inside that a position stands for, or -1 for black.
    int inside(int position, int size) {
        if (position >= 0 && position < size) {
            return position;
        }
        return switch (this) {
            case ZEROS -> -1;
            case EDGE -> Math.clamp(position, 0, size - 1);
            case REFLECT -> {
                int period = Math.max(1, 2 * (size - 1));
                int folded = Math.floorMod(position, period);
                yield folded < size ? folded : period - folded;
            }
        };
    }
}
