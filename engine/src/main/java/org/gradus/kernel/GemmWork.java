package org.gradus.kernel;

/// A [Gemm] bound to its arrays.
///
/// The workspace holds, for each product of the batch, the packed `A` and then the packed `B`; or at last what each part
/// packs of `B` when it needs it.
final class GemmWork implements Work {
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
    private final int packParts;

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
        int panels = gemm.late ? 0 : columns.panels();
        long elements = (long) product.batches() * product.k() * ((long) product.m() + (gemm.late ? 0 : product.n()));
        long units = (long) product.batches() * (gemm.rows.tiles() + panels);
        packParts = gemm.parts == 0 ? 0 : Gemm.parts(elements / ELEMENTS_OF_PART, units);
    }

    @Override
    public int phases() {
        return 2;
    }

    @Override
    public int parts(int phase) {
        return phase == 0 ? packParts : gemm.parts;
    }

    @Override
    public void run(int phase, int part) {
        int tiles = gemm.rows.tiles();
        int perProduct = phase == 1 ? gemm.rowParts * gemm.columnParts : tiles + (gemm.late ? 0 : columns.panels());
        long units = (long) product.batches() * perProduct;
        int end = (int) (units * (part + 1) / parts(phase));
        for (int unit = (int) (units * part / parts(phase)); unit < end; unit++) {
            int batch = unit / perProduct;
            int inside = unit % perProduct;
            if (phase == 1) {
                compute(batch, inside / gemm.columnParts, inside % gemm.columnParts, part);
            } else if (inside < tiles) {
                packA(batch, inside);
            } else {
                packB(
                        batch,
                        inside - tiles,
                        0,
                        product.k(),
                        placeB(batch) + columns.start(inside - tiles) * product.k());
            }
        }
    }

    private int placeA(int batch) {
        return offsets[WORK] + batch * (gemm.packedA() + gemm.packedB());
    }

    private int placeB(int batch) {
        return placeA(batch) + gemm.packedA();
    }

    /// Where a tile's rows lie that were copied.
    private int placeA(int batch, int tile, int block) {
        int height = gemm.rows.height();
        return placeA(batch)
                + (product.transposeA()
                        ? tile * height * product.k() + block * Gemm.INNER * height
                        : (tile * gemm.blocks() + block) * height * gemm.across);
    }

    private void packA(int batch, int tile) {
        Tiling rows = gemm.rows;
        int step = product.aStep();
        int start = rows.start(tile);
        int length = rows.length(tile);
        int height = rows.height();
        int from = offsets[A] + batch * product.aBatch() + start * (product.transposeA() ? 1 : step);
        if (gemm.direct) {
            if (!rows.isWhole(tile)) {
                copyRows(from, placeA(batch), length, product.k());
            }
        } else if (!product.transposeA()) {
            for (int block = 0; block < gemm.blocks(); block++) {
                copyRows(from + block * Gemm.INNER, placeA(batch, tile, block), length, gemm.block(block));
            }
        } else if (rows.isWhole(tile)) {
            int last = length - (length - 1) / gemm.lanes * gemm.lanes;
            gemm.straightA.run(fromA, product.k(), from, step, placeA(batch, tile, 0), height, last);
        } else {
            for (int t = 0; t < product.k(); t++) {
                System.arraycopy(arrays[A], from + t * step, arrays[WORK], placeA(batch, tile, 0) + t * height, length);
            }
        }
    }

    private void copyRows(int from, int to, int rows, int length) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(arrays[A], from + i * product.aStep(), arrays[WORK], to + i * gemm.across, length);
        }
    }

    /// Packs `count` rows of a panel.
    private void packB(int batch, int panel, int begin, int count, int to) {
        int step = product.bStep();
        int start = columns.start(panel);
        int row = gemm.tiles.width(panel);
        int from = offsets[B]
                + batch * product.bBatch()
                + start * (product.transposeB() ? step : 1)
                + begin * (product.transposeB() ? 1 : step);
        if (product.transposeB()) {
            int length = Math.min(columns.length(panel), gemm.filled - start);
            gemm.packing.turned(fromB, count, from, step, length, to, row);
        } else {
            gemm.packing.straight(fromB, panel, count, from, step, to, row);
        }
    }

    private void compute(int batch, int rowPart, int columnPart, int part) {
        int tiles = gemm.rows.tiles();
        int tileEnd = tiles * (rowPart + 1) / gemm.rowParts;
        int first = columns.panels() * columnPart / gemm.columnParts;
        int panelEnd = columns.panels() * (columnPart + 1) / gemm.columnParts;
        for (int block = 0; block < gemm.blocks(); block++) {
            int tile = tiles * rowPart / gemm.rowParts;
            while (tile < tileEnd) {
                int groupEnd = Math.min(tileEnd, tile + gemm.group());
                int panel = first;
                while (panel < panelEnd) {
                    int last = Math.min(panelEnd, panel + gemm.together());
                    int b = place(batch, panel, last, block, part);
                    add(batch, tile, groupEnd, panel, last, block, b);
                    panel = last;
                }
                tile = groupEnd;
            }
        }
    }

    /// Where some panels of a block of `B` lie, packed; the first one of them.
    private int place(int batch, int panel, int end, int block, int part) {
        int begin = block * Gemm.INNER;
        if (!gemm.late) {
            return placeB(batch) + columns.start(panel) * product.k() + begin * gemm.tiles.width(panel);
        }
        int to = offsets[WORK] + gemm.lateB(part);
        for (int i = panel; i < end; i++) {
            packB(batch, i, begin, gemm.block(block), to + (i - panel) * distance());
        }
        return to;
    }

    /// From one packed panel to the next.
    private int distance() {
        return gemm.tiles.width(0) * (gemm.late ? gemm.block(0) : product.k());
    }

    /// Adds a block of `k` to some tiles of rows in some panels of columns.
    private void add(int batch, int tile, int end, int panel, int panelEnd, int block, int b) {
        boolean whole = gemm.rows.isWhole(end - 1);
        boolean done = block == gemm.blocks() - 1;
        int aside = panelEnd;
        while (aside > panel && !(whole && gemm.tiles.isDirect(aside - 1, done))) {
            aside--;
        }
        for (int i = tile; i < end; i++) {
            for (int j = panel; j < aside; j++) {
                int c = placeC(batch, gemm.rows.start(i), j);
                block(batch, i, j, block, b + (j - panel) * distance(), arrays[C], c, product.cStep());
            }
        }
        for (int j = aside; j < panelEnd; j++) {
            addAside(batch, tile, end, j, block, b + (j - panel) * distance());
        }
    }

    private int placeC(int batch, int row, int panel) {
        return offsets[C] + batch * product.cBatch() + row * product.cStep() + columns.start(panel);
    }

    private int continued(int block) {
        return block > 0 || product.accumulate() ? 1 : 0;
    }

    /// The same for one panel where there is more to do than to sum. There is room for all rows of an uneven tile.
    private void addAside(int batch, int tile, int end, int panel, int block, int b) {
        Tiling rows = gemm.rows;
        TileSet tiles = gemm.tiles;
        int top = rows.start(tile);
        int count = rows.start(end) - top;
        int step = product.cStep();
        int c = placeC(batch, top, panel);
        int room = (end - tile) * rows.height();
        Object sums = tiles.begin(panel, room, continued(block), arrays[C], c, step, count);
        int across = tiles.width(panel);
        for (int i = tile; i < end; i++) {
            block(batch, i, panel, block, b, sums, (rows.start(i) - top) * across, across);
        }
        boolean done = block == gemm.blocks() - 1;
        tiles.finish(panel, done, arrays, sums, arrays[C], c, step, count, offsets[BIAS] + columns.start(panel));
    }

    private void block(int batch, int tile, int panel, int block, int b, Object sums, int to, int across) {
        boolean lies = gemm.direct && gemm.rows.isWhole(tile);
        int begin = block * Gemm.INNER;
        int a;
        if (lies) {
            a = offsets[A] + batch * product.aBatch() + gemm.rows.start(tile) * product.aStep() + begin;
        } else {
            a = gemm.direct ? placeA(batch) + begin : placeA(batch, tile, block);
        }
        int inner = gemm.block(block);
        gemm.tiles
                .get(gemm.rows.height(), panel, inner)
                .run(lies ? whole : uneven, sums, 1, 1, inner, a, b, to, across, continued(block));
    }
}
