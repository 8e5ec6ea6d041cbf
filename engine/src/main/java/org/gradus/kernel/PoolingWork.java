package org.gradus.kernel;

import java.util.Arrays;

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
        boolean adds = task == PoolingCode.Task.SPREAD || task == PoolingCode.Task.SCATTER;
        clears = adds && !sizes.isTiled();
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
        Axis width = sizes.width();
        int row = narrow;
        for (int d = 0; d < depth.windows(); d++) {
            int dFirst = depth.tapBegin(d);
            int deep = depth.tapEnd(d) - dFirst;
            for (int h = 0; h < height.windows(); h++) {
                int hFirst = height.tapBegin(h);
                int high = height.tapEnd(h) - hFirst;
                int line = (depth.place(d, dFirst) * height.size() + height.place(h, hFirst)) * width.size();
                int w = 0;
                while (w < width.windows()) {
                    int wFirst = width.tapBegin(w);
                    int broad = width.tapEnd(w) - wFirst;
                    int next = w + 1;
                    while (broad == width.kernel()
                            && next < width.windows()
                            && width.tapEnd(next) - width.tapBegin(next) == broad) {
                        next++;
                    }
                    boolean empty = deep <= 0 || high <= 0 || broad <= 0;
                    boolean all = deep == depth.kernel() && high == height.kernel() && broad == width.kernel();
                    int place = empty ? 0 : line + width.place(w, wFirst);
                    (all ? whole : cut)
                            .run(
                                    arrays,
                                    next - w,
                                    empty ? 0 : deep,
                                    high,
                                    broad,
                                    wide + place * sizes.channels(),
                                    offsets[1] + row + w * sizes.channels(),
                                    offsets.length > 2 ? offsets[2] + row + w * sizes.channels() : 0,
                                    place);
                    w = next;
                }
                row += width.windows() * sizes.channels();
            }
        }
    }
}
