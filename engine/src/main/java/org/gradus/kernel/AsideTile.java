package org.gradus.kernel;

/// A [Tile] of a form whose rows share a vector, made of one that writes whole vectors: aside, from where the numbers of each row
/// are taken to the result.
final class AsideTile implements Tile {
    private final TileForm form;
    private final AnyTile tile;

    AsideTile(TileForm form, AnyTile tile) {
        this.form = form;
        this.tile = tile;
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
        int width = form.vectors() * form.lanes();
        int length = form.length();
        // New each time, as what a thread keeps may be the result; it runs for a second or two.
        Object aside = Warming.zeros(form.type(), form.height() * width);
        for (int i = 0; i < count; i++) {
            int to = c + i * cNext;
            for (int row = 0; continued > 0 && row < form.height(); row++) {
                System.arraycopy(result, to + row * cStep, aside, row * width, length);
            }
            tile.run(arrays, aside, outer, middle, inner, a + i * aNext, b, 0, width, continued, 1, 0, 0);
            for (int row = 0; row < form.height(); row++) {
                System.arraycopy(aside, row * width, result, to + row * cStep, length);
            }
        }
    }
}
