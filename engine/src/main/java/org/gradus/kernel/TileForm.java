package org.gradus.kernel;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;
import org.jspecify.annotations.Nullable;

/// What one [Tile] is made for: equal forms share one kernel.
///
/// Each step of the innermost loop loads `vectors` vectors of `b` and, for each row, broadcasts one element of `a` and
/// multiplies it into the row's sums: `height * vectors` fused multiply-adds for `height + vectors` loads. All
/// distances are constants of the code. An element of `c` sees its products in the order of the loops, one `fma` after
/// the other, whatever the tile's size: so tiles may be chosen freely, and bits do not depend on the choice.
///
/// @param height rows of the block
/// @param vectors vectors in each row
/// @param edge what becomes of lanes of the last vector that lie outside
/// @param continued whether the sums may begin with what `c` holds, instead of 0
/// @param across the distance between the elements of `a` for neighbouring rows
/// @param a the distances between the elements of `a` in the sum
/// @param b the distances between the vectors of `b` in the sum
/// @param epilogue what is done before storing
record TileForm(
        Type type,
        int lanes,
        int height,
        int vectors,
        Edge edge,
        boolean continued,
        int across,
        Walk a,
        Walk b,
        Epilogue epilogue) {
    /// The lanes of the last vector in a row that lie outside of the block.
    enum Edge {
        /// There are none.
        NONE,

        /// They are neither read nor written.
        MASKED,

        /// They lie in the next row of the block, which is written after them; only the last row is masked. So the rows
        /// must be as far apart as they are long, and at least half as long as their vectors.
        SPILLED
    }

    private static final KernelCache<TileForm, Warming<Tile>> KERNELS = new KernelCache<>(TileForm::define);

    private static final int MANY = 24; // rounds of a rehearsal

    /// The kernel, made at the first call.
    Warming<Tile> tile() {
        return KERNELS.get(this);
    }

    private Warming<Tile> define() {
        return lanes == 1 || type != Type.FLOAT32
                ? Warming.none(emitted())
                : Warming.of(() -> new PlainTile(this), this::emitted, this::rehearsal);
    }

    private Tile emitted() {
        return KernelClass.emit(Tile.class, "Tile" + height + "x" + vectors + "_", type, lanes, this::emit);
    }

    /// Every loop goes round more than once at times, or HotSpot would think that it never does.
    private Warming.Rehearsal<Tile> rehearsal() {
        int row = vectors * lanes;
        Object[] arrays = {
            Warming.zeros(type, reach(a) + height * across + 1),
            Warming.zeros(type, reach(b) + row),
            Warming.zeros(type, height * row),
            Warming.zeros(type, row)
        };
        return new Warming.Rehearsal<>(
                (tile, call) -> {
                    int loops = 1 + call % 2;
                    tile.run(arrays, loops, loops, MANY, 0, 0, 0, row, lanes, 0, call / 2 % 2);
                },
                tile -> tile.run(arrays, 0, 0, 0, 0, 0, 0, row, lanes, 0, Tile.IDLE),
                500 + MANY * height * vectors * 2.0);
    }

    private static int reach(Walk walk) {
        return walk.outer() + walk.middle() + MANY * walk.inner();
    }

    /// The number of kernels made so far.
    static int count() {
        return KERNELS.size();
    }

    /// Sums are loaded and stored one by one, in line. What takes more code (a masked vector, the epilogue) happens in a
    /// loop over the rows, between the result and an array aside: HotSpot's first compiler gives up on methods with many
    /// of those, and then the second one may never see them.
    private void emit(Emitter e) {
        e.ifLess(Int.of(Tile.IDLE), e.integer(10), () -> block(e));
    }

    private void block(Emitter e) {
        Ref arrays = e.reference(0);
        Ref left = e.element(arrays, 0, type);
        Ref right = e.element(arrays, 1, type);
        Ref result = e.element(arrays, 2, type);
        @Nullable Mask mask = edge != Edge.NONE && lanes > 1 ? e.maskBelow(e.integer(8)) : null;
        @Nullable Mask end = edge == Edge.SPILLED ? mask : null;
        int masked = mask == null ? vectors : vectors - 1; // the first vector of a row that is
        int bare = end == null ? masked : vectors;
        int direct = epilogue.equals(Epilogue.NONE) ? bare : 0; // the first vector that goes aside
        Ref aside = bare < vectors || direct < vectors ? e.scratch(height * vectors * lanes) : result;
        Numbers[] sums = new Numbers[height * vectors];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = e.variable(e.constant(0));
        }
        if (continued) {
            e.ifLess(Int.of(0), e.integer(10), () -> {
                if (bare < vectors) {
                    rows(e, bare, (row, at, j) -> e.store(aside, at, j * lanes, e.load(result, row, j * lanes, mask)));
                }
                each(
                        e,
                        result,
                        aside,
                        bare,
                        (from, at, place, i) ->
                                e.set(sums[i], e.load(from, at, place, i == sums.length - 1 ? end : null)));
            });
        }
        sum(e, left, right, sums);
        each(
                e,
                result,
                aside,
                direct,
                (to, at, place, i) -> e.store(to, at, place, sums[i], i == sums.length - 1 && direct > 0 ? end : null));
        Numbers[] biases = new Numbers[vectors];
        if (epilogue.bias()) {
            Ref bias = e.element(arrays, 3, type);
            for (int j = 0; j < vectors; j++) {
                biases[j] = e.load(bias, e.integer(9), j * lanes, j < masked ? null : mask);
            }
        }
        if (direct < vectors) {
            rows(e, direct, (row, at, j) -> {
                Numbers value = e.load(aside, at, j * lanes);
                value = epilogue.bias() ? e.plus(value, biases[j]) : value;
                value = epilogue.relu() ? e.larger(value, e.constant(0)) : value;
                e.store(result, row, j * lanes, value, j < masked ? null : mask);
            });
        }
    }

    private interface Sum {
        void emit(Ref array, Int at, int place, int i);
    }

    /// Something in line for every sum, with its place: in the result, or aside from a vector of a row on.
    private void each(Emitter e, Ref result, Ref aside, int first, Sum each) {
        Int row = e.variable(e.integer(6));
        for (int i = 0; i < height * vectors; i++) {
            int j = i % vectors;
            if (j < first) {
                each.emit(result, row, j * lanes, i);
            } else {
                each.emit(aside, Int.of(0), i * lanes, i);
            }
            if (j == vectors - 1) {
                e.set(row, e.plus(row, e.integer(7)));
            }
        }
    }

    private interface Vector {
        void emit(Int row, Int at, int j);
    }

    /// A loop over the rows of the result and of the array aside, for the vectors from one on.
    private void rows(Emitter e, int first, Vector each) {
        Int row = e.variable(e.integer(6));
        Int at = e.variable(Int.of(0));
        e.loop(Int.of(0), Int.of(height), 1, i -> {
            for (int j = first; j < vectors; j++) {
                each.emit(row, at, j);
            }
            e.set(row, e.plus(row, e.integer(7)));
            e.increment(at, vectors * lanes);
        });
    }

    private void sum(Emitter e, Ref left, Ref right, Numbers[] sums) {
        Int[] at = {e.integer(4), e.integer(5)};
        Inside step = inner -> step(e, left, right, inner, sums);
        Inside row = middle -> nest(e, e.integer(3), middle, a.inner(), b.inner(), step);
        Inside plane = outer -> nest(e, e.integer(2), outer, a.middle(), b.middle(), row);
        nest(e, e.integer(1), at, a.outer(), b.outer(), plane);
    }

    /// One step of the sums, in parts of a few rows (or columns) where registers are short.
    ///
    /// HotSpot's second compiler loads as early as it can, even if sums must then wait in memory, and it unrolls small
    /// loops, which makes that worse. But it does not move a load ahead of a way out of the loop behind which all sums are
    /// asked for. So a branch that is never taken, as places are not negative, keeps the parts apart.
    private void step(Emitter e, Ref left, Ref right, Int[] at, Numbers[] sums) {
        Registers registers = Registers.of(type, lanes);
        boolean byRow = height >= vectors || !registers.isTight();
        IntFunction<Numbers> factor = i -> e.broadcast(e.single().load(left, at[0], i * across));
        IntFunction<Numbers> vector = j -> e.load(right, at[1], j * lanes);
        Numbers[] held = new Numbers[byRow ? vectors : height];
        Arrays.setAll(held, byRow ? vector : factor);
        int together = registers.together(height, vectors);
        for (int i = 0; i < sums.length / held.length; i++) {
            if (registers.isTight() && i % together == 0) {
                e.ifEqual(at[1], e.minus(Int.of(-1), e.integer(6)), () -> e.variable(Int.of(0)));
            }
            Numbers one = (byRow ? factor : vector).apply(i);
            for (int j = 0; j < held.length; j++) {
                Numbers sum = sums[byRow ? i * vectors + j : j * vectors + i];
                e.into(sum).fma(one, held[j], sum);
            }
        }
    }

    private interface Inside {
        void emit(Int[] at);
    }

    /// A loop that moves a copy of the two places along.
    private static void nest(Emitter e, Int count, Int[] at, int aStep, int bStep, Inside inside) {
        Int[] moving = {e.variable(at[0]), e.variable(at[1])};
        e.loop(Int.of(0), count, 1, i -> {
            inside.emit(moving);
            e.set(moving[0], e.plus(moving[0], aStep));
            e.set(moving[1], e.plus(moving[1], bStep));
        });
    }
}
