package org.gradus.kernel;

/// A [WinogradCorrelation] bound to its arrays. The workspace holds the packed weight, the transformed one, and each
/// part's own room.
final class WinogradCorrelationWork implements Work {
    static final int MOST_PARTS = 16;
    private static final int TAPS = 3;
    private static final int ELEMENTS_OF_PART = 1 << 13;
    private static final int SOURCE = 0;
    private static final int WEIGHT = 1;
    private static final int RESULT = 2;
    private static final int BIAS = 3;
    private static final int WORK = 4;
    private static final int KEPT = 5;

    private final WinogradCorrelation kernel;
    private final Winograd method;
    private final Columns columns;
    private final int[] offsets;
    private final Object[] pack;
    private final Object[] weight; // packed and transformed
    private final int weightAt;
    private final int roomAt;
    private final Object[] inside; // the workspace, twice
    private final Object[] factors; // transformed pixels and weight
    private final Object[] image;
    private final Object[] write;
    private final Object[] writeAside;
    private final int count; // of all tiles of pixels
    private final int blocks;
    private final int[] parts;

    WinogradCorrelationWork(WinogradCorrelation kernel, Object[] arrays, int[] offsets) {
        this.kernel = kernel;
        this.method = kernel.method;
        this.columns = kernel.columns;
        this.offsets = offsets.clone();
        Object work = arrays[WORK];
        boolean apart = arrays.length > KEPT;
        Object kept = apart ? arrays[KEPT] : work;
        weightAt = offsets[apart ? KEPT : WORK];
        roomAt = offsets[WORK] + (apart ? 0 : kernel.kept());
        pack = new Object[] {arrays[WEIGHT], kept};
        weight = new Object[] {kept, kept};
        inside = new Object[] {work, work};
        factors = new Object[] {work, kept};
        image = new Object[] {arrays[SOURCE], work};
        write = new Object[] {work, arrays[RESULT], arrays[BIAS]};
        writeAside = new Object[] {work, work, arrays[BIAS]};
        count = kernel.batch * kernel.pixels.perImage();
        blocks = Math.ceilDiv(count, method.block);
        long flops = 2L * method.products() * kernel.matrix() * count;
        parts = new int[] {
            Math.min(TAPS * TAPS * columns.panels(), MOST_PARTS),
            Math.clamp(kernel.matrix() / ELEMENTS_OF_PART, 1, MOST_PARTS),
            Math.min(blocks, Math.clamp(flops / Contraction.FLOPS_OF_PART, 1, MOST_PARTS))
        };
    }

    @Override
    public int phases() {
        return parts.length;
    }

    @Override
    public int parts(int phase) {
        return parts[phase];
    }

    @Override
    public void run(int phase, int part) {
        switch (phase) {
            case 0 -> {
                int items = TAPS * TAPS * columns.panels();
                for (int item = items * part / parts[0]; item < items * (part + 1) / parts[0]; item++) {
                    pack(item / columns.panels(), item % columns.panels());
                }
            }
            case 1 -> transform(part);
            default -> compute(part);
        }
    }

    private void pack(int tap, int panel) {
        int start = columns.start(panel);
        int to = weightAt + tap * kernel.matrix() + start * kernel.source;
        int row = columns.vectors(panel) * kernel.lanes;
        if (kernel.transposed) {
            int from = offsets[WEIGHT] + (tap * kernel.target + start) * kernel.source;
            kernel.packing.crosswise(pack, panel, kernel.source, from, kernel.source, to, row);
        } else {
            int from = offsets[WEIGHT] + tap * kernel.source * kernel.target + start;
            kernel.packing.straight(pack, panel, kernel.source, from, kernel.target, to, row);
        }
    }

    /// Where the transformed weight begins.
    private int transformed() {
        return weightAt + TAPS * TAPS * kernel.matrix();
    }

    /// Transforms a part of the weight; that of the transpose from its last tap on.
    private void transform(int part) {
        int matrix = kernel.matrix();
        int vectors = matrix / kernel.lanes;
        int from = (int) ((long) vectors * part / parts[1]) * kernel.lanes;
        int end = (int) ((long) vectors * (part + 1) / parts[1]) * kernel.lanes;
        int first = kernel.transposed ? (TAPS * TAPS - 1) * matrix : 0;
        int step = kernel.transposed ? -matrix : matrix;
        kernel.weight.run(
                weight,
                1,
                end - from,
                weightAt + first + from,
                0,
                TAPS * step,
                step,
                transformed() + from,
                0,
                method.side() * matrix,
                matrix,
                0);
    }

    private void compute(int part) {
        int room = roomAt + part * kernel.part();
        int pixels = room + kernel.pixels.padding().count();
        int products = pixels + method.products() * kernel.before();
        kernel.pixels.padding().clear(inside[0], room);
        int copied = -1;
        int end = (int) ((long) blocks * (part + 1) / parts[2]);
        for (int block = (int) ((long) blocks * part / parts[2]); block < end; block++) {
            int first = block * method.block;
            int last = Math.min(count, first + method.block);
            copied = kernel.pixels.map(
                    image, inside, first, last, offsets[SOURCE], room, copied, pixels, kernel.source, kernel.before());
            multiply(last - first, pixels, products);
            store(first, last, products);
        }
    }

    private void multiply(int block, int pixels, int products) {
        int height = kernel.rows.height();
        int count = Math.ceilDiv(block, height);
        int source = kernel.source;
        int across = kernel.across();
        for (int product = 0; product < method.products(); product++) {
            int from = pixels + product * kernel.before();
            int weight = transformed() + product * kernel.matrix();
            int to = products + product * kernel.after();
            for (int panel = 0; panel < columns.panels(); panel++) {
                int start = columns.start(panel);
                int b = weight + start * source;
                kernel.tiles
                        .get(height, panel, source * count)
                        .run(
                                factors,
                                inside[0],
                                1,
                                1,
                                source,
                                from,
                                b,
                                to + start,
                                across,
                                0,
                                count,
                                height * source,
                                height * across);
            }
        }
    }

    /// Transforms the products of a block back, run by run of tiles that follow each other in a row.
    private void store(int first, int end, int products) {
        int step = method.step;
        int target = kernel.target;
        int aside = products + method.products() * kernel.after();
        int tile = first;
        while (tile < end) {
            int place = tile / kernel.pixels.columns();
            int column = tile % kernel.pixels.columns();
            int run = Math.min(end - tile, kernel.pixels.columns() - column);
            int top = place % kernel.pixels.rows() * step;
            int left = column * step;
            int height = Math.min(step, kernel.height - top);
            int width = Math.min(run * step, kernel.width - left);
            int to = offsets[RESULT]
                    + ((place / kernel.pixels.rows() * kernel.height + top) * kernel.width + left) * target;
            boolean isWhole = height == step && width == run * step;
            int row = (isWhole ? kernel.width : run * step) * target;
            kernel.result.run(
                    isWhole ? write : writeAside,
                    run,
                    target,
                    products + (tile - first) * kernel.across(),
                    kernel.across(),
                    method.side() * kernel.after(),
                    kernel.after(),
                    isWhole ? to : aside,
                    step * target,
                    row,
                    target,
                    offsets[BIAS]);
            for (int i = 0; i < height && !isWhole; i++) {
                System.arraycopy(inside[0], aside + i * row, write[1], to + i * kernel.width * target, width * target);
            }
            tile += run;
        }
    }
}
