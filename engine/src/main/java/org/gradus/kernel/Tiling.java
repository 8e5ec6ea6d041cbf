package org.gradus.kernel;

/// How a range is cut into tiles of nearly the same size: `tiles` of them, of one height where that is not much more
/// of them, else first with the size `height` and then with `height - 1`, so that only two kernels are needed. Or all
/// tiles are full but the last, which has fewer elements.
///
/// @param tall the tiles that are `height` high
record Tiling(int size, int height, int tiles, boolean even, int tall) {
    private static final double EVEN = 1.7; // how many times as many tiles one kernel instead of two is worth

    Tiling(int size, int height, int tiles, boolean even) {
        this(size, height, tiles, even, even ? size - tiles * (height - 1) : size / height);
    }

    /// Whether there are two sizes.
    boolean isMixed() {
        return even && height * tiles != size;
    }

    /// Few tiles of at most `most` elements, and of at least `least` if there are as many.
    static Tiling of(int size, int most, int least) {
        int tiles = Math.max(1, (size + most - 1) / most);
        for (int height = size / tiles; height > 0 && height * tiles * EVEN >= size; height--) {
            if (size % height == 0 && (height >= least || height * tiles == size)) {
                tiles = size / height;
                break;
            }
        }
        return new Tiling(size, Math.max(1, (size + tiles - 1) / tiles), tiles, true);
    }

    /// Tiles of one height, at most `most`, with the last one perhaps shorter.
    static Tiling full(int size, int most) {
        int best = 1;
        for (int height = 2; height <= most; height++) {
            if (cost(size, height) <= cost(size, best)) {
                best = height;
            }
        }
        return new Tiling(size, best, 1, true).resized(size);
    }

    /// The rows that are computed, and one more for each tile.
    private static long cost(int size, int height) {
        return (size + height - 1L) / height * (height + 1);
    }

    /// Tiles of the same height for another size, all full but the last.
    Tiling resized(int other) {
        int count = Math.max(1, (other + height - 1) / height);
        return new Tiling(other, height, count, other == count * height);
    }

    /// Where a tile begins.
    int start(int tile) {
        return Math.min(size, tile * height - (even ? Math.max(0, tile - tall) : 0));
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
