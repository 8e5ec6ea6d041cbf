package org.gradus.kernel;

/// How a range is cut into tiles of nearly the same size: `tiles` of them, the sizes `height` and `height - 1` mixed,
/// so that only two kernels are needed. When the range does not come out that way (a shorter batch than the tiles were
/// chosen for), all tiles are full but the last, which has fewer elements.
record Tiling(int size, int height, int tiles, boolean even) {
    /// The fewest tiles of at most `most` elements.
    static Tiling of(int size, int most) {
        int tiles = Math.max(1, (size + most - 1) / most);
        return new Tiling(size, Math.max(1, (size + tiles - 1) / tiles), tiles, true);
    }

    /// Tiles of the same height for another size.
    Tiling resized(int other) {
        int count = Math.max(1, (other + height - 1) / height);
        return new Tiling(other, height, count, other >= count * (height - 1) && (height > 1 || other == count));
    }

    /// Where a tile begins.
    int start(int tile) {
        return even ? (int) ((long) size * tile / tiles) : Math.min(size, tile * height);
    }

    /// The elements of a tile.
    int length(int tile) {
        return start(tile + 1) - start(tile);
    }

    /// Whether a tile has as many elements as one of the two kernels; the last of an uneven tiling may have fewer.
    boolean isWhole(int tile) {
        return size > 0 && (even || length(tile) == height);
    }
}
