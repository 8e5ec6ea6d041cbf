package org.gradus.kernel;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

/// What one [Tile] is made for: equal forms share one kernel.
///
/// Each step of the innermost loop loads `vectors` vectors of `b` and, for each row, broadcasts one element of `a` and
/// multiplies it into the row's sums: `height * vectors` fused multiply-adds for `height + vectors` loads.
/// Distances belong to the code. An element of `c` sees its products in the order of the loops, one `fma` after
/// the other, whatever the tile's size: so tiles may be chosen freely, and bits do not depend on the choice.
///
/// @param height rows of the block
/// @param vectors vectors in each row
/// @param across the distance between the elements of `a` for neighbouring rows
/// @param a the distances between the elements of `a` in the sum
/// @param b the distances between the vectors of `b` in the sum
record TileForm(Type type, int lanes, int height, int vectors, int across, Walk a, Walk b) {
    private static final KernelCache<TileForm, Warming<Tile>> KERNELS = new KernelCache<>(TileForm::define);

    private static final int MANY = 24; // rounds of a rehearsal

    /// The kernel, made at the first call.
    Warming<Tile> tile() {
        return KERNELS.get(this);
    }

    private Warming<Tile> define() {
        return lanes == 1
                ? Warming.none(emitted())
                : Warming.of(() -> new AnyTile(this, Block.of(type, lanes)), this::emitted, this::rehearsal);
    }

    private Tile emitted() {
        return KernelClass.emit(Tile.class, "Tile" + height + "x" + vectors + "_", type, lanes, this::emit);
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

    /// Nothing but the sums, loaded and stored one by one, in line. With more to do than that (masks, an epilogue, another
    /// array), HotSpot's second compiler keeps some of the sums in memory.
    private void emit(Emitter e) {
        Ref arrays = e.reference(0);
        Ref left = e.element(arrays, 0, type);
        Ref right = e.element(arrays, 1, type);
        Ref result = e.as(e.reference(1), type);
        Int from = e.variable(e.integer(5));
        Int to = e.variable(e.integer(7));
        e.loop(Int.of(0), e.integer(10), 1, block -> {
            Numbers[] sums = new Numbers[height * vectors];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = e.variable(e.constant(0));
            }
            e.ifLess(
                    Int.of(0),
                    e.integer(9),
                    () -> each(e, to, (at, place, i) -> e.set(sums[i], e.load(result, at, place))));
            sum(e, left, right, from, sums);
            each(e, to, (at, place, i) -> e.store(result, at, place, sums[i]));
            e.set(from, e.plus(from, e.integer(11)));
            e.set(to, e.plus(to, e.integer(12)));
        });
    }

    private interface Sum {
        void emit(Int at, int place, int i);
    }

    /// Something in line for every sum, with its place in the result.
    private void each(Emitter e, Int to, Sum each) {
        Int row = e.variable(to);
        for (int i = 0; i < height * vectors; i++) {
            each.emit(row, i % vectors * lanes, i);
            if (i % vectors == vectors - 1) {
                e.set(row, e.plus(row, e.integer(8)));
            }
        }
    }

    private void sum(Emitter e, Ref left, Ref right, Int from, Numbers[] sums) {
        Int[] at = {from, e.integer(6)};
        Inside step = inner -> step(e, left, right, inner, sums);
        Inside row = middle -> nest(e, e.integer(4), middle, distance(e, a.inner()), distance(e, b.inner()), step);
        Inside plane = outer -> nest(e, e.integer(3), outer, Int.of(a.middle()), Int.of(b.middle()), row);
        nest(e, e.integer(2), at, Int.of(a.outer()), Int.of(b.outer()), plane);
    }

    /// A distance in the innermost loop: a constant, or larger than what is negative, which the compiler does not know.
    private static Int distance(Emitter e, int by) {
        return isConstant(by) ? Int.of(by) : e.variable(e.larger(Int.of(by), e.minus(Int.of(-1), e.integer(7))));
    }

    /// Whether a distance is a constant of the code. HotSpot's second compiler derives a place that moves by a constant from
    /// the number of the round, and multiplies for that unless it is a power of two; what this takes, sums lack.
    private static boolean isConstant(int distance) {
        return Integer.bitCount(distance) <= 1;
    }

    /// One step of the sums, in parts of a few rows (or columns) where registers are short.
    ///
    /// HotSpot's second compiler loads as early as it can, even if sums must then wait in memory, and it unrolls small
    /// loops, which makes that worse. But it does not move a load ahead of a way out of the loop behind which all sums are
    /// asked for. So a branch that is never taken, as places are not negative, keeps the parts apart. Two parts do also where
    /// registers abound, but the distance of `b` is no constant: else one of the sums may wait in memory.
    private void step(Emitter e, Ref left, Ref right, Int[] at, Numbers[] sums) {
        Registers registers = Registers.of(type, lanes);
        boolean byRow = height >= vectors || !registers.isTight();
        IntFunction<Numbers> factor = i -> e.broadcast(e.single().load(left, at[0], i * across));
        IntFunction<Numbers> vector = j -> e.load(right, at[1], j * lanes);
        Numbers[] held = new Numbers[byRow ? vectors : height];
        Arrays.setAll(held, byRow ? vector : factor);
        int count = sums.length / held.length;
        boolean tight = registers.isTight();
        int together = tight ? registers.together(height, vectors) : isConstant(b.inner()) ? count : (count + 1) / 2;
        for (int i = 0; i < count; i++) {
            if (i % together == 0 && (tight || i > 0)) {
                split(e, at, i / together);
            }
            Numbers one = (byRow ? factor : vector).apply(i);
            for (int j = 0; j < held.length; j++) {
                Numbers sum = sums[byRow ? i * vectors + j : j * vectors + i];
                e.into(sum).fma(one, held[j], sum);
            }
        }
    }

    /// A branch that is never taken: places and distances are not negative. Those of different parts ask different things,
    /// since the compiler leaves out a branch that asks what one before it has asked, or what it can tell beforehand.
    static void split(Emitter e, Int[] at, int part) {
        e.ifEqual(at[1 - part % 2], e.minus(Int.of(-1), e.integer(7 + part / 2 % 6)), () -> e.variable(Int.of(0)));
    }

    /// The inside of a loop that moves two places along.
    interface Inside {
        void emit(Int[] at);
    }

    /// A loop that moves a copy of the two places along.
    static void nest(Emitter e, Int count, Int[] at, Int aStep, Int bStep, Inside inside) {
        Int[] moving = {e.variable(at[0]), e.variable(at[1])};
        e.loop(Int.of(0), count, 1, i -> {
            inside.emit(moving);
            e.set(moving[0], e.plus(moving[0], aStep));
            e.set(moving[1], e.plus(moving[1], bStep));
        });
    }
}
