package org.gradus.kernel;

import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;
import org.jspecify.annotations.Nullable;

/// What one [Transform] of `float32` is made for: equal forms share one kernel.
///
/// A vector of channels of a block is mapped column by column into an array aside, which stays in the first cache, and
/// from there row by row to where it goes. Every number is made of the same operations in the same order in all forms.
///
/// @param matrix what maps rows and columns
/// @param ragged whether channels do not fill vectors
/// @param epilogue what is done before storing
record TransformForm(Matrix matrix, int lanes, boolean ragged, Epilogue epilogue) {
    private static final int ROUNDS = 8; // vectors of a rehearsal
    private static final KernelCache<TransformForm, Transform> KERNELS = new KernelCache<>(TransformForm::define);

    /// A form for blocks of so many channels.
    static TransformForm of(Matrix matrix, int lanes, int channels, Epilogue epilogue) {
        return new TransformForm(matrix, lanes, channels % lanes != 0, epilogue);
    }

    /// The kernel, made at the first call.
    Transform kernel() {
        return KERNELS.get(this);
    }

    private Transform define() {
        if (lanes == 1) {
            return emitted();
        }
        TransformForm plain = new TransformForm(matrix, 1, false, epilogue);
        Warming<Transform> warming = Warming.of(() -> KERNELS.get(plain), this::emitted, this::rehearsal);
        int work = matrix.from() * matrix.to() * (matrix.from() + matrix.to());
        return (all, blocks, channels, from, fromBlock, fromRow, fromPixel, to, toBlock, toRow, toPixel, bias) ->
                warming.now((long) blocks * channels * work)
                        .run(
                                all, blocks, channels, from, fromBlock, fromRow, fromPixel, to, toBlock, toRow, toPixel,
                                bias);
    }

    /// Columns and rows are methods of their own: HotSpot's first compiler gives up on both in one.
    private Transform emitted() {
        KernelClass<Transform> made =
                new KernelClass<>(Transform.class, (lanes == 1 ? "Plain" : "") + "Transform" + matrix + "_");
        Emitter run = made.method(Type.FLOAT32, lanes);
        Emitter columns = columns(made);
        Emitter rows = rows(made);
        Ref aside = run.scratch(matrix.from() * matrix.to() * lanes);
        Int source = run.variable(run.integer(3));
        Int target = run.variable(run.integer(7));
        run.loop(Int.of(0), run.integer(1), 1, block -> {
            run.loop(Int.of(0), run.integer(2), lanes, channel -> {
                Int left = run.minus(run.integer(2), channel);
                Int from = run.plus(source, channel);
                Int to = run.plus(target, channel);
                Int bias = run.plus(run.integer(11), channel);
                run.call(columns, run.reference(0), aside, left, from, run.integer(5), run.integer(6));
                run.call(rows, run.reference(0), aside, left, to, run.integer(9), run.integer(10), bias);
            });
            run.set(source, run.plus(source, run.integer(4)));
            run.set(target, run.plus(target, run.integer(8)));
        });
        return made.define();
    }

    /// Maps the columns of a block, for as many channels as there are lanes, into the array aside. Takes how many channels
    /// are left, where the first pixel lies, and the distances of rows and pixels.
    private Emitter columns(KernelClass<Transform> made) {
        Emitter e = made.method(
                "columns",
                Type.FLOAT32,
                lanes,
                Object[].class,
                float[].class,
                int.class,
                int.class,
                int.class,
                int.class);
        Ref from = e.element(e.reference(0), 0, Type.FLOAT32);
        @Nullable Mask mask = ragged ? e.maskBelow(e.integer(2)) : null;
        Int column = e.variable(e.integer(3));
        Int put = e.variable(Int.of(0));
        e.loop(Int.of(0), Int.of(matrix.from()), 1, j -> {
            Numbers[] x = new Numbers[matrix.from()];
            Int at = column;
            for (int i = 0; i < x.length; i++) {
                at = i == 0 ? at : e.plus(at, e.integer(4));
                x[i] = e.load(from, at, 0, mask);
            }
            Numbers[] y = matrix.times(e, x);
            for (int i = 0; i < y.length; i++) {
                e.store(e.reference(1), put, i * x.length * lanes, y[i]);
            }
            e.increment(put, lanes);
            e.set(column, e.plus(column, e.integer(5)));
        });
        return e;
    }

    /// Maps the rows of what lies aside. Takes what the columns' method takes, for what is written, and where the bias lies.
    private Emitter rows(KernelClass<Transform> made) {
        Emitter e = made.method(
                "rows",
                Type.FLOAT32,
                lanes,
                Object[].class,
                float[].class,
                int.class,
                int.class,
                int.class,
                int.class,
                int.class);
        Ref to = e.element(e.reference(0), 1, Type.FLOAT32);
        @Nullable Mask mask = ragged ? e.maskBelow(e.integer(2)) : null;
        @Nullable Numbers bias =
                epilogue.bias() ? e.load(e.element(e.reference(0), 2, Type.FLOAT32), e.integer(6), 0, mask) : null;
        Int row = e.variable(e.integer(3));
        Int got = e.variable(Int.of(0));
        e.loop(Int.of(0), Int.of(matrix.to()), 1, i -> {
            Numbers[] x = new Numbers[matrix.from()];
            for (int j = 0; j < x.length; j++) {
                x[j] = e.load(e.reference(1), got, j * lanes);
            }
            Numbers[] y = matrix.times(e, x);
            Int at = row;
            for (int j = 0; j < y.length; j++) {
                at = j == 0 ? at : e.plus(at, e.integer(5));
                Numbers value = bias == null ? y[j] : e.plus(y[j], bias);
                e.store(to, at, 0, epilogue.relu() ? e.larger(value, e.constant(0)) : value, mask);
            }
            e.increment(got, matrix.from() * lanes);
            e.set(row, e.plus(row, e.integer(4)));
        });
        return e;
    }

    private Warming.Rehearsal<Transform> rehearsal() {
        int channels = ROUNDS * lanes - (ragged ? lanes - 1 : 0);
        int side = Math.max(matrix.from(), matrix.to());
        int row = side * channels;
        Object[] arrays = {
            Warming.zeros(Type.FLOAT32, side * row),
            Warming.zeros(Type.FLOAT32, side * row),
            Warming.zeros(Type.FLOAT32, side * row)
        };
        return new Warming.Rehearsal<>(
                (map, call) -> map.run(arrays, 2, channels, 0, 0, row, channels, 0, 0, row, channels, 0),
                map -> map.run(arrays, 0, channels, 0, 0, row, channels, 0, 0, row, channels, 0),
                500 + ROUNDS * 2_000.0);
    }
}
