package org.gradus.kernel;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.gradus.base.Type;
import org.jspecify.annotations.Nullable;

/// The few kernels that one contraction needs: for the heights of its tiles, and for a panel of columns and the last
/// one, where that is another one. HotSpot takes long to compile each of them, so they are as few as can be.
///
/// A tile writes whole vectors of sums, but for those that rows share. Where these are not what the result is to hold (its
/// columns do not fill vectors, or there is an epilogue), some rows of sums are made aside: [#begin], tiles, [#finish].
final class TileSet {
    /// Where a kernel's operands lie, for a tile of that height and width.
    interface Distances {
        TileForm form(int height, int vectors);
    }

    private static final Object[] NONE = {};

    private final Columns columns;
    private final boolean plain; // without an epilogue
    private final boolean full; // whether tiles can store the last panel's sums as they are
    private final int other; // the panel that needs tiles of its own; negative if there is none
    private final Type type;
    private final Tiling[] rows = new Tiling[2]; // in panels of the usual width, and in the last one

    @SuppressWarnings({"unchecked", "rawtypes"}) // no generic arrays
    private final @Nullable Warming<Tile>[] tiles = new Warming[4];

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final Warming<Finish>[] copies = new Warming[2];

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final Warming<Finish>[] finishes = new Warming[2];

    /// @param rows how rows are cut into tiles in a panel
    /// @param epilogue what is done to sums that are complete
    TileSet(Columns columns, IntFunction<Tiling> rows, Type type, Epilogue epilogue, Distances distances) {
        this.columns = columns;
        this.type = type;
        plain = epilogue.equals(Epilogue.NONE);
        int end = columns.panels() - 1;
        full = end < 0 || columns.last(end) == columns.lanes() || columns.rest() > 0;
        boolean same = end <= 0 || (columns.vectors(end) == columns.vectors(0) && columns.rest(end) == 0);
        other = same ? -1 : end;
        for (int panel = 0; panel < columns.panels(); panel += Math.max(1, columns.panels() - 1)) {
            int vectors = columns.vectors(panel);
            Tiling cut = rows.apply(panel);
            this.rows[kind(panel)] = cut;
            copies[last(panel)] = Finish.of(type, columns, panel, Epilogue.NONE);
            finishes[last(panel)] = Finish.of(type, columns, panel, epilogue);
            for (int less = 0; less <= (cut.isMixed() ? 1 : 0) && less < cut.height(); less++) {
                tiles[2 * less + kind(panel)] = distances
                        .form(cut.height() - less, vectors)
                        .sharing(columns.rest(panel))
                        .tile();
            }
        }
    }

    private int kind(int panel) {
        return panel == other ? 1 : 0;
    }

    private int last(int panel) {
        return panel == columns.panels() - 1 ? 1 : 0;
    }

    /// How the rows are cut in a panel.
    Tiling rows(int panel) {
        return rows[kind(panel)];
    }

    /// Sums for all rows of a panel, as [Tile#run] does for those of a few tiles; perhaps for as many rows again, some times.
    ///
    /// @param aRow how far behind one row's `a` the next one's lies
    /// @param times how often
    /// @param aNext how far behind one time's `a` the next one's lies
    /// @param cNext the same for `c`
    void all(
            int panel,
            Object[] arrays,
            Object result,
            int outer,
            int middle,
            int inner,
            int a,
            int aRow,
            int b,
            int c,
            int cStep,
            int continued,
            int times,
            int aNext,
            int cNext) {
        Tiling cut = rows(panel);
        int products = outer * middle * inner;
        int done = 0;
        for (int less = 0; less <= 1 && done < cut.size(); less++) {
            int height = cut.height() - less;
            int tiles = less == 0 ? cut.tall() : cut.tiles() - cut.tall();
            boolean down = times > 1; // tiles with neighbours in the same call: below each other, or beside
            Tile tile = get(height, panel, products * tiles * times);
            for (int i = 0; i < (down ? tiles : 1); i++) {
                int row = done + i * height;
                tile.run(
                        arrays,
                        result,
                        outer,
                        middle,
                        inner,
                        a + row * aRow,
                        b,
                        c + row * cStep,
                        cStep,
                        continued,
                        down ? times : tiles,
                        down ? aNext : height * aRow,
                        down ? cNext : height * cStep);
            }
            done += tiles * height;
        }
    }

    /// The kernel for some tiles.
    ///
    /// @param products in the sums of all
    Tile get(int height, int panel, int products) {
        @Nullable Warming<Tile> known = tiles[2 * (rows(panel).height() - height) + kind(panel)];
        if (known == null) {
            throw new IllegalArgumentException("There is no kernel for " + height + " rows.");
        }
        return known.now((long) products * height * width(panel) / AnyTile.SPEED);
    }

    /// Whether tiles write their sums to the result.
    ///
    /// @param done whether the sums are complete then
    boolean isDirect(int panel, boolean done) {
        return (full || last(panel) == 0) && (!done || plain);
    }

    /// The distance between rows of sums that are made aside.
    int width(int panel) {
        return columns.vectors(panel) * columns.lanes();
    }

    /// An array for rows of sums, of the thread that runs.
    ///
    /// @param room the rows that there must be room for
    /// @param continued above 0 if sums begin with what the result holds: then `count` rows of it are copied
    Object begin(int panel, int room, int continued, Object result, int c, int cStep, int count) {
        int width = width(panel);
        Object sums = type == Type.FLOAT32 ? Scratch.float32(room * width) : Scratch.float64(room * width);
        if (continued > 0) {
            copy(copies[last(panel)], NONE, panel, result, c, cStep, sums, 0, width, count, 0);
        }
        return sums;
    }

    private void copy(
            Warming<Finish> how,
            Object[] arrays,
            int panel,
            Object sums,
            int from,
            int fromStep,
            Object result,
            int to,
            int toStep,
            int count,
            int bias) {
        int length = columns.length(panel);
        how.now((long) count * length / 4).run(arrays, sums, from, fromStep, result, to, toStep, count, length, bias);
    }

    /// Takes rows of sums to the result.
    ///
    /// @param arrays number 3 is the bias
    /// @param done whether the sums are complete
    /// @param from where the first row begins
    /// @param bias where the panel's bias lies
    void finish(
            int panel,
            boolean done,
            Object[] arrays,
            Object sums,
            int from,
            Object result,
            int c,
            int cStep,
            int count,
            int bias) {
        copy(
                (done ? finishes : copies)[last(panel)],
                arrays,
                panel,
                sums,
                from,
                width(panel),
                result,
                c,
                cStep,
                count,
                bias);
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
