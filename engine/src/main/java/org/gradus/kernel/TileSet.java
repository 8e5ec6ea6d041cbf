package org.gradus.kernel;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.gradus.base.Type;
import org.jspecify.annotations.Nullable;

/// The few kernels that one contraction needs: for the heights of its tiles, and for a panel of columns and the last
/// one, where that is narrower. HotSpot takes long to compile each of them, so they are as few as can be.
final class TileSet {
    /// Where a kernel's operands lie, for a tile of that height and width.
    interface Distances {
        TileForm form(int height, int vectors);
    }

    private static final int USUAL = 100; // products in a sum

    private final Columns columns;
    private final Tiling[] rows = new Tiling[2]; // in panels of the usual width, and in the last one
    private final boolean continued;
    private final Epilogue epilogue;
    private final Distances distances;
    private final long[] work = new long[2]; // of a tile, taken for one of the usual length

    @SuppressWarnings({"unchecked", "rawtypes"}) // no generic arrays
    private final @Nullable Warming<Tile>[] tiles = new Warming[8];

    /// @param rows how rows are cut into tiles, for panels of that many vectors
    /// @param continued whether a sum may begin with what the result holds, as one that is made in several calls
    /// @param epilogue what the last of these calls does
    TileSet(Columns columns, IntFunction<Tiling> rows, boolean continued, Epilogue epilogue, Distances distances) {
        this.columns = columns;
        this.continued = continued;
        this.epilogue = epilogue;
        this.distances = distances;
        for (int panel = 0; panel < columns.panels(); panel += Math.max(1, columns.panels() - 1)) {
            int vectors = columns.vectors(panel);
            Tiling cut = rows.apply(vectors);
            this.rows[width(panel)] = cut;
            work[width(panel)] = (long) cut.height() * vectors * columns.lanes() * USUAL;
            for (int height = cut.height(); height > 0 && height >= cut.height() - (cut.isMixed() ? 1 : 0); height--) {
                get(height, panel, true);
                get(height, panel, !continued);
            }
        }
    }

    /// Whether a panel is the last one, and narrower than the others.
    private int width(int panel) {
        return columns.vectors(panel) < columns.vectors(0) ? 1 : 0;
    }

    /// How the rows are cut in a panel.
    Tiling rows(int panel) {
        return rows[width(panel)];
    }

    /// A form of which only the distances matter.
    static TileForm form(Type type, int lanes, int height, int vectors, int across, Walk a, Walk b) {
        return new TileForm(type, lanes, height, vectors, false, false, across, a, b, Epilogue.NONE);
    }

    /// The kernel for a tile.
    ///
    /// @param done whether its sums are complete then
    Tile get(int height, int panel, boolean done) {
        int width = width(panel);
        int index = (rows[width].height() - height) * 4 + width * 2 + (done ? 1 : 0);
        @Nullable Warming<Tile> known = tiles[index];
        if (known != null) {
            return known.now(work[width]);
        }
        TileForm form = distances.form(height, columns.vectors(panel));
        Warming<Tile> made = new TileForm(
                        form.type(),
                        form.lanes(),
                        height,
                        form.vectors(),
                        columns.isMasked(panel),
                        continued,
                        form.across(),
                        form.a(),
                        form.b(),
                        done ? epilogue : Epilogue.NONE)
                .tile();
        tiles[index] = made;
        return made.now(work[width]);
    }

    /// Makes a range of an array zero.
    static void clear(@Nullable Object array, int from, int count) {
        if (array instanceof float[] floats) {
            Arrays.fill(floats, from, from + count, 0);
        } else if (array instanceof double[] doubles) {
            Arrays.fill(doubles, from, from + count, 0);
        }
    }
}
