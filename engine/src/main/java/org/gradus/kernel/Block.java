package org.gradus.kernel;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

/// A kernel that computes blocks of a sum of products as a [Tile] does, but is told all distances when it runs. So one of
/// them serves tiles of every form until these are compiled, and HotSpot can have it ready before there is a plan.
///
/// @param lanes the numbers in a vector
record Block(Code code, int lanes) {
    static final int ROWS = 5;
    static final int VECTORS = 2;

    private static final int ROUNDS = 24; // of a rehearsal
    private static final int PART = 3; // rows whose elements have registers at once
    private static final Map<Form, Warming<Block>> KERNELS = new ConcurrentHashMap<>();
    private static final Set<Type> PREPARED = ConcurrentHashMap.newKeySet();

    /// What computes them: [#ROWS] times [#VECTORS] vectors of sums.
    @FunctionalInterface
    interface Code {
        /// Computes some blocks, as [Tile#run] does.
        ///
        /// @param rows how many rows a block has; where these are fewer than could be, the last one is computed several times
        /// @param vectors the same for the vectors in a row
        /// @param distances the form's: see [Block#distances]
        void run(
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
                int cNext,
                int rows,
                int vectors,
                int[] distances);
    }

    /// Has vector code compiled in the background, if nobody has asked for that yet.
    static void prepare(Type type) {
        if (PREPARED.add(type)) {
            Warming.inBackground(() -> {
                int lanes = Lanes.of(type);
                if (lanes > 1) {
                    of(type, lanes).begin();
                }
            });
        }
    }

    /// The kernel for tiles with so many lanes.
    static Warming<Block> of(Type type, int lanes) {
        return KERNELS.computeIfAbsent(
                new Form(type, lanes),
                form -> Warming.of(() -> emitted(form.single()), () -> emitted(form), () -> rehearsal(form)));
    }

    /// How far apart the elements of `a` lie for neighbouring rows, then in the three loops of the sum, and those of `b` there.
    static int[] distances(TileForm form) {
        Walk a = form.a();
        Walk b = form.b();
        return new int[] {form.across(), a.outer(), a.middle(), a.inner(), b.outer(), b.middle(), b.inner()};
    }

    static Block emitted(Form form) {
        return new Block(KernelClass.emit(Code.class, "Block", form.type(), form.lanes(), Block::emit), form.lanes());
    }

    private static Warming.Rehearsal<Block> rehearsal(Form form) {
        int row = VECTORS * form.lanes();
        Object[] arrays = {Warming.zeros(form.type(), ROWS * ROUNDS), Warming.zeros(form.type(), row * ROUNDS)};
        Object result = Warming.zeros(form.type(), ROWS * row);
        int[] distances = {ROUNDS, 0, 0, 1, 0, 0, row};
        return new Warming.Rehearsal<>(
                (block, call) -> {
                    int loops = 1 + call % 2;
                    int continued = call / 2 % 2;
                    block.code.run(
                            arrays,
                            result,
                            loops,
                            loops,
                            ROUNDS,
                            0,
                            0,
                            0,
                            row,
                            continued,
                            loops,
                            0,
                            0,
                            ROWS - continued,
                            loops,
                            distances);
                },
                block -> block.code.run(arrays, result, 0, 0, 0, 0, 0, 0, row, 0, 0, 0, 0, 1, 1, distances),
                500 + ROUNDS * ROWS * VECTORS * 16.0);
    }

    private static void emit(Emitter e) {
        Type type = e.form().type();
        Ref left = e.element(e.reference(0), 0, type);
        Ref right = e.element(e.reference(0), 1, type);
        Ref result = e.as(e.reference(1), type);
        Int[] distances = new Int[7];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = e.element(e.reference(15), i);
        }
        Int[] aRows = new Int[ROWS];
        Int[] places = new Int[ROWS * VECTORS]; // of the sums in a block
        Int aside = e.times(e.minus(e.integer(14), 1), e.lanes());
        for (int i = 0; i < ROWS; i++) {
            Int row = i == 0 ? Int.of(0) : e.smaller(Int.of(i), e.minus(e.integer(13), 1));
            aRows[i] = e.times(row, distances[0]);
            places[VECTORS * i] = e.times(row, e.integer(8));
            places[VECTORS * i + 1] = e.plus(places[VECTORS * i], aside);
        }
        Int from = e.variable(e.integer(5));
        Int to = e.variable(e.integer(7));
        e.loop(Int.of(0), e.integer(10), 1, block -> {
            Numbers[] sums = new Numbers[places.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = e.variable(e.constant(0));
            }
            e.ifLess(Int.of(0), e.integer(9), () -> {
                for (int i = 0; i < sums.length; i++) {
                    e.set(sums[i], e.load(result, e.plus(to, places[i])));
                }
            });
            TileCode.Inside step = at -> step(e, left, right, at, aRows, aside, sums);
            TileCode.Inside row = at -> TileCode.nest(e, e.integer(4), at, distances[3], distances[6], step);
            TileCode.Inside plane = at -> TileCode.nest(e, e.integer(3), at, distances[2], distances[5], row);
            Int[] begin = {from, e.integer(6)};
            TileCode.nest(e, e.integer(2), begin, distances[1], distances[4], plane);
            for (int i = 0; i < sums.length; i++) {
                e.store(result, e.plus(to, places[i]), sums[i]);
            }
            e.set(from, e.plus(from, e.integer(11)));
            e.set(to, e.plus(to, e.integer(12)));
        });
    }

    /// One step of the sums, in parts as in [TileCode].
    private static void step(Emitter e, Ref left, Ref right, Int[] at, Int[] aRows, Int aside, Numbers[] sums) {
        Numbers[] vectors = {e.load(right, at[1]), e.load(right, e.plus(at[1], aside))};
        for (int i = 0; i < ROWS; i++) {
            if (i == PART) {
                TileCode.split(e, at, 0);
            }
            Numbers one = e.broadcast(e.single().load(left, e.plus(at[0], aRows[i])));
            for (int j = 0; j < VECTORS; j++) {
                Numbers sum = sums[VECTORS * i + j];
                e.into(sum).fma(one, vectors[j], sum);
            }
        }
    }
}
