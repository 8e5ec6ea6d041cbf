package org.gradus.kernel;

/// A [WeightGradient] bound to its arrays. The first phase sums section by section, the second adds the sections. The
/// workspace holds the sections and behind them each part's copies of images and their gradients.
final class WeightGradientWork implements Work {
    static final int MOST_PARTS = 16;
    private static final int ELEMENTS_OF_PART = 1 << 14;
    private static final int SOURCE = 0;
    private static final int GRADIENT = 1;
    private static final int RESULT = 2;
    private static final int WORK = 4;

    private final WeightGradient kernel;
    private final Convolution sizes;
    private final Columns columns;
    private final Object[] arrays;
    private final int[] offsets;
    private final Object[] compute;
    private final Object[] copy;
    private final Object[] add;
    private final Object[] addLast;
    private final int sections;
    private final int items; // depth and height taps, width taps where not joined, groups and panels
    private final int splits; // of a section's items
    private final int computeParts;
    private final int addParts;

    WeightGradientWork(WeightGradient kernel, Object[] arrays, int[] offsets) {
        this.kernel = kernel;
        this.sizes = kernel.convolution;
        this.columns = kernel.columns;
        this.arrays = arrays.clone();
        this.offsets = offsets.clone();
        Object work = arrays[WORK];
        sections = kernel.sections();
        compute = new Object[] {
            kernel.padding.isNone() ? arrays[SOURCE] : work,
            kernel.copied ? work : arrays[GRADIENT],
            sections == 1 ? arrays[RESULT] : work
        };
        copy = new Object[] {arrays[GRADIENT], work};
        add = new Object[] {work, work, work};
        addLast = new Object[] {work, work, arrays[RESULT]};
        items = sizes.taps() / (kernel.joined ? sizes.width().kernel() : 1) * sizes.groups() * columns.panels();
        splits = Math.max(1, Math.min(items, MOST_PARTS / 2 / sections));
        boolean empty = kernel.weight() == 0;
        computeParts = empty
                ? 0
                : (int) Math.min(
                        (long) sections * splits,
                        Math.min(MOST_PARTS, Math.max(1, sizes.flops() / Contraction.FLOPS_OF_PART)));
        addParts = empty || sections == 1
                ? 0
                : Math.max(1, Math.min(MOST_PARTS, kernel.weight() * sections / ELEMENTS_OF_PART));
    }

    @Override
    public int phases() {
        return 2;
    }

    @Override
    public int parts(int phase) {
        return phase == 0 ? computeParts : addParts;
    }

    @Override
    public void run(int phase, int part) {
        if (phase == 0) {
            int units = sections * splits;
            for (int i = 0; i < kernel.together; i++) {
                kernel.padding.clear(arrays[WORK], aside(part) + i * kernel.padding.count());
            }
            for (int unit = units * part / computeParts; unit < units * (part + 1) / computeParts; unit++) {
                section(unit / splits, unit % splits, part);
            }
        } else {
            int from = (int) ((long) kernel.weight() * part / addParts);
            add(from, (int) ((long) kernel.weight() * (part + 1) / addParts) - from);
        }
    }

    private int aside(int part) {
        return offsets[WORK] + sections * kernel.weight() + part * kernel.copies();
    }

    private void section(int section, int split, int part) {
        int begin = (int) ((long) sizes.batch() * section / sections);
        int end = (int) ((long) sizes.batch() * (section + 1) / sections);
        int firstItem = items * split / splits;
        int lastItem = items * (split + 1) / splits;
        for (int image = begin; image < Math.max(end, begin + 1); image += kernel.together) {
            int images = Math.min(kernel.together, end - image);
            int source = source(image, images, part);
            int gradient = gradient(image, images, part);
            for (int item = firstItem; item < lastItem; item++) {
                compute(item, images, source, gradient, result(section, item), image - begin);
            }
        }
    }

    /// Where some images lie, within their borders.
    private int source(int image, int images, int part) {
        Padding padding = kernel.padding;
        int from = offsets[SOURCE] + image * padding.image();
        if (padding.isNone()) {
            return from;
        }
        for (int i = 0; i < images; i++) {
            padding.copy(arrays[SOURCE], from + i * padding.image(), arrays[WORK], aside(part) + i * padding.count());
        }
        return aside(part) + padding.origin();
    }

    /// Where the gradients of some images lie, perhaps in a copy, panel by panel.
    private int gradient(int image, int images, int part) {
        int windows = images * sizes.windows();
        int from = offsets[GRADIENT] + image * sizes.windows() * sizes.out();
        if (!kernel.copied) {
            return from;
        }
        int to = aside(part) + kernel.together * kernel.padding.count();
        for (int group = 0; group < sizes.groups(); group++) {
            for (int panel = 0; panel < columns.panels(); panel++) {
                int source = from + group * columns.count() + columns.start(panel);
                int row = kernel.tiles.width(panel);
                kernel.packing.straight(
                        copy, panel, windows, source, sizes.out(), to + kernel.panel(group, panel), row);
            }
        }
        return to;
    }

    private int panel(int item) {
        return item % columns.panels();
    }

    private int group(int item) {
        return item / columns.panels() % sizes.groups();
    }

    /// Where an item's sums go.
    private int result(int section, int item) {
        int tap = item / columns.panels() / sizes.groups();
        int result = sections == 1 ? offsets[RESULT] : offsets[WORK] + section * kernel.weight();
        return result + tap * kernel.weights * sizes.out() + group(item) * columns.count() + columns.start(panel(item));
    }

    /// Adds some images to the sums of an item.
    private void compute(int item, int images, int source, int gradient, int to, int continued) {
        int panel = panel(item);
        int group = group(item);
        int tap = item / columns.panels() / sizes.groups();
        int perRow = kernel.joined ? 1 : sizes.width().kernel();
        int w = tap % perRow;
        int h = tap / perRow % sizes.height().kernel();
        int d = tap / perRow / sizes.height().kernel();
        Padding padding = kernel.padding;
        int from = source
                + group * (sizes.in() / sizes.groups())
                + (d * sizes.depth().dilation() - sizes.depth().before()) * padding.step(0)
                + (h * sizes.height().dilation() - sizes.height().before()) * padding.step(1)
                + (w * sizes.width().dilation() - sizes.width().before()) * padding.step(2);
        int vectors = gradient + (kernel.copied ? kernel.panel(group, panel) : 0);
        TileSet tiles = kernel.tiles;
        Tiling rows = tiles.rows(panel);
        Object result = compute[2];
        boolean direct = tiles.isDirect(panel, true);
        Object sums =
                direct ? result : tiles.begin(panel, rows.size(), continued, result, to, sizes.out(), rows.size());
        tiles.all(
                panel,
                compute,
                sums,
                images * sizes.depth().windows(),
                sizes.height().windows(),
                sizes.width().windows(),
                from,
                1,
                vectors,
                direct ? to : 0,
                direct ? sizes.out() : tiles.width(panel),
                continued,
                1,
                0,
                0);
        if (!direct) {
            tiles.finish(panel, true, compute, sums, 0, result, to, sizes.out(), rows.size(), 0);
        }
    }

    private void add(int from, int count) {
        for (int apart = 1; apart < sections; apart *= 2) {
            boolean last = apart * 2 >= sections;
            for (int i = 0; i + apart < sections; i += 2 * apart) {
                int a = offsets[WORK] + i * kernel.weight() + from;
                int b = a + apart * kernel.weight();
                kernel.sum.run(last ? addLast : add, count, a, b, last ? offsets[RESULT] + from : a);
            }
        }
    }
}
