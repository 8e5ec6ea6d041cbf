package org.gradus.kernel;

import org.gradus.kernel.Correlation.Pattern;

/// A [Correlation] bound to its arrays. The first phase packs the weight into the workspace, the second computes image
/// by image; behind the weight each part has a place for one padded image.
final class CorrelationWork implements Work {
    static final int MOST_PARTS = 16;
    private static final long FLOPS_OF_PART = 4_000_000;
    private static final int SOURCE = 0;
    private static final int WEIGHT = 1;
    private static final int RESULT = 2;
    private static final int BIAS = 3;
    private static final int WORK = 4;

    private final Correlation kernel;
    private final Convolution sizes;
    private final Columns columns;
    private final Object[] arrays;
    private final int[] offsets;
    private final Object[] pack;
    private final Object[] compute;
    private final int items; // patterns, groups and panels
    private final int splits; // of an image's items
    private final int packParts;
    private final int computeParts;

    CorrelationWork(Correlation kernel, Object[] arrays, int[] offsets) {
        this.kernel = kernel;
        this.sizes = kernel.convolution;
        this.columns = kernel.columns;
        this.arrays = arrays.clone();
        this.offsets = offsets.clone();
        Object work = arrays[WORK];
        pack = new Object[] {arrays[WEIGHT], work};
        compute = new Object[] {kernel.padding.isNone() ? arrays[SOURCE] : work, work, arrays[RESULT], arrays[BIAS]};
        items = kernel.patterns.size() * kernel.groups * columns.panels();
        splits = Math.max(1, Math.min(items, MOST_PARTS / 2 / Math.max(1, kernel.batch)));
        long units = items == 0 ? 0 : (long) kernel.batch * splits;
        packParts = units == 0 ? 0 : Math.min(items, MOST_PARTS);
        computeParts = (int) Math.min(units, Math.min(MOST_PARTS, Math.max(1, sizes.flops() / FLOPS_OF_PART)));
    }

    @Override
    public int phases() {
        return 2;
    }

    @Override
    public int parts(int phase) {
        return phase == 0 ? packParts : computeParts;
    }

    @Override
    public void run(int phase, int part) {
        if (phase == 0) {
            for (int item = items * part / packParts; item < items * (part + 1) / packParts; item++) {
                pack(item);
            }
            return;
        }
        Padding padding = kernel.padding;
        int aside = offsets[WORK] + kernel.packed + part * padding.count();
        padding.clear(arrays[WORK], aside);
        int units = kernel.batch * splits;
        int copied = -1;
        int end = (int) ((long) units * (part + 1) / computeParts);
        for (int unit = (int) ((long) units * part / computeParts); unit < end; unit++) {
            int image = unit / splits;
            int source = offsets[SOURCE] + image * padding.image();
            if (!padding.isNone()) {
                if (image != copied) {
                    padding.copy(arrays[SOURCE], source, arrays[WORK], aside);
                    copied = image;
                }
                source = aside + padding.origin();
            }
            int split = unit % splits;
            for (int item = items * split / splits; item < items * (split + 1) / splits; item++) {
                compute(image, source, item);
            }
        }
    }

    private Pattern pattern(int item) {
        return kernel.patterns.get(item / (kernel.groups * columns.panels()));
    }

    private int group(int item) {
        return item / columns.panels() % kernel.groups;
    }

    /// Where the packed weight of an item begins.
    private int packed(int item) {
        Pattern pattern = pattern(item);
        int columnsBefore = group(item) * columns.vectors() * columns.lanes() + columns.start(item % columns.panels());
        return offsets[WORK] + pattern.packedAt() + columnsBefore * pattern.taps() * (kernel.source() / kernel.groups);
    }

    private void pack(int item) {
        Pattern pattern = pattern(item);
        int group = group(item);
        int panel = item % columns.panels();
        int out = sizes.out();
        int to = packed(item);
        int row = columns.vectors(panel) * columns.lanes();
        if (!kernel.transposed) {
            int from = offsets[WEIGHT] + group * columns.count() + columns.start(panel);
            kernel.packing.straight(pack, panel, pattern.taps() * (sizes.in() / sizes.groups()), from, out, to, row);
            return;
        }
        int summed = out / sizes.groups();
        for (int d = 0; d < pattern.depth().taps().size(); d++) {
            for (int h = 0; h < pattern.height().taps().size(); h++) {
                for (int w = 0; w < pattern.width().taps().size(); w++) {
                    int tap = (pattern.depth().taps().get(d) * sizes.height().kernel()
                                            + pattern.height().taps().get(h))
                                    * sizes.width().kernel()
                            + pattern.width().taps().get(w);
                    int from = offsets[WEIGHT] + (tap * columns.count() + columns.start(panel)) * out + group * summed;
                    kernel.packing.turned(pack, summed, from, out, columns.length(panel), to, row);
                    to += summed * row;
                }
            }
        }
    }

    /// One image's outputs of a pattern in a panel of channels.
    ///
    /// @param source where the image's first pixel lies, within its border
    private void compute(int image, int source, int item) {
        Pattern pattern = pattern(item);
        int group = group(item);
        int panel = item % columns.panels();
        int channel = group * columns.count() + columns.start(panel);
        int summed = kernel.source() / kernel.groups;
        int weight = packed(item);
        int target = kernel.target();
        Pass depth = pattern.depth();
        Pass height = pattern.height();
        Pass width = pattern.width();
        Padding padding = kernel.padding;
        int depthTaps = depth.taps().size();
        int weightStep = height.taps().size() * width.taps().size() * summed * columns.vectors(panel) * columns.lanes();
        int middle = pattern.joined() ? 1 : width.taps().size();
        int inner = pattern.joined() ? width.taps().size() * summed : summed;
        int outHeight =
                kernel.transposed ? sizes.height().size() : sizes.height().windows();
        int outWidth = kernel.transposed ? sizes.width().size() : sizes.width().windows();
        int outDepth = kernel.transposed ? sizes.depth().size() : sizes.depth().windows();
        int corner = source
                + group * summed
                + depth.first() * padding.step(0)
                + height.first() * padding.step(1)
                + width.first() * padding.step(2);
        for (int z = 0; z < depth.count(); z++) {
            for (int y = 0; y < height.count(); y++) {
                int from = corner + z * depth.advance() * padding.step(0) + y * height.advance() * padding.step(1);
                int row = (image * outDepth + depth.start() + z * depth.step()) * outHeight
                        + height.start()
                        + y * height.step();
                int to = offsets[RESULT] + (row * outWidth + width.start()) * target + channel;
                int step = width.step() * target;
                for (int d = 0; d < Math.max(1, depthTaps); d++) {
                    for (int tile = 0; tile < pattern.pixels().tiles(); tile++) {
                        int first = pattern.pixels().start(tile);
                        pattern.tiles()
                                .get(pattern.pixels().length(tile), panel, d >= depthTaps - 1)
                                .run(
                                        compute,
                                        depthTaps == 0 ? 0 : height.taps().size(),
                                        middle,
                                        inner,
                                        from
                                                + d * depth.spacing() * padding.step(0)
                                                + first * width.advance() * padding.step(2),
                                        weight + d * weightStep,
                                        to + first * step,
                                        step,
                                        columns.last(panel),
                                        offsets[BIAS] + channel,
                                        d);
                    }
                }
            }
        }
    }
}
