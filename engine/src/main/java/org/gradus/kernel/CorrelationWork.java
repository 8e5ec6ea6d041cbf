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
        boolean apart = arrays.length > KEPT;
        Object kept = apart ? arrays[KEPT] : work;
        packedAt = offsets[apart ? KEPT : WORK];
        copiesAt = offsets[WORK] + (apart ? 0 : kernel.packed);
        pack = new Object[] {arrays[WEIGHT], kept};
        compute = new Object[] {kernel.padding.isNone() ? arrays[SOURCE] : work, kept, arrays[RESULT], arrays[BIAS]};
        items = kernel.patterns.size() * kernel.groups * columns.panels();
        splits = Math.max(1, Math.min(items, MOST_PARTS / 2 / Math.max(1, kernel.batch)));
        long units = items == 0 ? 0 : (long) kernel.batch * splits;
        packParts = units == 0 ? 0 : Math.min(items, MOST_PARTS);
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
            for (int item = items * part / packParts; item < items * (part + 1) / packParts; item++) {
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
        return packedAt + pattern.packedAt() + columnsBefore * pattern.taps() * (kernel.source() / kernel.groups);
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

    /// One image's outputs of a pattern in a panel of channels, a few rows of pixels at a time.
    ///
    /// @param source where the image's first pixel lies, within its border
    private void compute(int image, int source, int item) {
        Pattern pattern = pattern(item);
        TileSet tiles = pattern.tiles();
        int panel = item % columns.panels();
        int channel = group(item) * columns.count() + columns.start(panel);
        int wide = pattern.width().count();
        int step = pattern.width().step() * kernel.target();
        boolean direct = tiles.isDirect(panel, true);
        int across = direct ? step : tiles.width(panel);
        int together = together(pattern, panel);
        for (int z = 0; z < pattern.depth().count(); z++) {
            for (int y = 0; y < pattern.height().count(); y += together) {
                int rows = Math.min(together, pattern.height().count() - y);
                int count = rows * wide;
                int c = offsets[RESULT] + pixel(image, pattern, z, y) * kernel.target() + channel;
                Object sums = direct ? compute[2] : tiles.begin(panel, count, 0, compute[2], c, step, count);
                for (int d = 0; d == 0 || d < pattern.depth().taps().size(); d++) {
                    int from = corner(source, item, z, y, d);
                    add(item, d, from, sums, direct ? c : 0, across, rows);
                }
                if (!direct) {
                    int bias = offsets[BIAS] + channel;
                    tiles.finish(panel, true, compute, sums, 0, compute[2], c, step, count, bias);
                }
            }
        }
    }

    /// How many rows of pixels are computed by the same calls, where all of them lie behind each other.
    private int together(Pattern pattern, int panel) {
        int row = pattern.width().count() * pattern.tiles().width(panel);
        boolean isOnePiece =
                pattern.width().count() == kernel.result(2) && pattern.height().step() == 1;
        return isOnePiece ? Math.max(1, SUMS / Math.max(1, row)) : 1;
    }

    /// The first pixel of a row of a pattern, among those of the result.
    private int pixel(int image, Pattern pattern, int z, int y) {
        int plane = image * kernel.result(0)
                + pattern.depth().start()
                + z * pattern.depth().step();
        int row = plane * kernel.result(1)
                + pattern.height().start()
                + y * pattern.height().step();
        return row * kernel.result(2) + pattern.width().start();
    }

    /// Where the first output of a row finds what it is multiplied with first.
    private int corner(int source, int item, int z, int y, int d) {
        Pass depth = pattern(item).depth();
        Pass height = pattern(item).height();
        return source
                + group(item) * (kernel.source() / kernel.groups)
                + (depth.first() + z * depth.advance() + d * depth.spacing()) * kernel.padding.step(0)
                + (height.first() + y * height.advance()) * kernel.padding.step(1)
                + pattern(item).width().first() * kernel.padding.step(2);
    }

    /// Adds what a plane of taps gives to some rows of outputs.
    ///
    /// @param from where the first output finds what it is multiplied with first
    /// @param to where its sum goes; its neighbour's lies `across` elements behind it
    private void add(int item, int d, int from, Object sums, int to, int across, int rows) {
        Pattern pattern = pattern(item);
        TileSet tiles = pattern.tiles();
        int panel = item % columns.panels();
        int summed = kernel.source() / kernel.groups;
        int tapsInRow = pattern.width().taps().size();
        int rowsOfTaps = pattern.height().taps().size();
        int outer = pattern.depth().taps().isEmpty() ? 0 : rowsOfTaps;
        int middle = pattern.joined() ? 1 : tapsInRow;
        int inner = pattern.joined() ? tapsInRow * summed : summed;
        int weight = packed(item) + d * rowsOfTaps * tapsInRow * summed * tiles.width(panel);
        int advance = pattern.width().advance() * kernel.padding.step(2);
        int down = pattern.height().advance() * kernel.padding.step(1);
        tiles.all(
                panel,
                compute,
                sums,
                outer,
                middle,
                inner,
                from,
                advance,
                weight,
                to,
                across,
                d,
                rows,
                down,
                pattern.width().count() * across);
    }
}
