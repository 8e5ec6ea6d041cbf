package org.gradus.kernel;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
/// @param ragged whether the last vector has lanes that do not belong to `c`
/// @param continued whether the sums begin with what `c` holds, instead of 0
/// @param across the distance between the elements of `a` for neighbouring rows
/// @param a the distances between the elements of `a` in the sum
/// @param b the distances between the vectors of `b` in the sum
/// @param epilogue what is done before storing
record TileForm(
        Type type,
        int lanes,
        int height,
        int vectors,
        boolean ragged,
        boolean continued,
        int across,
        Walk a,
        Walk b,
        Epilogue epilogue) {
    private static final Map<TileForm, Tile> KERNELS = new ConcurrentHashMap<>();
    private static final Set<TileForm> WARM = ConcurrentHashMap.newKeySet();
    private static final int WARM_CALLS = 1_000; // HotSpot's thresholds: 600 calls and 15,000 calls and rounds
    private static final int WARM_ROUNDS = 24;

    /// The kernel, made at the first call.
    Tile tile() {
        return KERNELS.computeIfAbsent(
                this,
                form -> KernelClass.emit(Tile.class, "Tile" + height + "x" + vectors + "_", type, lanes, form::emit));
    }

    /// Runs all kernels that were made but never warmed up, so often and on so little work that HotSpot compiles them:
    /// a first real call in the interpreter would take a thousand times as long as later ones.
    static void warmUp() {
        KERNELS.forEach((form, tile) -> {
            if (WARM.add(form)) {
                form.warmUp(tile);
            }
        });
    }

    private void warmUp(Tile tile) {
        int rounds = WARM_ROUNDS;
        int row = vectors * lanes;
        Object[] arrays = {
            zeros(Math.abs(a.inner()) * rounds + height * across + 1), zeros(b.inner() * rounds + row),
            zeros(height * row), zeros(row)
        };
        for (int call = 0; call < WARM_CALLS; call++) {
            tile.run(arrays, 1, 1, rounds, 0, 0, 0, row, lanes, 0);
        }
    }

    private Object zeros(int count) {
        return type == Type.FLOAT32 ? new float[count] : new double[count];
    }

    /// The number of kernels made so far.
    static int count() {
        return KERNELS.size();
    }

    /// Sums are loaded and stored one by one, in line. What takes more code (masks, the epilogue) happens in a loop
    /// over the rows, between the result and an array aside: HotSpot's first compiler gives up on methods with many of
    /// those, and then the second one may never see them.
    private void emit(Emitter e) {
        Ref arrays = e.reference(0);
        Ref left = e.element(arrays, 0, type);
        Ref right = e.element(arrays, 1, type);
        Ref result = e.element(arrays, 2, type);
        @Nullable Mask mask = ragged && lanes > 1 ? e.maskBelow(e.integer(8)) : null;
        boolean away = mask != null || !epilogue.equals(Epilogue.NONE);
        Ref aside = away ? e.scratch(height * vectors * lanes) : result;
        Numbers[] sums = new Numbers[height * vectors];
        if (continued && mask != null) {
            rows(
                    e,
                    (row, at, j) -> e.store(
                            aside, at, j * lanes, e.load(result, row, j * lanes, j == vectors - 1 ? mask : null)));
        }
        Int row = e.variable(e.integer(6));
        for (int i = 0; i < sums.length; i++) {
            if (!continued) {
                sums[i] = e.variable(e.constant(0));
            } else if (mask != null) {
                sums[i] = e.variable(e.load(aside, Int.of(0), i * lanes));
            } else {
                sums[i] = e.variable(e.load(result, row, i % vectors * lanes));
                next(e, row, i);
            }
        }
        sum(e, left, right, sums);
        e.set(row, e.integer(6));
        for (int i = 0; i < sums.length; i++) {
            if (away) {
                e.store(aside, Int.of(0), i * lanes, sums[i]);
            } else {
                e.store(result, row, i % vectors * lanes, sums[i]);
                next(e, row, i);
            }
        }
        if (away) {
            finish(e, arrays, aside, result, mask);
        }
    }

    private void finish(Emitter e, Ref arrays, Ref aside, Ref result, @Nullable Mask mask) {
        Numbers[] biases = new Numbers[vectors];
        if (epilogue.bias()) {
            Ref bias = e.element(arrays, 3, type);
            for (int j = 0; j < vectors; j++) {
                biases[j] = e.load(bias, e.integer(9), j * lanes, j == vectors - 1 ? mask : null);
            }
        }
        rows(e, (row, at, j) -> {
            Numbers value = e.load(aside, at, j * lanes);
            value = epilogue.bias() ? e.plus(value, biases[j]) : value;
            value = epilogue.relu() ? e.larger(value, e.constant(0)) : value;
            e.store(result, row, j * lanes, value, j == vectors - 1 ? mask : null);
        });
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

    /// Goes on to the next row behind the last vector of one.
    private void next(Emitter e, Int row, int i) {
        if (i % vectors == vectors - 1) {
            e.set(row, e.plus(row, e.integer(7)));
        }
    }

    private void sum(Emitter e, Ref left, Ref right, Numbers[] sums) {
        Int[] at = {e.integer(4), e.integer(5)};
        nest(
                e,
                e.integer(1),
                at,
                a.outer(),
                b.outer(),
                outer -> nest(
                        e,
                        e.integer(2),
                        outer,
                        a.middle(),
                        b.middle(),
                        middle -> nest(e, e.integer(3), middle, a.inner(), b.inner(), inner -> {
                            Numbers[] loaded = new Numbers[vectors];
                            for (int j = 0; j < vectors; j++) {
                                loaded[j] = e.load(right, inner[1], j * lanes);
                            }
                            for (int i = 0; i < height; i++) {
                                Numbers factor = e.broadcast(e.single().load(left, inner[0], i * across));
                                for (int j = 0; j < vectors; j++) {
                                    Numbers sum = sums[i * vectors + j];
                                    e.into(sum).fma(factor, loaded[j], sum);
                                }
                            }
                        })));
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
