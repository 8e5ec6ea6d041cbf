package org.gradus.kernel;

/// A [WinogradWeightGradient] bound to its arrays. The first phase sums section by section, the second adds the sections
/// and transforms them back. The workspace holds the sections' sums, and behind them each one's own room.
final class WinogradWeightGradientWork implements Work {
    private static final int ELEMENTS_OF_PART = 1 << 15;
    private static final int MOST_PARTS = 16;
    private static final int SOURCE = 0;
    private static final int GRADIENT = 1;
    private static final int RESULT = 2;
    private static final int WORK = 4;

    private final WinogradWeightGradient kernel;
    private final Winograd method;
    private final int[] offsets;
    private final Object[] inside;
    private final Object[] image;
    private final Object[] gradient;
    private final Object[] write;
    private final int sections;
    private final int addParts;

    WinogradWeightGradientWork(WinogradWeightGradient kernel, Object[] arrays, int[] offsets) {
        this.kernel = kernel;
        this.method = kernel.method;
        this.offsets = offsets.clone();
        Object work = arrays[WORK];
        inside = new Object[] {work, work, work};
        image = new Object[] {arrays[SOURCE], work};
        gradient = new Object[] {arrays[GRADIENT], work};
        write = new Object[] {work, arrays[RESULT]};
        sections = kernel.sections();
        int elements = sections * method.products() * kernel.matrix();
        addParts = Math.min(kernel.in, Math.clamp(elements / ELEMENTS_OF_PART, 1, MOST_PARTS));
    }

    @Override
    public int phases() {
        return 2;
    }

    @Override
    public int parts(int phase) {
        return phase == 0 ? sections : addParts;
    }

    @Override
    public void run(int phase, int part) {
        if (phase == 0) {
            sum(part);
        } else {
            int from = (int) ((long) kernel.in * part / addParts);
            add(from, (int) ((long) kernel.in * (part + 1) / addParts) - from);
        }
    }

    /// Where a section's sums begin.
    private int sums(int section) {
        return offsets[WORK] + section * method.products() * kernel.matrix();
    }

    private void sum(int section) {
        int pixelsAside = sums(sections) + section * kernel.part();
        int gradientAside = pixelsAside + kernel.pixels.padding().count();
        int pixels = gradientAside + kernel.gradient.padding().count();
        int gradients = pixels + method.products() * kernel.before();
        kernel.pixels.padding().clear(inside[0], pixelsAside);
        kernel.gradient.padding().clear(inside[0], gradientAside);
        int perImage = kernel.pixels.perImage();
        int begin = (int) ((long) kernel.batch * section / sections) * perImage;
        int end = (int) ((long) kernel.batch * (section + 1) / sections) * perImage;
        int pixelsCopied = -1;
        int gradientCopied = -1;
        for (int first = begin; first < end; first += method.block) {
            int last = Math.min(end, first + method.block);
            pixelsCopied = kernel.pixels.map(
                    image,
                    inside,
                    first,
                    last,
                    offsets[SOURCE],
                    pixelsAside,
                    pixelsCopied,
                    pixels,
                    kernel.in,
                    kernel.before());
            gradientCopied = kernel.gradient.map(
                    gradient,
                    inside,
                    first,
                    last,
                    offsets[GRADIENT],
                    gradientAside,
                    gradientCopied,
                    gradients,
                    kernel.columns.count(),
                    kernel.after());
            multiply(last - first, pixels, gradients, sums(section), first - begin);
        }
    }

    private void multiply(int block, int pixels, int gradients, int sums, int continued) {
        int across = kernel.columns.count();
        for (int product = 0; product < method.products(); product++) {
            int a = pixels + product * kernel.before();
            int b = gradients + product * kernel.after();
            int c = sums + product * kernel.matrix();
            for (int panel = 0; panel < kernel.columns.panels(); panel++) {
                int start = kernel.columns.start(panel);
                kernel.tiles.all(
                        panel, inside, inside[2], 1, 1, block, a, 1, b + start, c + start, across, continued, 1, 0, 0);
            }
        }
    }

    /// Adds the sections' sums for some channels, and makes them gradients.
    private void add(int from, int channels) {
        int across = kernel.columns.count();
        for (int product = 0; product < method.products(); product++) {
            int place = product * kernel.matrix() + from * across;
            for (int apart = 1; apart < sections; apart *= 2) {
                for (int i = 0; i + apart < sections; i += 2 * apart) {
                    int a = sums(i) + place;
                    kernel.sum.run(inside, channels * across, a, sums(i + apart) + place, a);
                }
            }
        }
        int tap = kernel.in * kernel.out;
        kernel.result.run(
                write,
                channels,
                kernel.out,
                sums(0) + from * across,
                across,
                method.side() * kernel.matrix(),
                kernel.matrix(),
                offsets[RESULT] + from * kernel.out,
                kernel.out,
                3 * tap,
                tap,
                0);
    }
}
