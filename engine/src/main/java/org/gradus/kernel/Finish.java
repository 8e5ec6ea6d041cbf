package org.gradus.kernel;

import java.util.function.BiConsumer;
import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

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
    /// @param length the numbers of each
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

    /// The kernel, made at the first call.
    static Warming<Finish> of(Type type, int lanes, Epilogue epilogue) {
        return FinishForm.KERNELS.get(new FinishForm(type, lanes, epilogue));
    }

    /// What one is made for.
    record FinishForm(Type type, int lanes, Epilogue epilogue) {
        private static final KernelCache<FinishForm, Warming<Finish>> KERNELS = new KernelCache<>(FinishForm::define);
        private static final int ROWS = 3; // of a rehearsal

        private Warming<Finish> define() {
            return lanes == 1
                    ? Warming.none(emitted(1))
                    : Warming.of(() -> emitted(1), () -> emitted(lanes), this::rehearsal);
        }

        private Finish emitted(int width) {
            return KernelClass.emit(Finish.class, "Finish", type, width, this::emit);
        }

        /// What does not fill a vector lies at the end of its array, where the Vector API goes another way.
        private Warming.Rehearsal<Finish> rehearsal() {
            int length = 2 * lanes + 1;
            Object sums = Warming.zeros(type, ROWS * length);
            Object result = Warming.zeros(type, ROWS * length);
            Object[] arrays = {sums, sums, sums, Warming.zeros(type, length)};
            return new Warming.Rehearsal<>(
                    (finish, call) -> finish.run(arrays, sums, 0, length, result, 0, length, ROWS, length, 0),
                    finish -> finish.run(arrays, sums, 0, length, result, 0, length, 0, length, 0),
                    500 + ROWS * length * 4.0);
        }

        /// What fills no vector goes one by one where registers are few: masked stores take long on such processors.
        private void emit(Emitter e) {
            Ref sums = e.as(e.reference(1), type);
            Ref result = e.as(e.reference(4), type);
            Ref bias = epilogue.bias() ? e.element(e.reference(0), 3, type) : result;
            Int from = e.variable(e.integer(2));
            Int to = e.variable(e.integer(5));
            e.loop(Int.of(0), e.integer(7), 1, row -> {
                BiConsumer<Emitter, Int> copy = (s, j) -> {
                    Numbers value = s.load(sums, s.plus(from, j));
                    value = epilogue.bias() ? s.plus(value, s.load(bias, s.plus(e.integer(9), j))) : value;
                    value = epilogue.relu() ? s.larger(value, s.constant(0)) : value;
                    s.store(result, s.plus(to, j), value);
                };
                if (Registers.of(type, e.lanes()).isTight()) {
                    e.stripSingly(Int.of(0), e.integer(8), copy);
                } else {
                    e.strip(Int.of(0), e.integer(8), copy);
                }
                e.set(from, e.plus(from, e.integer(3)));
                e.set(to, e.plus(to, e.integer(6)));
            });
        }
    }
}
