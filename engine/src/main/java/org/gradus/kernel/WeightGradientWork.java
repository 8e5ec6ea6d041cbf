package org.gradus.kernel;

/// A [WeightGradient] bound to its arrays. The first phase sums section by section, the second adds the sections. The
/// workspace holds the sections and behind them each part's copies of one image and its gradient.
final class WeightGradientWork implements Work {
    static final int MOST_PARTS = 16;
    private static final int ELEMENTS_OF_PART = 1 << 14;
    private static final long FLOPS_OF_PART = 4_000_000;
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
                        (long) sections * splits, Math.min(MOST_PARTS, Math.max(1, sizes.flops() / FLOPS_OF_PART)));
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
            kernel.padding.clear(arrays[WORK], aside(part));
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
        Padding padding = kernel.padding;
        int begin = (int) ((long) sizes.batch() * section / sections);
        int end = (int) ((long) sizes.batch() * (section + 1) / sections);
        int gradientImage = sizes.windows() * sizes.out();
        for (int image = begin; image < Math.max(end, begin + 1); image++) {
            boolean none = image >= end;
            int source = offsets[SOURCE] + image * padding.image();
            if (!padding.isNone()) {
                if (!none) {
                    padding.copy(arrays[SOURCE], source, arrays[WORK], aside(part));
                }
                source = aside(part) + padding.origin();
            }
            int gradient = offsets[GRADIENT] + image * gradientImage;
            if (kernel.copied) {
                int to = aside(part) + padding.count();
                if (!none) {
                    copy(gradient, to);
                }
                gradient = to;
            }
            for (int item = items * split / splits; item < items * (split + 1) / splits; item++) {
                compute(section, item, source, gradient, image > begin, none);
            }
        }
    }

    /// Copies the gradient of an image so that each group's channels begin at a whole vector.
    private void copy(int from, int to) {
        for (int group = 0; group < sizes.groups(); group++) {
            int target = to + group * columns.vectors() * columns.lanes();
            for (int panel = 0; panel < columns.panels(); panel++) {
                kernel.packing.straight(
                        copy,
                        panel,
                        sizes.windows(),
                        from + group * columns.count() + columns.start(panel),
                        sizes.out(),
                        target + columns.start(panel),
                        kernel.pixel());
            }
        }
    }

    /// Adds an image to some of a section's sums.
    ///
    /// @param none whether there is no image, and the sums are 0
    private void compute(int section, int item, int source, int gradient, boolean continued, boolean none) {
        int panel = item % columns.panels();
        int group = item / columns.panels() % sizes.groups();
        int tap = item / columns.panels() / sizes.groups();
        int perRow = kernel.joined ? 1 : sizes.width().kernel();
        int w = tap % perRow;
        int h = tap / perRow % sizes.height().kernel();
        int d = tap / perRow / sizes.height().kernel();
        Padding padding = kernel.padding;
        int channels = sizes.in() / sizes.groups();
        int from = source
                + group * channels
                + (d * sizes.depth().dilation() - sizes.depth().before()) * padding.step(0)
                + (h * sizes.height().dilation() - sizes.height().before()) * padding.step(1)
                + (w * sizes.width().dilation() - sizes.width().before()) * padding.step(2);
        int groupColumn = kernel.copied ? columns.vectors() * columns.lanes() : columns.count();
        int vectors = gradient + group * groupColumn + columns.start(panel);
        int result = sections == 1 ? offsets[RESULT] : offsets[WORK] + section * kernel.weight();
        int to = result + tap * kernel.rows.size() * sizes.out() + group * columns.count() + columns.start(panel);
        for (int tile = 0; tile < kernel.rows.tiles(); tile++) {
            int first = kernel.rows.start(tile);
            kernel.tiles
                    .get(kernel.rows.length(tile), panel, continued, continued)
                    .run(
                            compute,
                            none ? 0 : sizes.depth().windows(),
                            sizes.height().windows(),
                            sizes.width().windows(),
                            from + first,
                            vectors,
                            to + first * sizes.out(),
                            sizes.out(),
                            columns.last(panel),
                            0);
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
