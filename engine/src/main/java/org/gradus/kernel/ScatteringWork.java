package org.gradus.kernel;

/// A [Scattering] bound to its arrays. The first phase packs the weight into the workspace, the second computes image
/// by image; behind the weight each part has a place for one padded image.
final class ScatteringWork implements Work {
    static final int MOST_PARTS = 16;
    private static final int GRADIENT = 0;
    private static final int WEIGHT = 1;
    private static final int RESULT = 2;
    private static final int WORK = 4;

    private final Scattering kernel;
    private final Convolution sizes;
    private final Columns columns;
    private final Object[] arrays;
    private final int[] offsets;
    private final Object[] pack;
    private final Object[] compute;
    private final int row; // the elements of a packed row of taps
    private final int planes; // of windows
    private final int lines; // of them in each plane
    private final int wide; // windows in each line
    private final int packParts;
    private final int computeParts;

    ScatteringWork(Scattering kernel, Object[] arrays, int[] offsets) {
        this.kernel = kernel;
        this.sizes = kernel.convolution;
        this.columns = kernel.columns;
        this.arrays = arrays.clone();
        this.offsets = offsets.clone();
        Object work = arrays[WORK];
        pack = new Object[] {arrays[WEIGHT], work};
        compute = new Object[] {arrays[GRADIENT], work, kernel.padding.isNone() ? arrays[RESULT] : work};
        row = kernel.packedRow();
        planes = sizes.depth().windows();
        lines = sizes.height().windows();
        wide = sizes.width().windows();
        packParts = Math.min(kernel.rows(), MOST_PARTS);
        computeParts = Math.min(sizes.batch(), Math.clamp(sizes.flops() / Contraction.FLOPS_OF_PART, 1, MOST_PARTS));
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
            for (int i = kernel.rows() * part / packParts; i < kernel.rows() * (part + 1) / packParts; i++) {
                pack(i);
            }
            return;
        }
        Padding padding = kernel.padding;
        int end = (int) ((long) sizes.batch() * (part + 1) / computeParts);
        for (int image = (int) ((long) sizes.batch() * part / computeParts); image < end; image++) {
            int result = offsets[RESULT] + image * padding.image();
            if (padding.isNone()) {
                TileSet.clear(arrays[RESULT], result, padding.image());
                compute(image, result);
            } else {
                int aside = offsets[WORK] + kernel.rows() * row + part * padding.count();
                padding.clear(arrays[WORK], aside);
                compute(image, aside + padding.origin());
                padding.copyBack(arrays[WORK], aside, arrays[RESULT], result);
            }
        }
    }

    /// Packs a row of taps: panel by panel, and in each panel one result's channel after the other.
    private void pack(int taps) {
        int out = sizes.out();
        int from = offsets[WEIGHT] + taps * columns.count() * out;
        int to = offsets[WORK] + taps * row;
        for (int panel = 0; panel < columns.panels(); panel++) {
            kernel.packing.crosswise(
                    pack,
                    panel,
                    out,
                    from + columns.start(panel) * out,
                    out,
                    to + columns.start(panel) * out,
                    columns.vectors(panel) * columns.lanes());
        }
    }

    /// Adds what an image's windows give.
    ///
    /// @param result where the image's first pixel lies, within its border
    private void compute(int image, int result) {
        Axis depth = sizes.depth();
        Axis height = sizes.height();
        for (int z = 0; z < planes; z++) {
            for (int tile = 0; tile < kernel.windows.tiles(); tile++) {
                int y = kernel.windows.start(tile);
                int gradient = offsets[GRADIENT] + ((image * planes + z) * lines + y) * wide * sizes.out();
                for (int d = depth.kernel() - 1; d >= 0; d--) {
                    for (int h = height.kernel() - 1; h >= 0; h--) {
                        int pixel = result
                                + depth.place(z, d) * kernel.padding.plane()
                                + height.place(y, h) * kernel.padding.line();
                        compute(tile, d * height.kernel() + h, gradient, pixel);
                    }
                }
            }
        }
    }

    /// Adds what a tile of windows, and all beside it, give to the pixels under a row of taps. The last panels, with the
    /// taps to the right, come first: so pixels see the windows from left to right.
    private void compute(int tile, int taps, int gradient, int pixel) {
        Axis width = sizes.width();
        int height = kernel.windows.length(tile);
        int step = sizes.height().stride() * kernel.padding.line();
        int out = sizes.out();
        int next = width.stride() * sizes.in();
        TileSet tiles = kernel.tiles;
        for (int panel = columns.panels() - 1; panel >= 0; panel--) {
            int b = offsets[WORK] + taps * row + columns.start(panel) * out;
            int c = pixel + width.place(0, 0) * sizes.in() + columns.start(panel);
            Tile run = tiles.get(height, panel, out * wide);
            if (tiles.isDirect(panel, true)) {
                run.run(compute, compute[2], 1, 1, out, gradient, b, c, step, 1, wide, out, next);
                continue;
            }
            for (int x = 0; x < wide; x++) {
                int to = c + x * next;
                Object sums = tiles.begin(panel, height, 1, compute[2], to, step, height);
                run.run(compute, sums, 1, 1, out, gradient + x * out, b, 0, tiles.width(panel), 1, 1, 0, 0);
                tiles.finish(panel, true, compute, sums, 0, compute[2], to, step, height, 0);
            }
        }
    }
}
