package org.gradus.kernel;

/// A [Gemm] bound to its arrays.
///
/// The workspace holds the packed `A` of each product of the batch, then the packed `B` of each, unless these are kept in an
/// array of their own; or at last what each part packs of `B` when it needs it.
final class GemmWork implements Work {
    private static final long ELEMENTS_OF_PART = 1 << 13;
    private static final int A = 0;
    private static final int B = 1;
    private static final int C = 2;
    private static final int BIAS = 3;
    private static final int WORK = 4;
    private static final int KEPT = 5;

    private final Gemm gemm;
    private final Product product;
    private final Columns columns;
    private final int[] offsets;
    private final Object[] arrays;
    private final Object[] operands; // as tiles read them
    private final Object[] fromA;
    private final Object[] fromB;
    private final int firstB; // where the first packed B lies
    private final int copied; // tiles of A
    private final int panels; // of B that are packed beforehand
    private final int[] packParts; // of B and A together, or of one and the other

    GemmWork(Gemm gemm, Object[] arrays, int[] offsets) {
        this.gemm = gemm;
        this.product = gemm.product;
        this.columns = gemm.columns;
        this.offsets = offsets.clone();
        this.arrays = arrays.clone();
        Object work = arrays[WORK];
        boolean apart = arrays.length > KEPT;
        Object kept = apart ? arrays[KEPT] : work;
        firstB = apart ? offsets[KEPT] : offsets[WORK] + product.batches() * gemm.packedA();
        fromA = new Object[] {arrays[A], work};
        fromB = new Object[] {arrays[B], kept};
        copied = gemm.inPlaceA && !gemm.isLow() ? 0 : gemm.rows.tiles();
        panels = gemm.packedB() > 0 ? columns.panels() : 0;
        operands = new Object[] {copied == 0 ? arrays[A] : work, gemm.inPlaceB ? arrays[B] : kept};
        packParts = gemm.standing
                ? new int[] {packParts(0, panels), packParts(copied, 0)}
                : new int[] {packParts(copied, panels)};
    }

    private int packParts(int rows, int columns) {
        int lines = rows * gemm.rows.height() + (columns > 0 ? product.n() : 0);
        long elements = (long) product.batches() * product.k() * lines;
        long units = (long) product.batches() * (rows + columns);
        return gemm.parts == 0 || units == 0 ? 0 : Gemm.parts(elements / ELEMENTS_OF_PART, units);
    }

    @Override
    public int phases() {
        return packParts.length + 1;
    }

    @Override
    public int parts(int phase) {
        return phase < packParts.length ? packParts[phase] : gemm.parts;
    }

    @Override
    public void run(int phase, int part) {
        boolean computes = phase == packParts.length;
        int skipped = gemm.standing && phase == 0 ? copied : 0;
        int perProduct = computes
                ? gemm.rowParts * gemm.columnParts
                : gemm.standing ? (phase == 0 ? panels : copied) : copied + panels;
        long units = (long) product.batches() * perProduct;
        int end = (int) (units * (part + 1) / parts(phase));
        for (int unit = (int) (units * part / parts(phase)); unit < end; unit++) {
            int batch = unit / perProduct;
            int inside = unit % perProduct + skipped;
            if (computes) {
                compute(batch, inside / gemm.columnParts, inside % gemm.columnParts, part);
            } else if (inside < copied) {
                packA(batch, inside);
            } else {
                packB(
                        batch,
                        inside - copied,
                        0,
                        product.k(),
                        placeB(batch) + columns.start(inside - copied) * product.k());
            }
        }
    }

    private int placeA(int batch) {
        return offsets[WORK] + batch * gemm.packedA();
    }

    private int placeB(int batch) {
        return firstB + batch * gemm.packedB();
    }

    /// Where a tile's rows lie that were copied.
    private int placeA(int batch, int tile, int block) {
        int height = gemm.rows.height();
        if (gemm.inPlaceA) {
            return placeA(batch) + block * gemm.inner;
        }
        return placeA(batch)
                + (product.transposeA()
                        ? tile * height * product.k() + block * gemm.inner * height
                        : (tile * gemm.blocks + block) * height * gemm.across);
    }

    private void packA(int batch, int tile) {
        Tiling rows = gemm.rows;
        int step = product.aStep();
        int start = rows.start(tile);
        int length = rows.length(tile);
        int height = rows.height();
        int from = offsets[A] + batch * product.aBatch() + start * (product.transposeA() ? 1 : step);
        if (gemm.inPlaceA) {
            copyRows(from, placeA(batch), length, product.k());
        } else if (!product.transposeA()) {
            for (int block = 0; block < gemm.blocks; block++) {
                copyRows(from + block * gemm.inner, placeA(batch, tile, block), length, gemm.block(block));
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
        int panelEnd = columns.panels() * (columnPart + 1) / gemm.columnParts;
        for (int block = 0; block < gemm.blocks; block++) {
            int tile = tiles * rowPart / gemm.rowParts;
            while (tile < tileEnd) {
                int groupEnd = Math.min(tileEnd, tile + gemm.group());
                for (int panel = columns.panels() * columnPart / gemm.columnParts; panel < panelEnd; panel++) {
                    add(batch, tile, groupEnd, panel, block, readB(batch, panel, block, part));
                }
                tile = groupEnd;
            }
        }
    }

    /// Where a tile reads a block of `A`.
    ///
    /// @param skipped how many rows it begins earlier
    private int readA(int batch, int tile, int skipped, int block) {
        if (copied > 0) {
            return placeA(batch, tile, block);
        }
        return offsets[A]
                + batch * product.aBatch()
                + (gemm.rows.start(tile) - skipped) * gemm.across
                + block * gemm.inner * (product.transposeA() ? product.aStep() : 1);
    }

    /// Where a tile reads a panel of a block of `B`.
    private int readB(int batch, int panel, int block, int part) {
        int begin = block * gemm.inner;
        if (gemm.inPlaceB) {
            return offsets[B] + batch * product.bBatch() + columns.start(panel) + begin * product.bStep();
        }
        if (!gemm.late) {
            return placeB(batch) + columns.start(panel) * product.k() + begin * gemm.tiles.width(panel);
        }
        int to = offsets[WORK] + gemm.lateB(part);
        packB(batch, panel, begin, gemm.block(block), to);
        return to;
    }

    /// Adds a block of `k` to some tiles of rows in a panel of columns. Aside there is room for all rows of an uneven last tile;
    /// where `A` is not packed, it begins among the rows of the tile before it, and only the last ones count.
    private void add(int batch, int tile, int end, int panel, int block, int b) {
        TileSet tiles = gemm.tiles;
        int height = gemm.rows.height();
        int start = gemm.rows.start(tile);
        int count = gemm.rows.start(end) - start;
        boolean whole = count == (end - tile) * height;
        if (!whole && copied == 0 && end - tile > 1) {
            add(batch, tile, end - 1, panel, block, b);
            add(batch, end - 1, end, panel, block, b);
            return;
        }
        int skipped = whole || copied > 0 ? 0 : height - count;
        int step = product.cStep();
        int c = offsets[C] + batch * product.cBatch() + (start - skipped) * step + columns.start(panel);
        int continued = block > 0 || product.accumulate() ? 1 : 0;
        boolean done = block == gemm.blocks - 1;
        int a = readA(batch, tile, skipped, block);
        boolean direct = whole && tiles.isDirect(panel, done);
        int width = tiles.width(panel);
        Object sums = direct
                ? arrays[C]
                : tiles.begin(panel, (end - tile) * height, continued, arrays[C], c, step, skipped + count);
        sum(tile, end, panel, block, a, b, sums, direct ? c : 0, direct ? step : width, continued);
        if (!direct) {
            tiles.finish(
                    panel,
                    done,
                    arrays,
                    sums,
                    skipped * width,
                    arrays[C],
                    c + skipped * step,
                    step,
                    count,
                    offsets[BIAS] + columns.start(panel));
        }
    }

    private void sum(
            int tile, int end, int panel, int block, int a, int b, Object sums, int to, int across, int continued) {
        int height = gemm.rows.height();
        int inner = gemm.block(block);
        int next = gemm.inPlaceA ? height * gemm.across : placeA(0, 1, 0) - placeA(0, 0, 0);
        gemm.tiles
                .get(height, panel, inner * (end - tile))
                .run(operands, sums, 1, 1, inner, a, b, to, across, continued, end - tile, next, height * across);
    }
}
