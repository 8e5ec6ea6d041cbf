package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;

/// [Pooling] bound to its arrays, in parts of whole images. Windows at the border see fewer taps, and are done one by
/// one; those between go in one call a row.
final class PoolingWork implements Work {
    private static final int MOST_PARTS = 32;
    private static final int ELEMENTS_OF_PART = 1 << 14;

    private final Pooling sizes;
    private final PoolingCode.Kernel whole;
    private final PoolingCode.Kernel cut;
    private final Object[] arrays;
    private final int[] offsets;
    private final int[] steps;
    private final Span[] deep; // the windows along each axis
    private final Span[] high;
    private final Span[] wide;
    private final int pixels; // of an image
    private final int windows;
    private final int parts;
    private final boolean clears; // what is added to

    /// @param whole for windows that see all their taps
    /// @param cut for the others
    PoolingWork(
            Pooling sizes,
            PoolingCode.Task task,
            PoolingCode.Kernel whole,
            PoolingCode.Kernel cut,
            Object[] arrays,
            int[] offsets) {
        this.sizes = sizes;
        this.whole = whole;
        this.cut = cut;
        this.arrays = arrays.clone();
        this.offsets = offsets.clone();
        this.steps = PoolingCode.steps(sizes);
        deep = spans(sizes.depth(), 1);
        high = spans(sizes.height(), 1);
        wide = spans(sizes.width(), sizes.width().windows());
        pixels = sizes.pixels();
        windows = sizes.windows();
        clears = task.adds() && !sizes.isTiled();
        long elements = (long) sizes.batch() * pixels * sizes.channels();
        parts = elements == 0
                ? 0
                : (int) Math.max(1, Math.min(Math.min(MOST_PARTS, sizes.batch()), elements / ELEMENTS_OF_PART));
    }

    @Override
    public int phases() {
        return 1;
    }

    @Override
    public int parts(int phase) {
        return parts;
    }

    @Override
    public void run(int phase, int part) {
        int end = sizes.batch() * (part + 1) / parts;
        for (int image = sizes.batch() * part / parts; image < end; image++) {
            int first = offsets[0] + image * pixels * sizes.channels();
            if (clears) {
                TileSet.clear(arrays[0], first, pixels * sizes.channels());
            }
            compute(first, image * windows * sizes.channels());
        }
    }

    /// An image's windows.
    ///
    /// @param pixel where it begins in the first array
    /// @param result where its windows begin in the others, from their offsets
    private void compute(int pixel, int result) {
        int window = result;
        for (Span d : deep) {
            for (Span h : high) {
                int line = (d.place * sizes.height().size() + h.place)
                        * sizes.width().size();
                for (Span w : wide) {
                    boolean empty = d.taps <= 0 || h.taps <= 0 || w.taps <= 0;
                    int place = empty ? 0 : line + w.place;
                    (d.all && h.all && w.all ? whole : cut)
                            .run(
                                    arrays,
                                    steps,
                                    w.windows,
                                    empty ? 0 : d.taps,
                                    h.taps,
                                    w.taps,
                                    pixel + place * sizes.channels(),
                                    offsets[1] + window,
                                    offsets.length > 2 ? offsets[2] + window : 0,
                                    place);
                    window += w.windows * sizes.channels();
                }
            }
        }
    }

    /// Neighbouring windows along an axis.
    ///
    /// @param taps that each sees
    /// @param all whether these are all
    /// @param place of the first one's first
    private record Span(int windows, int taps, boolean all, int place) {}

    /// The windows along an axis.
    ///
    /// @param most how many may be one span, if they see all their taps
    private static Span[] spans(Axis axis, int most) {
        List<Span> spans = new ArrayList<>();
        int next = 0;
        while (next < axis.windows()) {
            int first = next++;
            int tap = axis.tapBegin(first);
            int taps = axis.tapEnd(first) - tap;
            boolean all = taps == axis.kernel();
            while (all
                    && next < axis.windows()
                    && next - first < most
                    && axis.tapEnd(next) - axis.tapBegin(next) == taps) {
                next++;
            }
            spans.add(new Span(next - first, taps, all, axis.place(first, tap)));
        }
        return spans.toArray(Span[]::new);
    }
}
