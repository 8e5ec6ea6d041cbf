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

    private Transform emitted() {
        return KernelClass.emit(
                Transform.class,
                (lanes == 1 ? "Plain" : "") + "Transform" + matrix + "_",
                Type.FLOAT32,
                lanes,
                this::emit);
    }

    private void emit(Emitter e) {
        Ref aside = e.scratch(matrix.from() * matrix.to() * lanes);
        Int source = e.variable(e.integer(3));
        Int target = e.variable(e.integer(7));
        e.loop(Int.of(0), e.integer(1), 1, block -> {
            e.loop(Int.of(0), e.integer(2), lanes, channel -> {
                @Nullable Mask mask = ragged ? e.maskBelow(e.minus(e.integer(2), channel)) : null;
                columns(e, aside, mask, e.plus(source, channel));
                rows(e, aside, mask, e.plus(target, channel), e.plus(e.integer(11), channel));
            });
            e.set(source, e.plus(source, e.integer(4)));
            e.set(target, e.plus(target, e.integer(8)));
        });
    }

    /// Maps the columns of a block, for as many channels as there are lanes, into the array aside.
    private void columns(Emitter e, Ref aside, @Nullable Mask mask, Int first) {
        Ref from = e.element(e.reference(0), 0, Type.FLOAT32);
        Int column = e.variable(first);
        Int put = e.variable(Int.of(0));
        e.loop(Int.of(0), Int.of(matrix.from()), 1, j -> {
            Numbers[] x = new Numbers[matrix.from()];
            Int at = column;
            for (int i = 0; i < x.length; i++) {
                at = i == 0 ? at : e.plus(at, e.integer(5));
                x[i] = e.load(from, at, 0, mask);
            }
            Numbers[] y = matrix.times(e, x);
            for (int i = 0; i < y.length; i++) {
                e.store(aside, put, i * x.length * lanes, y[i]);
            }
            e.increment(put, lanes);
            e.set(column, e.plus(column, e.integer(6)));
        });
    }

    /// Maps the rows of what lies aside.
    private void rows(Emitter e, Ref aside, @Nullable Mask mask, Int first, Int biasAt) {
        Ref to = e.element(e.reference(0), 1, Type.FLOAT32);
        @Nullable Numbers bias = epilogue.bias() ? e.load(e.element(e.reference(0), 2, Type.FLOAT32), biasAt, 0, mask) : null;
        Int row = e.variable(first);
        Int got = e.variable(Int.of(0));
        e.loop(Int.of(0), Int.of(matrix.to()), 1, i -> {
            Numbers[] x = new Numbers[matrix.from()];
            for (int j = 0; j < x.length; j++) {
                x[j] = e.load(aside, got, j * lanes);
            }
            Numbers[] y = matrix.times(e, x);
            Int at = row;
            for (int j = 0; j < y.length; j++) {
                at = j == 0 ? at : e.plus(at, e.integer(10));
                Numbers value = bias == null ? y[j] : e.plus(y[j], bias);
                e.store(to, at, 0, epilogue.relu() ? e.larger(value, e.constant(0)) : value, mask);
            }
            e.increment(got, matrix.from() * lanes);
            e.set(row, e.plus(row, e.integer(9)));
        });
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
