package org.gradus.kernel;

import org.gradus.kernel.Correlation.Pattern;

/// A [Correlation] bound to its arrays. The first phase packs the weight into the workspace, the second computes image
/// by image; behind the weight each part has a place for one padded image.
final class CorrelationWork implements Work {
    static final int MOST_PARTS = 16;
    private static final int SUMS = 1 << 12; // so many are computed by the same calls, or one row
    private static final int SOURCE = 0;
    private static final int WEIGHT = 1;
    private static final int RESULT = 2;
    private static final int BIAS = 3;
    private static final int WORK = 4;
    private static final int KEPT = 5;

    private final Correlation kernel;
    private final Convolution sizes;
    private final Columns columns;
    private final Object[] arrays;
    private final int[] offsets;
    private final Object[] pack;
    private final int packedAt;
    private final int copiesAt;
    private final Object[] compute;
    private final Item[] items; // patterns, groups and panels
    private final int pixels; // of a result
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
        boolean apart = arrays.length > KEPT;
        Object kept = apart ? arrays[KEPT] : work;
        packedAt = offsets[apart ? KEPT : WORK];
        copiesAt = offsets[WORK] + (apart ? 0 : kernel.packed);
        pack = new Object[] {arrays[WEIGHT], kept};
        compute = new Object[] {kernel.padding.isNone() ? arrays[SOURCE] : work, kept, arrays[RESULT], arrays[BIAS]};
        int count = kernel.patterns.size() * kernel.groups * columns.panels();
        items = new Item[count];
        for (int i = 0; i < count; i++) {
            items[i] = item(i);
        }
        pixels = kernel.transposed ? sizes.pixels() : sizes.windows();
        splits = Math.max(1, Math.min(count, MOST_PARTS / 2 / Math.max(1, kernel.batch)));
        long units = count == 0 ? 0 : (long) kernel.batch * splits;
        packParts = units == 0 ? 0 : Math.min(count, MOST_PARTS);
        computeParts =
                (int) Math.min(units, Math.min(MOST_PARTS, Math.max(1, sizes.flops() / Contraction.FLOPS_OF_PART)));
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
            for (int item = items.length * part / packParts; item < items.length * (part + 1) / packParts; item++) {
                pack(item);
            }
            return;
        }
        Padding padding = kernel.padding;
        int aside = copiesAt + part * padding.count();
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
            for (int item = items.length * split / splits; item < items.length * (split + 1) / splits; item++) {
                compute(image, source, items[item]);
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
        return packedAt + pattern.packedAt() + columnsBefore * pattern.taps() * (kernel.source() / kernel.groups);
    }

    private Item item(int item) {
        Pattern pattern = pattern(item);
        TileSet tiles = pattern.tiles();
        int panel = item % columns.panels();
        int channel = group(item) * columns.count() + columns.start(panel);
        int summed = kernel.source() / kernel.groups;
        int wide = pattern.width().taps().size();
        int high = pattern.height().taps().size();
        int deep = pattern.depth().taps().size();
        int row = pattern.width().count() * tiles.width(panel);
        boolean isOnePiece =
                pattern.width().count() == kernel.result(2) && pattern.height().step() == 1;
        return new Item(
                tiles,
                panel,
                tiles.isDirect(panel, true),
                pattern.depth().count(),
                pattern.height().count(),
                pattern.width().count(),
                source(pattern, group(item) * summed),
                result(pattern, offsets[RESULT] + channel),
                offsets[BIAS] + channel,
                isOnePiece ? Math.max(1, SUMS / Math.max(1, row)) : 1,
                deep,
                deep == 0 ? 0 : high,
                pattern.joined() ? 1 : wide,
                pattern.joined() ? wide * summed : summed,
                packed(item),
                pattern.depth().spacing() * kernel.padding.plane(),
                high * wide * summed * tiles.width(panel));
    }

    /// Where a pattern's outputs find what they are multiplied with first.
    private Steps source(Pattern pattern, int begin) {
        Padding padding = kernel.padding;
        Pass depth = pattern.depth();
        Pass height = pattern.height();
        Pass width = pattern.width();
        return new Steps(
                begin
                        + depth.first() * padding.plane()
                        + height.first() * padding.line()
                        + width.first() * padding.channels(),
                depth.advance() * padding.plane(),
                height.advance() * padding.line(),
                width.advance() * padding.channels());
    }

    /// Where they lie.
    private Steps result(Pattern pattern, int begin) {
        Pass depth = pattern.depth();
        Pass height = pattern.height();
        Pass width = pattern.width();
        int line = kernel.result(2) * kernel.target();
        int plane = kernel.result(1) * line;
        return new Steps(
                begin + depth.start() * plane + height.start() * line + width.start() * kernel.target(),
                depth.step() * plane,
                height.step() * line,
                width.step() * kernel.target());
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
                    kernel.packing.crosswise(pack, panel, summed, from, out, to, row);
                    to += summed * row;
                }
            }
        }
    }

    /// An item's outputs of one image, a few rows of pixels at a time.
    ///
    /// @param source where the image's first pixel lies, within its border
    private void compute(int image, int source, Item item) {
        TileSet tiles = item.tiles;
        int panel = item.panel;
        int step = item.result.pixel;
        int across = item.direct ? step : tiles.width(panel);
        int to = image * pixels * kernel.target();
        for (int z = 0; z < item.depth; z++) {
            for (int y = 0; y < item.height; y += item.together) {
                int rows = Math.min(item.together, item.height - y);
                int count = rows * item.width;
                int from = source + item.source.at(z, y);
                int c = to + item.result.at(z, y);
                Object sums = item.direct ? compute[2] : tiles.begin(panel, count, 0, compute[2], c, step, count);
                for (int d = 0; d == 0 || d < item.planes; d++) {
                    tiles.all(
                            panel,
                            compute,
                            sums,
                            item.outer,
                            item.middle,
                            item.inner,
                            from + d * item.nextSource,
                            item.source.pixel,
                            item.weight + d * item.nextWeight,
                            item.direct ? c : 0,
                            across,
                            d,
                            rows,
                            item.source.line,
                            item.width * across);
                }
                if (!item.direct) {
                    tiles.finish(panel, true, compute, sums, 0, compute[2], c, step, count, item.bias);
                }
            }
        }
    }

    /// The outputs of a pattern in a panel of channels of a group. What is asked for at each call is kept as a number.
    ///
    /// @param direct whether sums go straight to the result
    /// @param depth how many outputs there are along each axis, as `height` and `width`
    /// @param source where they find what they are multiplied with first, from the image's first pixel
    /// @param result where they lie in the first image's result
    /// @param bias where their bias lies
    /// @param together how many rows of pixels are computed by the same calls, where all of them lie behind each other
    /// @param planes of taps, one after the other: of `outer` rows with `middle` taps, and `inner` products for each of these
    /// @param weight where their packed weight begins
    /// @param nextSource from what a plane of taps sees to what the next one does
    /// @param nextWeight from a plane's weight to the next one's
    private record Item(
            TileSet tiles,
            int panel,
            boolean direct,
            int depth,
            int height,
            int width,
            Steps source,
            Steps result,
            int bias,
            int together,
            int planes,
            int outer,
            int middle,
            int inner,
            int weight,
            int nextSource,
            int nextWeight) {}

    /// Where something of the first output is, and how far that of its neighbours along the axes is away.
    private record Steps(int first, int plane, int line, int pixel) {
        int at(int z, int y) {
            return first + z * plane + y * line;
        }
    }
}
