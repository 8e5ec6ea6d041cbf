package org.gradus.kernel;

import org.gradus.base.Type;

/// The gradient of a convolution's weight by [Winograd]'s method: blocks of tiles of pixels and of the result's gradient
/// are transformed, and their products summed over the tiles; what is summed over all tiles is transformed back.
///
/// The images are cut into up to 16 sections, by their number and the weight's size alone. A section's sums are chains of
/// fused multiply-adds, tile after tile; the sections are then added in a fixed tree, as in a [WeightGradient].
final class WinogradWeightGradient implements Contraction {
    private static final int FEWEST_SECTIONS = 4;
    private static final int MOST_SECTIONS = 16;
    private static final int TILES_OF_SECTION = 128;
    private static final int MOST_ELEMENTS = 5 << 19;

    final Winograd method;
    final int lanes;
    final int batch;
    final int in;
    final int out;
    final Tiled pixels;
    final Tiled gradient;
    final Columns columns;
    final Tiling rows; // channels of the pixels
    final TileSet tiles;
    final Sum sum;
    final Transform result;

    WinogradWeightGradient(Winograd method, Convolution c, int lanes) {
        this.method = method;
        this.lanes = lanes;
        batch = c.batch();
        in = c.in();
        out = c.out();
        int[] windows = {c.height().windows(), c.width().windows()};
        int[] sizes = {c.height().size(), c.width().size()};
        int[] before = {c.height().before(), c.width().before()};
        pixels = method.tiled(in, sizes, before, windows, method.pixels, lanes);
        gradient = method.tiled(out, windows, new int[2], windows, method.gradient, lanes);
        int across = Math.ceilDiv(out, lanes) * lanes;
        columns = Columns.of(across, in, 0, Type.FLOAT32, lanes);
        Tiling full = Tiling.full(in, Registers.of(Type.FLOAT32, lanes).rows(columns.wide()));
        rows = full.resized(full.tiles() * full.height());
        tiles = new TileSet(
                columns,
                _ -> rows,
                Type.FLOAT32,
                Epilogue.NONE,
                (height, vectors) ->
                        new TileForm(Type.FLOAT32, lanes, height, vectors, 1, Walk.by(in), Walk.by(across)));
        sum = Sum.of(Type.FLOAT32, lanes);
        result = TransformForm.of(method.sum, lanes, out, Epilogue.NONE).kernel();
    }

    /// The elements from one plane of transformed pixels to the next; tiles of channels may read a few beyond the last.
    int before() {
        return method.block * in + Winograd.GAP;
    }

    /// The same for gradients.
    int after() {
        return method.block * columns.count() + Winograd.GAP;
    }

    /// The elements of one matrix of sums.
    int matrix() {
        return rows.size() * columns.count();
    }

    /// As many as give each enough tiles, and fit the memory for sums.
    int sections() {
        int wanted = Math.clamp((long) batch * pixels.perImage() / TILES_OF_SECTION, FEWEST_SECTIONS, MOST_SECTIONS);
        int most = Math.min(wanted, MOST_ELEMENTS / Math.max(1, method.products() * in * out));
        return Math.clamp(most, 1, Math.max(1, batch));
    }

    /// The elements of workspace that each part needs: two images with a border, and a block of both transformed.
    int part() {
        return pixels.padding().count() + gradient.padding().count() + method.products() * (before() + after());
    }

    @Override
    public int workspace() {
        return sections() * (method.products() * matrix() + part());
    }

    @Override
    public Work bind(Object[] arrays, int[] offsets) {
        return new WinogradWeightGradientWork(this, arrays, offsets);
    }
}
