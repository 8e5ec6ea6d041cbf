package org.gradus.kernel;

import java.util.List;
import org.gradus.base.Type;

/// The gradient of a convolution's weight, straight from the images: `dw[tap, c, o]` is the sum over all windows of the
/// input's channel `c` under the tap times the result's gradient in channel `o`.
///
/// A tile is a run of neighbouring weights (taps of one kernel row and their channels, which lie as they do in the
/// image) times a few vectors of output channels, summed over all windows of an image, or of a few small ones.
///
/// The images are cut into up to 16 sections, by their number and the weight's size alone. Each section's sums are
/// chains of fused multiply-adds, window after window; the sections are then added in a fixed tree: neighbours, then
/// neighbours of those, and so on. So the bits do not depend on threads.
final class WeightGradient implements Contraction {
    private static final int MOST_SECTIONS = 16;
    private static final int MOST_ELEMENTS = 1 << 20;
    private static final int WINDOWS = 1 << 10; // that one call sums over, if there are as many
    private static final int NEAR = 1 << 14; // elements that a call reads, if an image needs no more

    final Convolution convolution;
    final Type type;
    final int lanes;
    final Columns columns;
    final Packing packing;
    final Padding padding;
    final int weights; // in a tile's rows, for a row of taps or one
    final TileSet tiles;
    final Sum sum;

    /// Whether all taps of a kernel row go into one tile's rows.
    final boolean joined;

    /// Whether a copy of the gradient is made in which a panel's vectors lie one behind the other.
    final boolean copied;

    /// The most images that one call sums over.
    final int together;

    private final int pixels; // of all these images' gradients

    WeightGradient(Convolution c, Type type, int lanes) {
        this.convolution = c;
        this.type = type;
        this.lanes = lanes;
        int[] sizes = {c.depth().size(), c.height().size(), c.width().size()};
        padding = Padding.of(
                c.in(), sizes, List.of(Pass.forward(c.depth()), Pass.forward(c.height()), Pass.forward(c.width())));
        joined = c.groups() == 1 && c.width().dilation() == 1;
        weights = c.in() / c.groups() * (joined ? c.width().kernel() : 1);
        columns = Columns.of(c.out() / c.groups(), weights, c.taps() * (c.in() / c.groups()), type, lanes);
        packing = new Packing(columns, type);
        copied = c.groups() > 1 || columns.panels() > 1 || columns.count() % lanes != 0;
        together = c.depth().windows() > 1
                ? 1
                : Math.clamp(
                        Math.min(
                                WINDOWS / Math.max(1, c.windows()),
                                NEAR / Math.max(1, image() + c.windows() * columns.wide() * lanes)),
                        1,
                        Math.max(1, (c.batch() + sections() - 1) / sections()));
        pixels = together * c.windows();
        Walk a = new Walk(
                c.depth().windows() > 1 ? c.depth().stride() * padding.plane() : image(),
                c.height().stride() * padding.line(),
                c.width().stride() * padding.channels());
        tiles = new TileSet(
                columns, panel -> columns.tiling(weights, panel, type), type, Epilogue.NONE, (height, vectors) -> {
                    int pixel = vectors * lanes;
                    int row = pixel * c.width().windows();
                    Walk b = new Walk(row * c.height().windows(), row, pixel);
                    return new TileForm(type, lanes, height, vectors, 1, a, b);
                });
        sum = Sum.of(type, lanes);
    }

    /// The elements from one image, or its copy, to the next.
    int image() {
        return padding.isNone() ? padding.image() : padding.count();
    }

    /// Where a panel begins in the copy of some images' gradients.
    int panel(int group, int panel) {
        return (group * columns.vectors() * lanes + columns.start(panel)) * pixels;
    }

    /// The elements of the weight.
    int weight() {
        return convolution.taps() * (convolution.in() / convolution.groups()) * convolution.out();
    }

    int sections() {
        int most = Math.min(MOST_SECTIONS, MOST_ELEMENTS / Math.max(1, weight()));
        return Math.max(1, Math.min(most, convolution.batch()));
    }

    /// The elements of one part's copies of images and their gradients.
    int copies() {
        return together * padding.count() + (copied ? panel(convolution.groups(), 0) : 0);
    }

    @Override
    public int workspace() {
        return sections() * weight() + WeightGradientWork.MOST_PARTS * copies();
    }

    @Override
    public Work bind(Object[] arrays, int[] offsets) {
        return new WeightGradientWork(this, arrays, offsets);
    }
}
