package org.gradus.kernel;

import org.gradus.base.Type;
import org.jspecify.annotations.Nullable;

/// The few kernels that one contraction needs: for two heights of tiles, a panel of columns and the last one, and the
/// beginning, middle and end of a sum that is made in several calls.
final class TileSet {
    /// Where a kernel's operands lie, for a tile of that height and width.
    interface Distances {
        TileForm form(int height, int vectors);
    }

    private final Columns columns;
    private final int tallest;
    private final Epilogue epilogue;
    private final Distances distances;
    private final @Nullable Tile[] tiles = new Tile[16];

    /// @param tallest the rows of the taller tiles; the others have one less
    TileSet(Columns columns, int tallest, Epilogue epilogue, Distances distances) {
        this.columns = columns;
        this.tallest = tallest;
        this.epilogue = epilogue;
        this.distances = distances;
    }

    /// A form of which only the distances matter.
    static TileForm form(Type type, int lanes, int height, int vectors, int across, Walk a, Walk b) {
        return new TileForm(type, lanes, height, vectors, false, false, across, a, b, Epilogue.NONE);
    }

    /// Makes the kernels for a tiling.
    ///
    /// @param calls how many calls make a sum
    void prepare(Tiling rows, boolean accumulate, int calls) {
        boolean mixed = rows.height() * rows.tiles() != rows.size();
        for (int height = tallest; height > 0 && height >= tallest - (mixed ? 1 : 0); height--) {
            for (int panel = 0; panel < columns.panels(); panel += Math.max(1, columns.panels() - 1)) {
                for (int call = 0; call < Math.max(1, calls); call++) {
                    get(height, panel, accumulate || call > 0, call >= calls - 1);
                }
            }
        }
    }

    /// The kernel for a tile.
    ///
    /// @param continued whether the sum goes on from what the result holds
    /// @param done whether it ends here
    Tile get(int height, int panel, boolean continued, boolean done) {
        int index = (tallest - height) * 8 + (columns.isLast(panel) ? 4 : 0) + (continued ? 2 : 0) + (done ? 1 : 0);
        @Nullable Tile known = tiles[index];
        if (known != null) {
            return known;
        }
        TileForm form = distances.form(height, columns.vectors(panel));
        Tile made = new TileForm(
                        form.type(),
                        form.lanes(),
                        height,
                        form.vectors(),
                        columns.isRagged(panel),
                        continued,
                        form.across(),
                        form.a(),
                        form.b(),
                        done ? epilogue : Epilogue.NONE)
                .tile();
        tiles[index] = made;
        return made;
    }
}
