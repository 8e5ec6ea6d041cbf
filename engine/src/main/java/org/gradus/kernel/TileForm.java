package org.gradus.kernel;

import org.gradus.base.Type;

/// What one [Tile] is made for: equal forms share one kernel.
///
/// Each step of the innermost loop loads `vectors` vectors of `b` and, for each row, broadcasts one element of `a` and
/// multiplies it into the row's sums: `height * vectors` fused multiply-adds (less where rows share a vector) for
/// `height + vectors` loads. Distances belong to the code. An element of `c` sees its products in the order of the loops, one `fma` after
/// the other, whatever the tile's size: so tiles may be chosen freely, and bits do not depend on the choice.
///
/// Where a row's last vector is not full, a few rows may *share* one. `b` holds that vector's numbers once for each of
/// them, and what they are multiplied with is put together, lane by lane, from the elements of `a` of these rows. So 20
/// columns take one and a quarter of 16 lanes, not two.
///
/// @param height rows of the block
/// @param vectors vectors in each row
/// @param across the distance between the elements of `a` for neighbouring rows
/// @param a the distances between the elements of `a` in the sum
/// @param b the distances between the vectors of `b` in the sum
/// @param rest how many numbers the last vector of a row has if rows share it; else 0
/// @param fresh whether sums never begin with what the result holds: half as much to compile beside the loop
record TileForm(Type type, int lanes, int height, int vectors, int across, Walk a, Walk b, int rest, boolean fresh) {
    private static final KernelCache<TileForm, Warming<Tile>> KERNELS = new KernelCache<>(TileForm::define);

    private static final int MANY = 24; // rounds of a rehearsal

    TileForm {
        if (rest > 0 && (vectors < 2 || Registers.of(type, lanes).isTight())) {
            throw new IllegalArgumentException("Rows share a vector beside others, where registers abound.");
        }
    }

    TileForm(Type type, int lanes, int height, int vectors, int across, Walk a, Walk b) {
        this(type, lanes, height, vectors, across, a, b, 0, false);
    }

    /// The same where rows share a last vector with so many numbers of each; none for 0.
    TileForm sharing(int numbers) {
        return new TileForm(type, lanes, height, vectors, across, a, b, numbers, fresh);
    }

    /// The same for sums that are fresh or not.
    TileForm fresh(boolean always) {
        return new TileForm(type, lanes, height, vectors, across, a, b, rest, always);
    }

    /// The vectors of a row that it does not share.
    int full() {
        return rest > 0 ? vectors - 1 : vectors;
    }

    /// The numbers of a row.
    int length() {
        return full() * lanes + rest;
    }

    /// The kernel, made at the first call.
    Warming<Tile> tile() {
        return KERNELS.get(this);
    }

    private Warming<Tile> define() {
        return lanes == 1
                ? Warming.none(emitted())
                : Warming.of(() -> AnyTile.of(this, Block.of(type, lanes)), this::emitted, this::rehearsal);
    }

    private Tile emitted() {
        return KernelClass.emit(
                Tile.class, "Tile" + height + "x" + vectors + "_", type, lanes, e -> new TileCode(this, e).emit());
    }

    /// Every loop goes round more than once at times, or HotSpot would think that it never does.
    private Warming.Rehearsal<Tile> rehearsal() {
        int row = vectors * lanes;
        Object[] arrays = {Warming.zeros(type, reach(a) + height * across + 1), Warming.zeros(type, reach(b) + row)};
        Object result = Warming.zeros(type, height * row);
        return new Warming.Rehearsal<>(
                (tile, call) -> {
                    int outer = 1 + call / 4 % 2;
                    int middle = 1 + call / 2 % 2;
                    int count = 1 + call % 2;
                    tile.run(
                            arrays,
                            result,
                            outer,
                            middle,
                            MANY / (outer * middle),
                            0,
                            0,
                            0,
                            row,
                            call % 3,
                            count,
                            0,
                            0);
                },
                tile -> tile.run(arrays, result, 0, 0, 0, 0, 0, 0, row, 0, 0, 0, 0),
                500 + MANY * height * vectors * 16.0);
    }

    private static int reach(Walk walk) {
        return walk.outer() + walk.middle() + MANY * walk.inner();
    }

    /// The number of kernels made so far.
    static int count() {
        return KERNELS.size();
    }
}
