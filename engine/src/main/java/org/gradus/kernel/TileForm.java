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
/// @param masked whether lanes of the last vector in a row may lie outside: they are neither read nor written
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
        boolean masked,
        boolean continued,
        int across,
        Walk a,
        Walk b,
        Epilogue epilogue) {
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
        KernelClass<Tile> made = new KernelClass<>(Tile.class, "Tile" + height + "x" + vectors + "_");
        Emitter run = made.method(type, lanes);
        run.ifLess(Int.of(Tile.IDLE), run.integer(10), () -> {
            if (!masked && epilogue.equals(Epilogue.NONE)) {
                block(run, run.integer(10), run.element(run.reference(0), 2, type), run.integer(6), run.integer(7));
            } else {
                finished(made, run);
            }
        });
        return made.define();
    }

    /// Every loop goes round more than once at times, or HotSpot would think that it never does. What is masked lies at
    /// the end of its array, where the Vector API goes another way.
    private Warming.Rehearsal<Tile> rehearsal() {
        int row = vectors * lanes;
        int last = masked ? 1 : lanes;
        int beyond = lanes - last;
        Object[] arrays = {
            Warming.zeros(type, reach(a) + height * across + 1),
            Warming.zeros(type, reach(b) + row),
            Warming.zeros(type, height * row - beyond),
            Warming.zeros(type, row - beyond)
        };
        return new Warming.Rehearsal<>(
                (tile, call) -> {
                    int loops = 1 + call % 2;
                    tile.run(arrays, loops, loops, MANY, 0, 0, 0, row, last, 0, call / 2 % 2);
                },
                tile -> tile.run(arrays, 0, 0, 0, 0, 0, 0, row, last, 0, Tile.IDLE),
                500 + MANY * height * vectors * 2.0);
    }

    private static int reach(Walk walk) {
        return walk.outer() + walk.middle() + MANY * walk.inner();
    }

    /// The number of kernels made so far.
    static int count() {
        return KERNELS.size();
    }

    /// The sums go aside, by a method of their own; what is done to them then, to vectors that may be masked, happens in
    /// a loop over the rows.
    ///
    /// HotSpot's second compiler keeps some of the sums in memory where the method has more to do than to make them.
    private void finished(KernelClass<Tile> made, Emitter run) {
        Class<?> array = type == Type.FLOAT32 ? float[].class : double[].class;
        Emitter sum = made.method(
                "sum",
                type,
                lanes,
                Object[].class,
                int.class,
                int.class,
                int.class,
                int.class,
                int.class,
                int.class,
                array);
        Ref arrays = run.reference(0);
        Ref result = run.element(arrays, 2, type);
        @Nullable Mask mask = masked && lanes > 1 ? run.maskBelow(run.integer(8)) : null;
        int whole = mask == null ? vectors : vectors - 1; // vectors of a row
        int width = vectors * lanes;
        Ref aside = run.scratch(height * width);
        if (continued) {
            run.ifLess(
                    Int.of(0),
                    run.integer(10),
                    () -> rows(
                            run,
                            (row, at, j) -> run.store(
                                    aside, at, j * lanes, run.load(result, row, j * lanes, j < whole ? null : mask))));
        }
        run.call(
                sum,
                arrays,
                run.integer(1),
                run.integer(2),
                run.integer(3),
                run.integer(4),
                run.integer(5),
                run.integer(10),
                aside);
        block(sum, sum.integer(6), sum.reference(7), Int.of(0), Int.of(width));
        Numbers[] biases = new Numbers[vectors];
        if (epilogue.bias()) {
            Ref bias = run.element(arrays, 3, type);
            for (int j = 0; j < vectors; j++) {
                biases[j] = run.load(bias, run.integer(9), j * lanes, j < whole ? null : mask);
            }
        }
        rows(run, (row, at, j) -> {
            Numbers value = run.load(aside, at, j * lanes);
            value = epilogue.bias() ? run.plus(value, biases[j]) : value;
            value = epilogue.relu() ? run.larger(value, run.constant(0)) : value;
            run.store(result, row, j * lanes, value, j < whole ? null : mask);
        });
    }

    /// The sums, loaded from and stored to an array one by one, in line.
    private void block(Emitter e, Int begun, Ref to, Int start, Int step) {
        Ref arrays = e.reference(0);
        Ref left = e.element(arrays, 0, type);
        Ref right = e.element(arrays, 1, type);
        Numbers[] sums = new Numbers[height * vectors];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = e.variable(e.constant(0));
        }
        if (continued) {
            e.ifLess(
                    Int.of(0),
                    begun,
                    () -> each(e, start, step, (at, place, i) -> e.set(sums[i], e.load(to, at, place))));
        }
        sum(e, left, right, sums);
        each(e, start, step, (at, place, i) -> e.store(to, at, place, sums[i]));
    }

    private interface Sum {
        void emit(Int at, int place, int i);
    }

    /// Something in line for every sum, with its place.
    private void each(Emitter e, Int start, Int step, Sum each) {
        Int row = e.variable(start);
        for (int i = 0; i < height * vectors; i++) {
            each.emit(row, i % vectors * lanes, i);
            if (i % vectors == vectors - 1) {
                e.set(row, e.plus(row, step));
            }
        }
    }

    private interface Vector {
        void emit(Int row, Int at, int j);
    }

    /// A loop over the rows of the result and of the array aside.
    private void rows(Emitter e, Vector each) {
        Int row = e.variable(e.integer(6));
        Int at = e.variable(Int.of(0));
        e.loop(Int.of(0), Int.of(height), 1, i -> {
            for (int j = 0; j < vectors; j++) {
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
                e.ifEqual(at[1], e.minus(Int.of(-1), e.integer(1)), () -> e.variable(Int.of(0)));
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
