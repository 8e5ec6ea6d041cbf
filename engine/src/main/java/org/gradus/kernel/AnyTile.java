package org.gradus.kernel;

/// A [Tile] of any form, bit for bit, made of [Block]s; where rows share a vector, by way of an [AsideTile].
final class AnyTile implements Tile {
    /// About how many products it adds in a nanosecond.
    static final int SPEED = 48;

    private final TileForm form;
    private final Warming<Block> blocks;
    private final int[] distances;

    /// The tile of a form.
    static Tile of(TileForm form, Warming<Block> blocks) {
        AnyTile tile = new AnyTile(form, blocks);
        return form.rest() > 0 ? new AsideTile(form, tile) : tile;
    }

    private AnyTile(TileForm form, Warming<Block> blocks) {
        this.form = form;
        this.blocks = blocks;
        distances = Block.distances(form);
    }

    @Override
    public void run(
            Object[] arrays,
            Object result,
            int outer,
            int middle,
            int inner,
            int a,
            int b,
            int c,
            int cStep,
            int continued,
            int count,
            int aNext,
            int cNext) {
        int length = form.vectors() * form.lanes();
        Block block = blocks.now((long) outer * middle * inner * count * form.height() * length);
        int width = Block.VECTORS * block.lanes();
        // Where a tile needs several blocks, it is finished before the next one, which may overwrite its last rows.
        int each = form.height() <= Block.ROWS && length <= width ? count : 1;
        for (int tile = 0; tile < count; tile += each) {
            for (int row = 0; row < form.height(); row += Block.ROWS) {
                for (int column = 0; column < length; column += width) {
                    block.code()
                            .run(
                                    arrays,
                                    result,
                                    outer,
                                    middle,
                                    inner,
                                    a + tile * aNext + row * form.across(),
                                    b + column,
                                    c + tile * cNext + row * cStep + column,
                                    cStep,
                                    continued,
                                    each,
                                    aNext,
                                    cNext,
                                    Math.min(Block.ROWS, form.height() - row),
                                    Math.min(width, length - column) / block.lanes(),
                                    distances);
                }
            }
        }
    }
}
