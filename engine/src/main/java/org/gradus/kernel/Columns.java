package org.gradus.kernel;

import org.gradus.base.Type;

/// How the columns of a result (one group's output channels) are cut into panels. What takes a division is kept, since it is asked
/// for again and again.
///
/// @param wide the vectors of all panels but the last one
/// @param vectors of all panels
/// @param rest the columns that fill no vector, if rows of a tile share one for them, as [TileForm] says: the last panel then has
///     that vector beside the full ones; 0 otherwise
record Columns(int count, int lanes, int wide, int panels, int vectors, int rest) {
    private static final int MANY = 64; // products
    private static final int MOST_SHARES = 4; // more rows would hardly take fewer vectors

    Columns(int count, int lanes, int wide) {
        this(count, lanes, wide, false);
    }

    /// @param shared whether rows of a tile share a vector for the columns that fill none
    Columns(int count, int lanes, int wide, boolean shared) {
        this(
                count,
                lanes,
                wide,
                Math.ceilDiv(shared ? count / lanes : Math.ceilDiv(count, lanes), wide),
                Math.ceilDiv(count, lanes),
                shared ? count % lanes : 0);
    }

    /// The panels for tiles of about that many rows: few rows want more vectors, to keep the multipliers busy.
    ///
    /// @param products in each sum, or with each packed number: rows share a vector only if they are many, since sums are taken
    ///     apart and numbers packed several times then; 0 for never
    static Columns of(int count, int rows, int products, Type type, int lanes) {
        Registers registers = Registers.of(type, lanes);
        boolean shared = products >= MANY && isShared(count, type, lanes);
        int vectors = Math.max(1, shared ? count / lanes : Math.ceilDiv(count, lanes));
        int wide = registers.wide(vectors);
        while (wide < vectors && rows * (wide + 1) <= 16 && registers.fits(rows, wide + 1)) {
            wide++;
        }
        return new Columns(count, lanes, wide, shared);
    }

    /// Whether rows can share a vector: it has room for two at least, there is a full one before it, and there are registers for
    /// what rows are multiplied with.
    static boolean isShared(int count, Type type, int lanes) {
        int rest = count % lanes;
        boolean fits = count > lanes && rest > 0 && rest <= lanes / 2;
        return fits && !Registers.of(type, lanes).isTight();
    }

    /// How many rows share a vector, each with so many numbers; 0 for none.
    static int shares(int rest, int lanes) {
        return rest == 0 ? 0 : Math.min(MOST_SHARES, lanes / rest);
    }

    /// How that many rows are cut into tiles in a panel.
    Tiling tiling(int rows, int panel, Type type) {
        Registers registers = Registers.of(type, lanes);
        int vectors = vectors(panel);
        int most = rest(panel) > 0 ? registers.rows(vectors - 1, shares(panel)) : registers.rows(vectors);
        return Tiling.of(rows, most, registers.busy(vectors));
    }

    /// The vectors of a panel.
    int vectors(int panel) {
        return panel == panels - 1 ? vectors - panel * wide : wide;
    }

    /// How many numbers of each row lie in a panel's shared vector; 0 if it has none.
    int rest(int panel) {
        return panel == panels - 1 ? rest : 0;
    }

    /// The columns of a panel that are in no shared vector.
    int alone(int panel) {
        return length(panel) - rest(panel);
    }

    /// How many rows share that vector; 0 if there is none.
    int shares(int panel) {
        return shares(rest(panel), lanes);
    }

    /// The first column of a panel.
    int start(int panel) {
        return panel * wide * lanes;
    }

    /// The columns of a panel.
    int length(int panel) {
        return Math.min(count - start(panel), vectors(panel) * lanes);
    }

    /// The lanes in use of a panel's last vector.
    int last(int panel) {
        return length(panel) - (vectors(panel) - 1) * lanes;
    }

    /// Whether a kernel for a panel has to mask its last vector: where all panels have the same number of vectors, one
    /// kernel does for all.
    boolean isMasked(int panel) {
        return count % lanes != 0 && vectors(panel) == vectors(panels - 1);
    }
}
