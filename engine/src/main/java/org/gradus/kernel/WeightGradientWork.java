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
    private final int weight; // its elements
    private final int depth; // windows along the axes
    private final int height;
    private final int width;
    private final int windows; // of an image
    private final int asideAt; // where the parts' copies begin
    private final int copies; // the elements of a part's
    private final Item[] items; // depth and height taps, width taps where not joined, groups and panels
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
        weight = kernel.weight();
        depth = sizes.depth().windows();
        height = sizes.height().windows();
        width = sizes.width().windows();
        windows = sizes.windows();
        asideAt = offsets[WORK] + sections * weight;
        copies = kernel.copies();
        int taps = sizes.taps() / (kernel.joined ? sizes.width().kernel() : 1);
        items = new Item[taps * sizes.groups() * columns.panels()];
        for (int i = 0; i < items.length; i++) {
            items[i] = item(i);
        }
        splits = Math.max(1, Math.min(items.length, MOST_PARTS / 2 / sections));
        boolean empty = weight == 0;
        computeParts = empty
                ? 0
                : (int) Math.min(
                        (long) sections * splits,
                        Math.min(MOST_PARTS, Math.max(1, sizes.flops() / Contraction.FLOPS_OF_PART)));
        addParts = empty || sections == 1 ? 0 : Math.max(1, Math.min(MOST_PARTS, weight * sections / ELEMENTS_OF_PART));
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
            int from = (int) ((long) weight * part / addParts);
            add(from, (int) ((long) weight * (part + 1) / addParts) - from);
        }
    }

    private int aside(int part) {
        return asideAt + part * copies;
    }

    private void section(int section, int split, int part) {
        int begin = (int) ((long) sizes.batch() * section / sections);
        int end = (int) ((long) sizes.batch() * (section + 1) / sections);
        int to = sections == 1 ? offsets[RESULT] : offsets[WORK] + section * weight;
        int firstItem = items.length * split / splits;
        int lastItem = items.length * (split + 1) / splits;
        for (int image = begin; image < Math.max(end, begin + 1); image += kernel.together) {
            int images = Math.min(kernel.together, end - image);
            int source = source(image, images, part);
            int gradient = gradient(image, images, part);
            for (int item = firstItem; item < lastItem; item++) {
                compute(items[item], images, source, gradient, to, image - begin);
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
        int from = offsets[GRADIENT] + image * windows * sizes.out();
        if (!kernel.copied) {
            return from;
        }
        int to = aside(part) + kernel.together * kernel.padding.count();
        for (int group = 0; group < sizes.groups(); group++) {
            for (int panel = 0; panel < columns.panels(); panel++) {
                int source = from + group * columns.count() + columns.start(panel);
                int place = to + kernel.panel(group, panel);
                int row = kernel.tiles.width(panel);
                kernel.packing.straight(copy, panel, images * windows, source, sizes.out(), place, row);
            }
        }
        return to;
    }

    private Item item(int item) {
        int panel = item % columns.panels();
        int group = item / columns.panels() % sizes.groups();
        int tap = item / columns.panels() / sizes.groups();
        int perRow = kernel.joined ? 1 : sizes.width().kernel();
        int d = tap / perRow / sizes.height().kernel();
        int h = tap / perRow % sizes.height().kernel();
        int w = tap % perRow;
        return new Item(
                panel,
                kernel.tiles.isDirect(panel, true),
                group * (sizes.in() / sizes.groups())
                        + sizes.depth().place(0, d) * kernel.padding.plane()
                        + sizes.height().place(0, h) * kernel.padding.line()
                        + sizes.width().place(0, w) * kernel.padding.channels(),
                kernel.copied ? kernel.panel(group, panel) : 0,
                tap * kernel.weights * sizes.out() + group * columns.count() + columns.start(panel));
    }

    /// Some rows of weights in a panel of channels: a tap's, or all of a kernel row.
    ///
    /// @param from where the first window finds what it sees, from the image's first pixel
    /// @param vectors where the panel's gradients begin
    /// @param to where the sums go, from the first weight
    private record Item(int panel, boolean direct, int from, int vectors, int to) {}

    /// Adds some images to the sums of an item.
    ///
    /// @param weights where the first weight's sum lies
    private void compute(Item item, int images, int source, int gradient, int weights, int continued) {
        TileSet tiles = kernel.tiles;
        int panel = item.panel;
        int rows = tiles.rows(panel).size();
        int to = weights + item.to;
        Object result = compute[2];
        Object sums = item.direct ? result : tiles.begin(panel, rows, continued, result, to, sizes.out(), rows);
        tiles.all(
                panel,
                compute,
                sums,
                images * depth,
                height,
                width,
                source + item.from,
                1,
                gradient + item.vectors,
                item.direct ? to : 0,
                item.direct ? sizes.out() : tiles.width(panel),
                continued,
                1,
                0,
                0);
        if (!item.direct) {
            tiles.finish(panel, true, compute, sums, 0, result, to, sizes.out(), rows, 0);
        }
    }

    private void add(int from, int count) {
        for (int apart = 1; apart < sections; apart *= 2) {
            boolean last = apart * 2 >= sections;
            for (int i = 0; i + apart < sections; i += 2 * apart) {
                int a = offsets[WORK] + i * weight + from;
                int b = a + apart * weight;
                kernel.sum.run(last ? addLast : add, count, a, b, last ? offsets[RESULT] + from : a);
            }
        }
    }
}
