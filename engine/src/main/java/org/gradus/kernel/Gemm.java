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
/// `op(B)` as wide as a tile. The second computes, in parts of rows and columns.
/// An operand is read where it lies if what a tile reads of it stays in the near caches all the same: `A` mostly, `B` where
/// few rows pass by a panel or the sums are short. Where `B` has to be packed but each panel is used up at once, it is packed
/// only then, into a place that stays in the near caches. An uneven last tile of rows is computed aside, and copied as far as the
/// tiles before it have not come: it begins earlier where `A` is not packed, else it goes on with rows of anything.
public final class Gemm implements Contraction {
    /// The rows of `A` that pass by one panel of `B` after the other: they fit a second-level cache.
    private static final int GROUP = 168;

    private static final int SHORT = 128; // for a sum that is no longer, rows of A lie closer
    private static final int BRIEF = 192; // a sum that is no longer reads A where it lies, if that is not transposed
    private static final int FEW = 128; // rows, or products in a sum, for which B need not be packed
    private static final int NEAR = 512; // rows a page apart of which a second-level cache holds what a tile reads
    private static final int FAR = 1 << 16; // rows further apart are packed: to practise with them takes much memory
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
    final boolean inPlaceA;

    /// Whether `B` is read where it lies.
    final boolean inPlaceB;

    /// The distance between the rows of `A` that a tile reads; 1 where `A` is transposed.
    final int across;

    /// The size of a block of `k`, but for the last one.
    final int inner;

    /// The blocks of `k`.
    final int blocks;

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
            boolean inPlaceA,
            boolean inPlaceB,
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
        this.inPlaceA = inPlaceA;
        this.inPlaceB = inPlaceB;
        this.across = across;
        this.inner = inner;
        blocks = Math.max(1, Math.ceilDiv(product.k(), inner));
        this.tiles = tiles;
        boolean empty = product.m() == 0 || product.n() == 0 || product.batches() == 0;
        long each = product.flops() / Math.max(1, product.batches()) / Contraction.FLOPS_OF_PART;
        int most = rows.tiles() > group() ? MOST_PARTS / 2 : MOST_PARTS; // parts low in rows read panels of B too often
        columnParts = parts(Math.min(each, most), columns.panels());
        rowParts = parts(Math.min(each, MOST_PARTS) / columnParts, rows.tiles());
        long all = (long) product.batches() * columnParts * rowParts;
        parts = empty ? 0 : parts(product.flops() / Contraction.FLOPS_OF_PART, all);
        late = !inPlaceB && !standing && rowParts == 1 && rows.tiles() <= group();
        packing = new Packing(columns, type);
        straightA = PanelForm.straight(type, lanes, (rows.height() + lanes - 1) / lanes, true, false);
    }

    /// The kernel for a product.
    public static Gemm of(Product product, Type type, int lanes) {
        return of(product, product, product.n(), false, type, lanes);
    }

    /// The same with the code of another product, which has no fewer rows, nor columns if `B` is transposed, and else differs in
    /// nothing.
    ///
    /// @param filled the columns that `B` has; what further ones of `C` become does not matter
    /// @param standing whether `B` is packed in a phase of its own, which need not run each time
    static Gemm of(Product product, Product like, int filled, boolean standing, Type type, int lanes) {
        Registers registers = Registers.of(type, lanes);
        int wide = registers.wide(Math.ceilDiv(like.n(), lanes));
        Columns columns = new Columns(product.n(), lanes, wide);
        Tiling rows = Tiling.full(like.m(), registers.rows(wide)).resized(product.m());
        int blocks = Math.max(1, Math.ceilDiv(like.k(), registers.inner()));
        int inner = Math.max(1, Math.ceilDiv(like.k(), blocks));
        boolean isPaged = isPaged(like.aStep(), type);
        boolean inPlaceA = like.transposeA()
                ? rows.height() <= product.m() && like.aStep() <= FAR && (inner <= NEAR || !isPaged)
                : rows.height() < WAYS || like.k() <= BRIEF || !isPaged;
        int across = like.transposeA() ? 1 : inPlaceA ? product.aStep() : like.k() <= SHORT ? SHORT : registers.inner();
        boolean inPlaceB = !standing && like.n() % lanes == 0 && isNear(like, inner, type);
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
                        Walk.by(!like.transposeA() ? 1 : inPlaceA ? like.aStep() : height),
                        Walk.by(inPlaceB ? like.bStep() : vectors * lanes)));
        return new Gemm(
                product, filled, standing, type, lanes, rows, columns, inPlaceA, inPlaceB, across, inner, tiles);
    }

    /// Whether elements that lie so far apart are whole pages apart.
    private static boolean isPaged(int step, Type type) {
        return step * type.bytes() % PAGE == 0;
    }

    /// Whether the near caches hold what tiles read of a `B` that is not packed. Rows that lie whole pages apart share few
    /// lines of them.
    private static boolean isNear(Product p, int inner, Type type) {
        boolean isPaged = isPaged(p.bStep(), type);
        boolean isShort = p.k() <= FEW && !isPaged(p.bStep() * WAYS, type);
        return !p.transposeB() && p.bStep() <= FAR && (p.m() <= FEW || isShort) && (inner <= NEAR || !isPaged);
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
        if (inPlaceA) {
            return product.transposeA() ? 0 : height * across; // for a shorter batch, too
        }
        return rows.tiles() * height * (product.transposeA() ? product.k() : blocks * across);
    }

    /// Whether there are not even the rows of one tile.
    boolean isLow() {
        return product.m() < rows.height();
    }

    /// The elements of one product's packed `B`.
    int packedB() {
        return late || inPlaceB ? 0 : columns.vectors() * lanes * product.k();
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

    /// The size of a block of `k`.
    int block(int index) {
        return Math.min(inner, product.k() - index * inner);
    }
}
