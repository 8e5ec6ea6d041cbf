package org.gradus.kernel;

import org.gradus.base.Type;

/// How large a block of sums the vector registers hold: a table by the size of a vector, which tells how many registers
/// there are. Two multiply-adds a cycle with a latency of four want at least eight sums, and more make up for what else
/// delays one. Sums, vectors of `b` and a broadcast element of `a` must not be more than the registers: a sum that waits in
/// memory takes three times the latency of a multiply-add in each step.
///
/// Bits do not depend on it; only speed does.
///
/// @param count the registers that may be used
/// @param vectors the vectors in a row of a wide block
/// @param alone the most vectors in a row where no narrower panel is left over then
/// @param most the most rows
/// @param inner the most products that are added up before another block's turn comes; sums are stored in between
record Registers(int count, int vectors, int alone, int most, int inner) {
    private static final int BUSY = 8; // sums

    static Registers of(Type type, int lanes) {
        return switch (lanes * type.bytes()) {
            case 64 -> new Registers(30, 4, 5, 16, 1024); // of 32, where 31 are too many
            default -> new Registers(16, 2, 5, 10, 1024);
        };
    }

    /// The most rows of a block with that many vectors in each.
    int rows(int wide) {
        int rows = wide == 3 ? Math.min(7, most) : most; // of 8, sums waited in memory in every other process
        while (!fits(rows, wide)) {
            rows--;
        }
        return rows;
    }

    /// The most rows of a block with that many vectors in each and one more that so many rows share.
    int rows(int full, int shares) {
        int rows = rows(full);
        while (rows > 1 && rows * full + Math.ceilDiv(rows, shares) + full + 3 > count) {
            rows--;
        }
        return rows;
    }

    /// Whether the registers hold the sums of such a block and what one row or column of them is made of.
    boolean fits(int rows, int wide) {
        return rows * wide + Math.min(rows, wide) + 1 <= count;
    }

    /// The rows from which on a block with that many vectors in each keeps the multipliers busy.
    int busy(int wide) {
        return Math.ceilDiv(BUSY, wide);
    }

    /// The vectors in a row of a block, for a matrix with that many of them: if possible no single one is left over.
    int wide(int all) {
        boolean odd = all > vectors && all % vectors > 0;
        if (odd && all <= alone) {
            return all;
        }
        return odd && all % 3 != 1 && vectors == 2 ? 3 : Math.clamp(all, 1, vectors);
    }

    /// Whether a step of a block has to be made in parts, so that few of the elements that it multiplies need a register
    /// at once. With 32 registers it seldom has: see [TileCode].
    boolean isTight() {
        return count <= 16;
    }

    /// How many rows of such a part have room beside the sums and a row of vectors; or the other way round, in a block
    /// that is wider than high.
    int together(int height, int wide) {
        return Math.max(1, count - height * wide - Math.min(height, wide));
    }
}
