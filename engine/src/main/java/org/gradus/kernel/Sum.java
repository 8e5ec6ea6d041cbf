package org.gradus.kernel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.gradus.base.Type;
import org.gradus.kernel.Value.Ref;

/// A kernel that adds two ranges of numbers.
@FunctionalInterface
interface Sum {
    /// Adds `count` numbers.
    ///
    /// @param arrays the two summands and the sum
    void run(Object[] arrays, int count, int a, int b, int c);

    /// The kernel for a form.
    static Sum of(Type type, int lanes) {
        return Sums.KERNELS.computeIfAbsent(new Form(type, lanes), Sums::define);
    }

    /// The kernels made so far.
    final class Sums {
        private static final int COUNT = 405; // of a rehearsal
        private static final Map<Form, Sum> KERNELS = new ConcurrentHashMap<>();

        private Sums() {}

        private static Sum define(Form form) {
            if (form.isScalar()) {
                return emitted(form.type(), 1);
            }
            Object numbers = Warming.zeros(form.type(), COUNT);
            Object[] arrays = {numbers, numbers, numbers};
            Warming<Sum> warming = Warming.of(
                    () -> emitted(form.type(), 1),
                    () -> emitted(form.type(), form.lanes()),
                    () -> new Warming.Rehearsal<>(
                            (sum, call) -> sum.run(arrays, COUNT, 0, 0, 0),
                            sum -> sum.run(arrays, 0, 0, 0, 0),
                            500 + COUNT * 2.0));
            return (all, count, a, b, c) -> warming.now(count / 4).run(all, count, a, b, c);
        }

        private static Sum emitted(Type type, int lanes) {
            return KernelClass.emit(Sum.class, "Sum", type, lanes, Sums::emit);
        }

        private static void emit(Emitter e) {
            Ref arrays = e.reference(0);
            Ref a = e.element(arrays, 0, e.form().type());
            Ref b = e.element(arrays, 1, e.form().type());
            Ref c = e.element(arrays, 2, e.form().type());
            e.strip(
                    Value.Int.of(0),
                    e.integer(1),
                    (s, i) -> s.store(
                            c,
                            s.plus(e.integer(4), i),
                            s.plus(s.load(a, s.plus(e.integer(2), i)), s.load(b, s.plus(e.integer(3), i)))));
        }
    }
}
