package org.gradus.kernel;

import org.gradus.base.Type;

/// Convolution and its transpose by [Winograd]'s method, in three phases: the weight is packed in the order in which tiles
/// read it, turned round for the transpose; it is transformed; and blocks of tiles of pixels are transformed, multiplied
/// and transformed back, one block after the other, so that what is between stays in a near cache.
///
/// Each transformed number is made in a fixed order, and each product is the chain of fused multiply-adds over the
/// channels; so bits depend neither on blocks nor on threads.
final class WinogradCorrelation implements Contraction {
    private static final int WEIGHTS = 9; // of a pair of channels

    final Winograd method;
    final boolean transposed;
    final int lanes;
    final int source; // channels
    final int target;
    final int height; // of a result
    final int width;
    final Tiled pixels;
    final Columns columns;
    final Packing packing;
    final Transform weight;
    final Transform result;
    final Tiling rows; // of the products: the tiles of a block, and a few of anything
    final TileSet tiles;
    final int batch;

    WinogradCorrelation(Winograd method, Convolution c, boolean transposed, int lanes, Epilogue epilogue) {
        this.method = method;
        this.transposed = transposed;
        this.lanes = lanes;
        batch = c.batch();
        source = transposed ? c.out() : c.in();
        target = transposed ? c.in() : c.out();
        int[] windows = {c.height().windows(), c.width().windows()};
        int[] sizes = {c.height().size(), c.width().size()};
        int[] results = transposed ? sizes : windows;
        height = results[0];
        width = results[1];
        int[] before = {c.height().before(), c.width().before()};
        int[] after = {2 - before[0], 2 - before[1]};
        pixels = method.tiled(
                source,
                transposed ? windows : sizes,
                transposed ? after : before,
                transposed ? sizes : windows,
                method.pixels,
                lanes);
        columns = Columns.of(target, method.block, 0, Type.FLOAT32, lanes);
        packing = new Packing(columns, Type.FLOAT32);
        weight = TransformForm.of(method.weight, lanes, lanes, Epilogue.NONE).kernel();
        result = TransformForm.of(method.result, lanes, target, epilogue).kernel();
        Tiling full =
                Tiling.full(method.block, Registers.of(Type.FLOAT32, lanes).rows(columns.wide()));
        rows = full.resized(full.tiles() * full.height());
        tiles = new TileSet(
                new Columns(across(), lanes, columns.wide()),
                _ -> rows,
                Type.FLOAT32,
                Epilogue.NONE,
                (height, vectors) -> new TileForm(
                        Type.FLOAT32, lanes, height, vectors, source, Walk.by(1), Walk.by(vectors * lanes)));
    }

    /// The results' channels in whole vectors.
    int across() {
        return columns.vectors() * lanes;
    }

    /// The elements of one tap of the packed weight, or of one matrix of the transformed one.
    int matrix() {
        return source * across();
    }

    /// The elements from one plane of transformed pixels to the next.
    int before() {
        return rows.size() * source + Winograd.GAP;
    }

    /// The same for products.
    int after() {
        return rows.size() * across() + Winograd.GAP;
    }

    /// Whether some tiles go beyond the image's end.
    boolean isUneven() {
        return height % method.step != 0 || width % method.step != 0;
    }

    /// The elements of workspace that each part needs: an image with a border, and a block's transformed pixels,
    /// products and, if uneven, results.
    int part() {
        int results = isUneven() ? method.step * method.step * method.block * target : 0;
        return pixels.padding().count() + method.products() * (before() + after()) + results;
    }

    @Override
    public int workspace() {
        return kept() + WinogradCorrelationWork.MOST_PARTS * part();
    }

    @Override
    public int standing() {
        return 2;
    }

    @Override
    public int kept() {
        return (WEIGHTS + method.products()) * matrix();
    }

    @Override
    public Work bind(Object[] arrays, int[] offsets) {
        return new WinogradCorrelationWork(this, arrays, offsets);
    }
}
