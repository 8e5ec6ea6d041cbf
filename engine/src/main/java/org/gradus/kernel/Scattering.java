package org.gradus.kernel;

import java.util.List;
import org.gradus.base.Type;

/// The gradient of a convolution's input, window by window: what a window's gradient adds to a row of pixels under its
/// taps lies in one piece (taps of the row times channels), so it is the product of a few windows' gradients and a part
/// of the weight, added where it belongs. Nothing is multiplied with padding, and lanes are filled by several taps; in
/// exchange sums go through memory once for each row of taps.
///
/// A tile is a run of windows along the height, whose pixels do not meet, times vectors over that piece.
///
/// Each pixel's sum is the chain that a [Correlation] makes too: windows in the order of their places, and for each the
/// result's channels.
final class Scattering implements Contraction {
    private static final int LANES = 16; // for the choice, whatever the machine has
    private static final int CALL = 12; // multiply-adds for which a vector of sums could be loaded and stored

    final Convolution convolution;
    final Columns columns;
    final Packing packing;
    final Padding padding;
    final Tiling windows;
    final TileSet tiles;

    /// Whether fewer multiplications are wasted in this way than in a [Correlation].
    static boolean pays(Convolution c) {
        if (c.groups() > 1 || c.width().dilation() > 1 || c.height().windows() < 4) {
            return false;
        }
        double direct = full(c.in()) * c.out() * reach(c.depth()) * reach(c.height()) * reach(c.width());
        double scattered = full(c.in() * c.width().kernel())
                * c.windows()
                * c.depth().kernel()
                * c.height().kernel()
                * (c.out() + CALL);
        return scattered < direct;
    }

    private static double full(int channels) {
        return (channels + LANES - 1) / LANES * LANES;
    }

    /// How often a tap meets a position in a correlation along an axis, with those in the padding.
    private static double reach(Axis axis) {
        return (double) axis.size() * axis.kernel() / axis.stride();
    }

    Scattering(Convolution c, Type type, int lanes) {
        this.convolution = c;
        columns = columns(c.width().kernel() * c.in(), c.height().windows(), type, lanes);
        packing = new Packing(columns, type);
        padding = Padding.of(
                c.in(),
                new int[] {c.depth().size(), c.height().size(), c.width().size()},
                List.of(Pass.forward(c.depth()), Pass.forward(c.height()), Pass.forward(c.width())));
        Tiling first = columns.tiling(c.height().windows(), 0, type);
        Tiling last = columns.tiling(c.height().windows(), Math.max(0, columns.panels() - 1), type);
        windows = first.height() < last.height() ? first : last;
        int across = c.width().windows() * c.out();
        tiles = new TileSet(
                columns,
                _ -> windows,
                type,
                Epilogue.NONE,
                (height, vectors) ->
                        new TileForm(type, lanes, height, vectors, across, Walk.by(1), Walk.by(vectors * lanes)));
    }

    /// Panels of two vectors where registers are many, and perhaps a shared one: so a vector of the weight serves twice as many
    /// windows. They share it for short sums, too: else they would be made aside, window by window.
    private static Columns columns(int count, int rows, Type type, int lanes) {
        return Registers.of(type, lanes).isTight()
                ? Columns.of(count, rows, 0, type, lanes)
                : new Columns(
                        count,
                        lanes,
                        Math.clamp(Math.ceilDiv(count, lanes), 1, 2),
                        Columns.isShared(count, type, lanes));
    }

    /// The rows of taps.
    int rows() {
        return convolution.depth().kernel() * convolution.height().kernel();
    }

    /// The elements of a row of taps of the packed weight.
    int packedRow() {
        return columns.vectors() * columns.lanes() * convolution.out();
    }

    @Override
    public int workspace() {
        return rows() * packedRow() + ScatteringWork.MOST_PARTS * padding.count();
    }

    @Override
    public Work bind(Object[] arrays, int[] offsets) {
        return new ScatteringWork(this, arrays, offsets);
    }
}
