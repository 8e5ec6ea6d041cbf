package org.gradus.kernel;

import java.util.Arrays;
import org.gradus.base.Type;
import org.gradus.kernel.Panel.PanelForm;
import org.jspecify.annotations.Nullable;

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
/// rows and columns. An uneven last tile of rows is computed whole, in the workspace, and copied.
public final class Gemm implements Contraction {
    /// The `k` of a block: a panel of `B` fits a first-level cache.
    static final int INNER = 384;

    /// The tiles of `A` that pass by one panel of `B` after the other: they fit a second-level cache.
    static final int GROUP = 12;

    private static final int NARROW = 96; // columns for which packing A does not pay
    private static final int PAGE = 4096;

    final Product product;
    final Type type;
    final int lanes;

    /// How the rows are cut into tiles.
    final Tiling rows;

    /// The vectors in a row of a panel of `B`; the last panel may have fewer.
    final int wide;

    /// Whether `A` is read where it lies.
    final boolean direct;

    /// Copy 8, 4, 2 and 1 slices of a matrix that lies crosswise.
    final Turn[] turned = new Turn[4];

    /// Copy a transposed `A` for the taller and the lower tile.
    final Panel[] straightA = new Panel[2];

    /// Copy `B` for a panel and for the last panel.
    final Panel[] straightB = new Panel[2];

    private final @Nullable Tile[] tiles;

    /// A kernel that copies that many crosswise slices at once.
    record Turn(int width, Panel panel) {}

    private Gemm(Product product, Type type, int lanes, Tiling rows, int wide, boolean direct, @Nullable Tile[] tiles) {
        this.product = product;
        this.type = type;
        this.lanes = lanes;
        this.rows = rows;
        this.wide = wide;
        this.direct = direct;
        this.tiles = tiles;
        Arrays.setAll(turned, i -> new Turn(8 >> i, PanelForm.turned(type, 8 >> i)));
        Arrays.setAll(straightA, i -> PanelForm.straight(type, lanes, vectors(Math.max(1, rows.height() - i)), true));
        Arrays.setAll(
                straightB,
                i -> PanelForm.straight(
                        type,
                        lanes,
                        Math.max(1, i == 0 ? wide : vectors() - (panels() - 1) * wide),
                        i == 1 && ragged()));
    }

    /// The kernel for a product.
    public static Gemm of(Product product, Type type, int lanes) {
        Registers registers = Registers.of(type, lanes);
        int wide = Math.min(registers.vectors(), Math.max(1, (product.n() + lanes - 1) / lanes));
        boolean direct = !product.transposeA()
                && product.n() <= NARROW
                && (product.k() <= INNER / 2 || product.aStep() * type.bytes() % PAGE != 0);
        Tiling rows = Tiling.of(product.m(), registers.rows(wide));
        Gemm gemm = new Gemm(product, type, lanes, rows, wide, direct, new Tile[32]);
        gemm.prepare();
        return gemm;
    }

    /// The same with another number of rows, at most that of the original. Makes no new kernel.
    public Gemm withRows(int m) {
        return new Gemm(product.withRows(m), type, lanes, rows.resized(m), wide, direct, tiles);
    }

    @Override
    public int workspace() {
        return product.batches() * (packedA() + packedB()) + rows.height() * wide * lanes * GemmWork.MOST_PARTS;
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
        return vectors() * lanes * product.k();
    }

    /// The vectors in a row of `C`.
    int vectors() {
        return vectors(product.n());
    }

    private int vectors(int elements) {
        return (elements + lanes - 1) / lanes;
    }

    private boolean ragged() {
        return product.n() % lanes != 0;
    }

    /// The panels of `B`.
    int panels() {
        return (vectors() + wide - 1) / wide;
    }

    /// The blocks of `k`.
    int blocks() {
        return Math.max(1, (product.k() + INNER - 1) / INNER);
    }

    /// The size of a block of `k`.
    int block(int index) {
        return Math.min(INNER, product.k() - index * INNER);
    }

    private void prepare() {
        boolean mixed = rows.height() * rows.tiles() != product.m();
        for (int height = rows.height(); height > 0 && height >= rows.height() - (mixed ? 1 : 0); height--) {
            for (int panel = 0; panel < panels(); panel += Math.max(1, panels() - 1)) {
                for (int block = 0; block < blocks(); block++) {
                    tile(height, panel, block);
                }
            }
        }
    }

    /// The kernel for a tile of rows, a panel of columns and a block of `k`.
    Tile tile(int height, int panel, int block) {
        boolean end = panel == panels() - 1;
        boolean continued = block > 0 || product.accumulate();
        boolean done = block == blocks() - 1;
        int index = (rows.height() - height) * 16 + (end ? 8 : 0) + (continued ? 2 : 0) + (done ? 1 : 0);
        @Nullable Tile known = tiles[index];
        if (known != null) {
            return known;
        }
        int vectors = end ? vectors() - panel * wide : wide;
        Tile made = new TileForm(
                        type,
                        lanes,
                        height,
                        vectors,
                        end && ragged(),
                        continued,
                        direct ? product.aStep() : 1,
                        Walk.by(direct ? 1 : height),
                        Walk.by(vectors * lanes),
                        done ? product.epilogue() : Epilogue.NONE)
                .tile();
        tiles[index] = made;
        return made;
    }
}
