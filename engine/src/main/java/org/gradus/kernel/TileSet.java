package org.gradus.kernel;

import java.util.Arrays;
import org.gradus.base.Type;
import org.gradus.kernel.TileForm.Edge;
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
    private final boolean spilled;
    private final int tallest;
    private final boolean continued;
    private final Epilogue epilogue;
    private final Distances distances;
    private final long work; // of a tile, taken for one of the usual length

    @SuppressWarnings({"unchecked", "rawtypes"}) // no generic arrays
    private final @Nullable Warming<Tile>[] tiles = new Warming[8];

    /// @param rows the tiles of rows
    /// @param step how far apart rows of the result lie
    /// @param continued whether a sum may begin with what the result holds, as one that is made in several calls
    /// @param epilogue what the last of these calls does
    TileSet(Columns columns, Tiling rows, int step, boolean continued, Epilogue epilogue, Distances distances) {
        this.columns = columns;
        this.spilled = columns.panels() == 1
                && step == columns.count()
                && 2 * columns.count() >= columns.vectors() * columns.lanes();
        this.tallest = rows.height();
        this.continued = continued;
        this.epilogue = epilogue;
        this.distances = distances;
        this.work = (long) tallest * columns.wide() * columns.lanes() * USUAL;
        for (int height = tallest; height > 0 && height >= tallest - (rows.isMixed() ? 1 : 0); height--) {
            for (int panel = 0; panel < columns.panels(); panel += Math.max(1, columns.panels() - 1)) {
                get(height, panel, true);
                get(height, panel, !continued);
            }
        }
    }

    /// A form of which only the distances matter.
    static TileForm form(Type type, int lanes, int height, int vectors, int across, Walk a, Walk b) {
        return new TileForm(type, lanes, height, vectors, Edge.NONE, false, across, a, b, Epilogue.NONE);
    }

    /// The kernel for a tile.
    ///
    /// @param done whether its sums are complete then
    Tile get(int height, int panel, boolean done) {
        boolean narrow = columns.vectors(panel) < columns.vectors(0);
        int index = (tallest - height) * 4 + (narrow ? 2 : 0) + (done ? 1 : 0);
        @Nullable Warming<Tile> known = tiles[index];
        if (known != null) {
            return known.now(work);
        }
        TileForm form = distances.form(height, columns.vectors(panel));
        Warming<Tile> made = new TileForm(
                        form.type(),
                        form.lanes(),
                        height,
                        form.vectors(),
                        !columns.isMasked(panel) ? Edge.NONE : spilled ? Edge.SPILLED : Edge.MASKED,
                        continued,
                        form.across(),
                        form.a(),
                        form.b(),
                        done ? epilogue : Epilogue.NONE)
                .tile();
        tiles[index] = made;
        return made.now(work);
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
