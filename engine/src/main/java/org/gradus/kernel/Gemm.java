package org.gradus.kernel;

import org.gradus.base.Type;
import org.gradus.kernel.Panel.PanelForm;

/// The product of matrices, `C = op(A) op(B)` or `C += op(A) op(B)`, one or many, in panels.
///
/// The idea is that of Goto and van de Geijn (*Anatomy of high-performance matrix multiplication*, ACM TOMS 34, 2008):
/// a block of `C` small enough for the registers is summed over `k` without touching memory; what it reads was copied
/// (*packed*) into panels, in exactly the order of reading; and `k` is cut into blocks so that a panel of `B` stays in
/// the first cache while many panels of `A` pass by.
///
/// What holds whatever the tile, the lanes, the blocks and the threads: each element of `C` is the chain
/// `fma(a[k-1], b[k-1], … fma(a[0], b[0], start))`, where `start` is 0 or what `C` held. Between blocks of `k` the
/// unfinished sum waits in `C`, and loses nothing there. So the bits are always the same.
///
/// There are two phases. The first packs: panels of rows of `op(A)` as tall as a tile, panels of columns of `op(B)` as
/// wide as one. (A narrow product reads `A` so seldom that it reads it where it lies.) The second computes, in parts of
/// rows and columns. An uneven last tile of rows is computed whole, aside, and copied.
public final class Gemm implements Contraction {
    /// The `k` of a block: a panel of `B` fits a first-level cache.
    static final int INNER = 384;

    /// The rows of `A` that pass by one panel of `B` after the other: they fit a second-level cache.
    private static final int GROUP = 168;

    private static final int NARROW = 96; // columns for which packing A does not pay
    private static final int PAGE = 4096;

    final Product product;
    final Type type;
    final int lanes;

    /// How the rows are cut into tiles.
    final Tiling rows;

    /// How the columns are cut into panels.
    final Columns columns;

    /// Whether `A` is read where it lies.
    final boolean direct;

    /// Copies `B`, and what lies crosswise.
    final Packing packing;

    /// Copies a transposed `A`.
    final Panel straightA;

    final TileSet tiles;

    /// The columns that `B` has; further ones are computed of anything.
    final int filled;

    private Gemm(
            Product product,
            int filled,
            Type type,
            int lanes,
            Tiling rows,
            Columns columns,
            boolean direct,
            TileSet tiles) {
        this.product = product;
        this.filled = filled;
        this.type = type;
        this.lanes = lanes;
        this.rows = rows;
        this.columns = columns;
        this.direct = direct;
        this.tiles = tiles;
        packing = new Packing(columns, type);
        straightA = PanelForm.straight(type, lanes, (rows.height() + lanes - 1) / lanes, true);
    }

    /// The kernel for a product.
    public static Gemm of(Product product, Type type, int lanes) {
        return of(product, product, product.n(), type, lanes);
    }

    /// The same with the code of another product, which has no fewer rows and columns.
    ///
    /// @param filled the columns that `B` has; what further ones of `C` become does not matter
    static Gemm of(Product product, Product like, int filled, Type type, int lanes) {
        Registers registers = Registers.of(type, lanes);
        int wide = registers.wide(Math.ceilDiv(like.n(), lanes));
        Columns columns = new Columns(product.n(), lanes, wide);
        boolean direct = !like.transposeA()
                && like.n() <= NARROW
                && (like.k() <= INNER / 2 || like.aStep() * type.bytes() % PAGE != 0);
        Tiling rows = Tiling.full(like.m(), registers.rows(wide)).resized(product.m());
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
                        direct ? product.aStep() : 1,
                        Walk.by(direct ? 1 : height),
                        Walk.by(vectors * lanes)));
        return new Gemm(product, filled, type, lanes, rows, columns, direct, tiles);
    }

    @Override
    public int workspace() {
        return product.batches() * (packedA() + packedB());
    }

    /// Takes `A`, `B`, `C`, the bias and the workspace.
    @Override
    public Work bind(Object[] arrays, int[] offsets) {
        return new GemmWork(this, arrays, offsets);
    }

    /// The elements of one product's packed `A`.
    int packedA() {
        return rows.height() * (direct ? product.aStep() : rows.tiles() * product.k());
    }

    /// The elements of one product's packed `B`.
    int packedB() {
        return columns.vectors() * lanes * product.k();
    }

    /// The tiles of rows that pass by one panel of `B` after the other.
    int group() {
        return Math.max(1, GROUP / rows.height());
    }

    /// The blocks of `k`.
    int blocks() {
        return Math.max(1, (product.k() + INNER - 1) / INNER);
    }

    /// The size of a block of `k`.
    int block(int index) {
        return Math.min(INNER, product.k() - index * INNER);
    }
}
