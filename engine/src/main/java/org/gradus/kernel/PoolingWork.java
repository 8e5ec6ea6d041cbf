package org.gradus.kernel;

import java.util.ArrayList;
import java.util.Arrays;
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
    private final Span[] spans;
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
        this.spans = spans(sizes.width()).toArray(Span[]::new);
        clears = task.adds() && !sizes.isTiled();
        long elements = (long) sizes.batch() * sizes.pixels() * sizes.channels();
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
            int wide = offsets[0] + image * sizes.pixels() * sizes.channels();
            int narrow = image * sizes.windows() * sizes.channels();
            if (clears) {
                clear(arrays[0], wide, wide + sizes.pixels() * sizes.channels());
            }
            image(wide, narrow);
        }
    }

    private static void clear(Object array, int from, int to) {
        if (array instanceof float[] floats) {
            Arrays.fill(floats, from, to, 0);
        } else if (array instanceof double[] doubles) {
            Arrays.fill(doubles, from, to, 0);
        }
    }

    private void image(int wide, int narrow) {
        Axis depth = sizes.depth();
        Axis height = sizes.height();
        int row = narrow;
        for (int d = 0; d < depth.windows(); d++) {
            int dFirst = depth.tapBegin(d);
            int deep = depth.tapEnd(d) - dFirst;
            for (int h = 0; h < height.windows(); h++) {
                int hFirst = height.tapBegin(h);
                int high = height.tapEnd(h) - hFirst;
                int line = (depth.place(d, dFirst) * height.size() + height.place(h, hFirst))
                        * sizes.width().size();
                for (Span span : spans) {
                    boolean empty = deep <= 0 || high <= 0 || span.taps() <= 0;
                    boolean all = deep == depth.kernel() && high == height.kernel() && span.all();
                    int place = empty ? 0 : line + span.place();
                    int window = row + span.first() * sizes.channels();
                    (all ? whole : cut)
                            .run(
                                    arrays,
                                    steps,
                                    span.windows(),
                                    empty ? 0 : deep,
                                    high,
                                    span.taps(),
                                    wide + place * sizes.channels(),
                                    offsets[1] + window,
                                    offsets.length > 2 ? offsets[2] + window : 0,
                                    place);
                }
                row += sizes.width().windows() * sizes.channels();
            }
        }
    }

    /// Windows of a row that go in one call.
    ///
    /// @param taps that each sees
    /// @param all whether these are all
    /// @param place of the first one's first
    private record Span(int first, int windows, int taps, boolean all, int place) {}

    private static List<Span> spans(Axis width) {
        List<Span> spans = new ArrayList<>();
        int next = 0;
        while (next < width.windows()) {
            int first = next++;
            int tap = width.tapBegin(first);
            int taps = width.tapEnd(first) - tap;
            boolean all = taps == width.kernel();
            while (all && next < width.windows() && width.tapEnd(next) - width.tapBegin(next) == taps) {
                next++;
            }
            spans.add(new Span(first, next - first, taps, all, width.place(first, tap)));
        }
        return spans;
    }
}
