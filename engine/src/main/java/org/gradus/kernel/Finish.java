package org.gradus.kernel;

import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;
import org.jspecify.annotations.Nullable;

/// A kernel that copies rows of finished sums from one array to another, with an [Epilogue].
@FunctionalInterface
interface Finish {
    /// Copies some rows.
    ///
    /// @param arrays number 3 is the bias
    /// @param sums the array of the sums
    /// @param from where the first row begins
    /// @param fromStep the distance between rows
    /// @param result the array that is written
    /// @param to where the first row goes
    /// @param toStep the distance between rows there
    /// @param rows how many
    /// @param length the numbers of each, which take all of the form's vectors
    /// @param bias where the first column's bias lies
    void run(
            Object[] arrays,
            Object sums,
            int from,
            int fromStep,
            Object result,
            int to,
            int toStep,
            int rows,
            int length,
            int bias);

    /// The kernel for the rows of a panel, made at the first call.
    static Warming<Finish> of(Type type, Columns columns, int panel, Epilogue epilogue) {
        int vectors = columns.vectors(panel);
        boolean ragged = columns.last(panel) < columns.lanes();
        return FinishForm.KERNELS.get(new FinishForm(type, columns.lanes(), vectors, ragged, epilogue));
    }

    /// What one is made for.
    ///
    /// @param vectors in a row
    /// @param ragged whether the last of them is not full
    record FinishForm(Type type, int lanes, int vectors, boolean ragged, Epilogue epilogue) {
        private static final KernelCache<FinishForm, Warming<Finish>> KERNELS = new KernelCache<>(FinishForm::define);
        private static final int ROWS = 3; // of a rehearsal

        private Warming<Finish> define() {
            if (lanes == 1) {
                return Warming.none(emitted());
            }
            FinishForm plain = new FinishForm(type, 1, 1, false, epilogue); // for rows of any length
            return Warming.of(() -> KERNELS.get(plain).now(0), this::emitted, this::rehearsal);
        }

        private Finish emitted() {
            return KernelClass.emit(Finish.class, "Finish" + vectors + "_", type, lanes, this::emit);
        }

        /// What does not fill a vector lies at the end of its array, where the Vector API goes another way.
        private Warming.Rehearsal<Finish> rehearsal() {
            int length = vectors * lanes - (ragged ? lanes / 2 : 0);
            Object sums = Warming.zeros(type, ROWS * length);
            Object result = Warming.zeros(type, ROWS * length);
            Object[] arrays = {sums, sums, sums, Warming.zeros(type, length)};
            return new Warming.Rehearsal<>(
                    (finish, call) -> finish.run(arrays, sums, 0, length, result, 0, length, ROWS, length, 0),
                    finish -> finish.run(arrays, sums, 0, length, result, 0, length, 0, length, 0),
                    500 + ROWS * length * 4.0);
        }

        /// Rows are short, so their vectors stand in line. What fills none goes one by one where registers are few: masked
        /// stores take long on such processors.
        private void emit(Emitter e) {
            Ref sums = e.as(e.reference(1), type);
            Ref result = e.as(e.reference(4), type);
            Ref bias = epilogue.bias() ? e.element(e.reference(0), 3, type) : result;
            Int from = e.variable(e.integer(2));
            Int to = e.variable(e.integer(5));
            Int length = e.integer(8);
            Int added = e.integer(9);
            boolean single = e.lanes() == 1;
            int full = single ? 0 : vectors - (ragged ? 1 : 0);
            boolean oneByOne = single || Registers.of(type, lanes).isTight();
            @Nullable Mask mask = oneByOne || !ragged ? null : e.maskBelow(e.minus(length, full * lanes));
            Numbers[] biases = new Numbers[vectors];
            for (int i = 0; i < (oneByOne ? full : vectors) && epilogue.bias(); i++) {
                biases[i] = e.load(bias, added, i * lanes, i < full ? null : mask);
            }
            e.loop(Int.of(0), e.integer(7), 1, row -> {
                for (int i = 0; i < (oneByOne ? full : vectors); i++) {
                    @Nullable Mask those = i < full ? null : mask;
                    Numbers value = finished(e, e.load(sums, from, i * lanes, those), biases[i]);
                    e.store(result, to, i * lanes, value, those);
                }
                if (oneByOne && (single || ragged)) {
                    Emitter s = e.single();
                    e.loop(Int.of(full * lanes), length, 1, j -> {
                        @Nullable Numbers one = epilogue.bias() ? s.load(bias, s.plus(added, j)) : null;
                        s.store(result, s.plus(to, j), finished(s, s.load(sums, s.plus(from, j)), one));
                    });
                }
                e.set(from, e.plus(from, e.integer(3)));
                e.set(to, e.plus(to, e.integer(6)));
            });
        }

        private Numbers finished(Emitter e, Numbers sum, @Nullable Numbers bias) {
            Numbers value = bias == null ? sum : e.plus(sum, bias);
            return epilogue.relu() ? e.larger(value, e.constant(0)) : value;
        }
    }
}
