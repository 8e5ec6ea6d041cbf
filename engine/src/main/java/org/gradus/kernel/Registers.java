package org.gradus.kernel;

import org.gradus.base.Type;

/// How large a block of sums the registers hold: a table by the size of a vector. Half of the registers' count must
/// not be exceeded by much, and two multiply-adds a cycle with a latency of four want at least eight sums.
///
/// Bits do not depend on it; only speed does.
///
/// @param vectors the vectors in a row of a wide block
/// @param sums the most vectors in all its rows
/// @param most the most rows
record Registers(int vectors, int sums, int most) {
    static Registers of(Type type, int lanes) {
        return switch (lanes * type.bytes()) {
            case 64 -> new Registers(2, 28, 16);
            case 32, 16 -> new Registers(2, 12, 12);
            default -> new Registers(3, 12, 6);
        };
    }

    /// The most rows of a block with that many vectors in each.
    int rows(int wide) {
        return Math.min(most, sums / wide);
    }
}
