package org.gradus.kernel;

import org.gradus.base.Type;

/// How the columns of a result (one group's output channels) are cut into panels of `wide` vectors.
record Columns(int count, int lanes, int wide) {
    /// The panels for tiles of about that many rows: few rows want more vectors, to keep the multipliers busy.
    static Columns of(int count, int rows, Type type, int lanes) {
        Registers registers = Registers.of(type, lanes);
        int vectors = Math.max(1, (count + lanes - 1) / lanes);
        int wide = registers.wide(vectors);
        while (wide < vectors && rows * (wide + 1) <= 16 && registers.fits(rows, wide + 1)) {
            wide++;
        }
        return new Columns(count, lanes, wide);
    }

    /// How that many rows are cut into tiles, in a panel of so many vectors.
    Tiling tiling(int rows, int vectors, Type type) {
        Registers registers = Registers.of(type, lanes);
        return Tiling.of(rows, registers.rows(vectors), registers.busy(vectors));
    }

    int vectors() {
        return (count + lanes - 1) / lanes;
    }

    int panels() {
        return (vectors() + wide - 1) / wide;
    }

    /// The vectors of a panel.
    int vectors(int panel) {
        return Math.min(wide, vectors() - panel * wide);
    }

    /// The first column of a panel.
    int start(int panel) {
        return panel * wide * lanes;
    }

    /// The columns of a panel.
    int length(int panel) {
        return Math.min(count - start(panel), wide * lanes);
    }

    /// The lanes in use of a panel's last vector.
    int last(int panel) {
        return length(panel) - (vectors(panel) - 1) * lanes;
    }

    /// Whether a kernel for a panel has to mask its last vector: where all panels have the same number of vectors, one
    /// kernel does for all.
    boolean isMasked(int panel) {
        return count % lanes != 0 && vectors(panel) == vectors(panels() - 1);
    }
}
