package org.gradus.kernel;

/// A [Gemm] bound to its arrays.
///
/// The workspace holds, for each product of the batch, the packed `A` and then the packed `B`.
final class GemmWork implements Work {
    static final int MOST_PARTS = 32;
    private static final long FLOPS_OF_PART = 4_000_000;
    private static final long ELEMENTS_OF_PART = 1 << 15;
    private static final int A = 0;
    private static final int B = 1;
    private static final int C = 2;
    private static final int BIAS = 3;
    private static final int WORK = 4;

    private final Gemm gemm;
    private final Product product;
    private final Columns columns;
    private final int[] offsets;
    private final Object[] arrays;
    private final Object[] whole; // A or the packed A, the packed B
    private final Object[] uneven; // the packed A, the packed B
    private final Object[] fromA;
    private final Object[] fromB;
    private final int columnParts;
    private final int rowParts;
    private final int packParts;
    private final int computeParts;

    GemmWork(Gemm gemm, Object[] arrays, int[] offsets) {
        this.gemm = gemm;
        this.product = gemm.product;
        this.columns = gemm.columns;
        this.offsets = offsets.clone();
        this.arrays = arrays.clone();
        Object work = arrays[WORK];
        whole = new Object[] {gemm.direct ? arrays[A] : work, work};
        uneven = new Object[] {work, work};
        fromA = new Object[] {arrays[A], work};
        fromB = new Object[] {arrays[B], work};
        boolean empty = product.m() == 0 || product.n() == 0 || product.batches() == 0;
        long elements = (long) product.batches() * product.k() * (product.m() + product.n());
        long units = (long) product.batches() * (gemm.rows.tiles() + columns.panels());
        packParts = empty ? 0 : parts(elements / ELEMENTS_OF_PART, units);
        long each = product.flops() / Math.max(1, product.batches()) / FLOPS_OF_PART;
        columnParts = parts(each, columns.panels());
        rowParts = parts(each / columnParts, gemm.rows.tiles());
        computeParts =
                empty ? 0 : parts(product.flops() / FLOPS_OF_PART, (long) product.batches() * columnParts * rowParts);
    }

    private static int parts(long wanted, long most) {
        return (int) Math.max(1, Math.min(Math.min(wanted, most), MOST_PARTS));
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
        int perProduct = phase == 0 ? gemm.rows.tiles() + columns.panels() : rowParts * columnParts;
        long units = (long) product.batches() * perProduct;
        int end = (int) (units * (part + 1) / parts(phase));
        for (int unit = (int) (units * part / parts(phase)); unit < end; unit++) {
            int batch = unit / perProduct;
            int inside = unit % perProduct;
            if (phase == 1) {
                compute(batch, inside / columnParts, inside % columnParts);
            } else if (inside < gemm.rows.tiles()) {
                packA(batch, inside);
            } else {
                packB(batch, inside - gemm.rows.tiles());
            }
        }
    }

    private int placeA(int batch) {
        return offsets[WORK] + batch * (gemm.packedA() + gemm.packedB());
    }

    private int placeB(int batch) {
        return placeA(batch) + gemm.packedA();
    }

    private void packA(int batch, int tile) {
        Tiling rows = gemm.rows;
        int k = product.k();
        int step = product.aStep();
        int start = rows.start(tile);
        int length = rows.length(tile);
        int height = rows.isWhole(tile) ? length : rows.height();
        int from = offsets[A] + batch * product.aBatch() + start * (product.transposeA() ? 1 : step);
        int to = placeA(batch) + start * k;
        if (gemm.direct) {
            for (int i = 0; i < length && !rows.isWhole(tile); i++) {
                System.arraycopy(arrays[A], from + i * step, arrays[WORK], placeA(batch) + i * step, k);
            }
        } else if (!product.transposeA()) {
            gemm.packing.turned(fromA, k, from, step, length, to, height);
        } else if (rows.isWhole(tile)) {
            int last = length - (length - 1) / gemm.lanes * gemm.lanes;
            gemm.straightA.run(fromA, k, from, step, to, height, last);
        } else {
            for (int t = 0; t < k; t++) {
                System.arraycopy(arrays[A], from + t * step, arrays[WORK], to + t * height, length);
            }
        }
    }

    private void packB(int batch, int panel) {
        int k = product.k();
        int step = product.bStep();
        int start = columns.start(panel);
        int row = columns.vectors(panel) * gemm.lanes;
        int from = offsets[B] + batch * product.bBatch() + start * (product.transposeB() ? step : 1);
        int to = placeB(batch) + start * k;
        if (product.transposeB()) {
            int length = Math.min(columns.length(panel), gemm.filled - start);
            gemm.packing.turned(fromB, k, from, step, length, to, row);
        } else {
            gemm.packing.straight(fromB, panel, k, from, step, to, row);
        }
    }

    private void compute(int batch, int rowPart, int columnPart) {
        int tileEnd = gemm.rows.tiles() * (rowPart + 1) / rowParts;
        int panelEnd = columns.panels() * (columnPart + 1) / columnParts;
        for (int block = 0; block < gemm.blocks(); block++) {
            int tile = gemm.rows.tiles() * rowPart / rowParts;
            while (tile < tileEnd) {
                int groupEnd = Math.min(tileEnd, tile + gemm.group());
                for (int panel = columns.panels() * columnPart / columnParts; panel < panelEnd; panel++) {
                    add(batch, tile, groupEnd, panel, block);
                }
                tile = groupEnd;
            }
        }
    }

    /// Adds a block of `k` to some tiles of rows in a panel of columns. Aside there is room for all rows of an uneven tile.
    private void add(int batch, int tile, int end, int panel, int block) {
        Tiling rows = gemm.rows;
        TileSet tiles = gemm.tiles;
        int top = rows.start(tile);
        int count = rows.start(end) - top;
        int step = product.cStep();
        int c = offsets[C] + batch * product.cBatch() + top * step + columns.start(panel);
        int continued = block > 0 || product.accumulate() ? 1 : 0;
        boolean done = block == gemm.blocks() - 1;
        boolean direct = tiles.isDirect(panel, done) && rows.isWhole(end - 1);
        int room = (end - tile) * rows.height();
        Object sums = direct ? arrays[C] : tiles.begin(panel, room, continued, arrays[C], c, step, count);
        int to = direct ? c : 0;
        int across = direct ? step : tiles.width(panel);
        for (int i = tile; i < end; i++) {
            block(batch, i, panel, block, sums, to + (rows.start(i) - top) * across, across, continued);
        }
        if (!direct) {
            int bias = offsets[BIAS] + columns.start(panel);
            tiles.finish(panel, done, arrays, sums, arrays[C], c, step, count, bias);
        }
    }

    private void block(int batch, int tile, int panel, int block, Object sums, int to, int across, int continued) {
        Tiling rows = gemm.rows;
        int k = product.k();
        int inner = gemm.block(block);
        int begin = block * Gemm.INNER;
        boolean isWhole = rows.isWhole(tile);
        int start = rows.start(tile);
        int height = isWhole ? rows.length(tile) : rows.height();
        int a;
        if (!gemm.direct) {
            a = placeA(batch) + start * k + begin * height;
        } else if (isWhole) {
            a = offsets[A] + batch * product.aBatch() + start * product.aStep() + begin;
        } else {
            a = placeA(batch) + begin;
        }
        int b = placeB(batch) + columns.start(panel) * k + begin * gemm.tiles.width(panel);
        gemm.tiles
                .get(height, panel, inner)
                .run(isWhole ? whole : uneven, sums, 1, 1, inner, a, b, to, across, continued);
    }
}
