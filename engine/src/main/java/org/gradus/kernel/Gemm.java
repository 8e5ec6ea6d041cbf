package org.gradus.kernel;

import org.gradus.base.Type;
import org.gradus.kernel.Panel.PanelForm;

/// The product of matrices, `C = op(A) op(B)` or `C += op(A) op(B)`, one or many, in panels.
///
/// The idea is that of Goto and van de Geijn (*Anatomy of high-performance matrix multiplication*, ACM TOMS 34, 2008):
/// a block of `C` small enough for the registers is summed over `k` without touching memory; what it reads was copied
/// (*packed*) into panels, in exactly the order of reading; and `k` is cut into blocks so that a panel of `B` stays in
/// a near cache while many rows of `A` pass by.
///
/// What holds whatever the tile, the lanes, the blocks and the threads: each element of `C` is the chain
/// `fma(a[k-1], b[k-1], … fma(a[0], b[0], start))`, where `start` is 0 or what `C` held. Between blocks of `k` the
/// unfinished sum waits in `C`, and loses nothing there. So the bits are always the same.
///
/// There are two phases. The first packs: rows of `A` so that those of a tile lie side by side, panels of columns of
/// `op(B)` as wide as a tile. (`A` is read where it lies if the rows of a tile do not push each other out of the first
/// cache.) The second computes, in parts of rows and columns.
/// Where there are so few rows that each panel of `B` is used up at once, it is packed only then, into a place that stays
/// in the near caches. An uneven last tile of rows is computed whole, aside, and copied.
public final class Gemm implements Contraction {
    /// The rows of `A` that pass by one panel of `B` after the other: they fit a second-level cache.
    private static final int GROUP = 168;

    private static final int SHORT = 128; // for a sum that is no longer, rows of A lie closer
    private static final int BRIEF = 192; // a sum that is no longer reads A where it lies
    private static final int PAGE = 4096;
    private static final int WAYS = 8; // of a first-level cache: rows that lie pages apart share its lines
    private static final int MOST_PARTS = 32;

    final Product product;
    final Type type;
    final int lanes;

    /// How the rows are cut into tiles.
    final Tiling rows;

    /// How the columns are cut into panels.
    final Columns columns;

    /// Whether `A` is read where it lies.
    final boolean direct;

    /// The distance between the rows of `A` that a tile reads; 1 if the columns are copied instead, where `A` is transposed.
    final int across;

    /// The size of a block of `k`, but for the last one.
    final int inner;

    /// Whether panels of `B` are packed when they are used.
    final boolean late;

    /// Into how many parts of columns and rows a product is cut.
    final int columnParts;

    final int rowParts;

    /// The parts of all products.
    final int parts;

    /// Copies `B`.
    final Packing packing;

    /// Copies a transposed `A`.
    final Panel straightA;

    final TileSet tiles;

    /// The columns that `B` has; further ones are computed of anything.
    final int filled;

    /// Whether `B` has a phase of its own.
    final boolean standing;

    private Gemm(
            Product product,
            int filled,
            boolean standing,
            Type type,
            int lanes,
            Tiling rows,
            Columns columns,
            boolean direct,
            int across,
            int inner,
            TileSet tiles) {
        this.product = product;
        this.filled = filled;
        this.standing = standing;
        this.type = type;
        this.lanes = lanes;
        this.rows = rows;
        this.columns = columns;
        this.direct = direct;
        this.across = across;
        this.inner = inner;
        this.tiles = tiles;
        boolean empty = product.m() == 0 || product.n() == 0 || product.batches() == 0;
        long each = product.flops() / Math.max(1, product.batches()) / Contraction.FLOPS_OF_PART;
        int most = rows.tiles() > group() ? MOST_PARTS / 2 : MOST_PARTS; // parts low in rows read panels of B too often
        columnParts = parts(Math.min(each, most), columns.panels());
        rowParts = parts(Math.min(each, MOST_PARTS) / columnParts, rows.tiles());
        long all = (long) product.batches() * columnParts * rowParts;
        parts = empty ? 0 : parts(product.flops() / Contraction.FLOPS_OF_PART, all);
        late = !standing && rowParts == 1 && rows.tiles() <= group();
        packing = new Packing(columns, type);
        straightA = PanelForm.straight(type, lanes, (rows.height() + lanes - 1) / lanes, true, false);
    }

    /// The kernel for a product.
    public static Gemm of(Product product, Type type, int lanes) {
        return of(product, product, product.n(), false, type, lanes);
    }

    /// The same with the code of another product, which has no fewer rows and columns.
    ///
    /// @param filled the columns that `B` has; what further ones of `C` become does not matter
    /// @param standing whether `B` is packed in a phase of its own, which need not run each time
    static Gemm of(Product product, Product like, int filled, boolean standing, Type type, int lanes) {
        Registers registers = Registers.of(type, lanes);
        int wide = registers.wide(Math.ceilDiv(like.n(), lanes));
        Columns columns = new Columns(product.n(), lanes, wide);
        Tiling rows = Tiling.full(like.m(), registers.rows(wide)).resized(product.m());
        boolean isSpread = rows.height() < WAYS || like.k() <= BRIEF || like.aStep() * type.bytes() % PAGE != 0;
        boolean direct = !like.transposeA() && isSpread;
        int across = direct ? product.aStep() : like.transposeA() ? 1 : like.k() <= SHORT ? SHORT : registers.inner();
        int blocks = Math.max(1, Math.ceilDiv(like.k(), registers.inner()));
        int inner = Math.max(1, Math.ceilDiv(like.k(), blocks));
        TileSet tiles = new TileSet(
                columns,
                _ -> rows,
                type,
                product.epilogue(),
                (height, vectors) -> new TileForm(
                        type,
                        lanes,
                        height,
                        vectors,
                        across,
                        Walk.by(like.transposeA() ? height : 1),
                        Walk.by(vectors * lanes)));
        return new Gemm(product, filled, standing, type, lanes, rows, columns, direct, across, inner, tiles);
    }

    static int parts(long wanted, long most) {
        return (int) Math.max(1, Math.min(Math.min(wanted, most), MOST_PARTS));
    }

    @Override
    public int workspace() {
        boolean alone = late && parts > 0 && parts == product.batches() * columns.panels(); // each part packs one panel
        int spare = alone ? columns.vectors(0) - columns.vectors(columns.panels() - 1) : 0;
        return lateB(parts) - spare * lanes * block(0);
    }

    @Override
    public int standing() {
        return standing ? 1 : 0;
    }

    @Override
    public int kept() {
        return standing ? product.batches() * packedB() : 0;
    }

    /// Takes `A`, `B`, `C`, the bias and the workspace.
    @Override
    public Work bind(Object[] arrays, int[] offsets) {
        return new GemmWork(this, arrays, offsets);
    }

    /// The elements of one product's packed `A`.
    int packedA() {
        int height = rows.height();
        return direct
                ? height * product.aStep()
                : rows.tiles() * height * (product.transposeA() ? product.k() : blocks() * across);
    }

    /// The elements of one product's packed `B`.
    int packedB() {
        return late ? 0 : columns.vectors() * lanes * product.k();
    }

    /// Where in the workspace a part packs panels of `B` when it needs them.
    int lateB(int part) {
        int slot = late ? columns.vectors(0) * lanes * block(0) : 0;
        return product.batches() * (packedA() + packedB()) + part * slot;
    }

    /// The tiles of rows that pass by one panel of `B` after the other.
    int group() {
        return Math.max(1, GROUP / rows.height());
    }

    /// The blocks of `k`.
    int blocks() {
        return Math.max(1, Math.ceilDiv(product.k(), inner));
    }

    /// The size of a block of `k`.
    int block(int index) {
        return Math.min(inner, product.k() - index * inner);
    }
}
