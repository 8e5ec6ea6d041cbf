package org.gradus.kernel;

import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;
import org.jspecify.annotations.Nullable;

/// A kernel that copies a strip of a matrix into the order in which a [Tile] reads it.
@FunctionalInterface
interface Panel {
    /// Copies `count` slices.
    ///
    /// @param arrays what is read and what is written
    /// @param count the number of slices, each of the form's width
    /// @param from where the first slice begins
    /// @param fromStep the distance between slices in a straight form, within a slice in a turned one
    /// @param to where the first slice goes
    /// @param toStep how far apart slices are written
    /// @param last how many lanes of the last vector there are, if the form is ragged
    void run(Object[] arrays, int count, int from, int fromStep, int to, int toStep, int last);

    /// What a panel kernel is made for. A straight one finds each slice in one piece; a turned one finds the first
    /// elements of all slices in one piece, then the second ones, and so on.
    ///
    /// @param width vectors of a straight slice, elements of a turned one
    /// @param ragged whether the last vector has fewer elements
    /// @param padded whether something is written in place of those, as there is room for it: masked stores take long
    record PanelForm(Type type, int lanes, boolean turned, int width, boolean ragged, boolean padded) {
        private static final int ROUNDS = 24; // of a rehearsal
        private static final KernelCache<PanelForm, Panel> KERNELS = new KernelCache<>(PanelForm::define);

        static Panel straight(Type type, int lanes, int vectors, boolean ragged, boolean padded) {
            return new PanelForm(type, lanes, false, vectors, ragged && lanes > 1, ragged && lanes > 1 && padded)
                    .panel();
        }

        static Panel turned(Type type, int width) {
            return new PanelForm(type, 1, true, width, false, false).panel();
        }

        private Panel panel() {
            return KERNELS.get(this);
        }

        private Panel define() {
            if (lanes == 1) {
                return emitted();
            }
            Warming<Panel> warming = Warming.of(() -> this::copy, this::emitted, this::rehearsal);
            return (fromTo, count, from, fromStep, to, toStep, last) ->
                    warming.now(count * 2L).run(fromTo, count, from, fromStep, to, toStep, last);
        }

        private Panel emitted() {
            return KernelClass.emit(Panel.class, (turned ? "Turn" : "Copy") + width + "_", type, lanes, this::emit);
        }

        private Warming.Rehearsal<Panel> rehearsal() {
            int row = width * lanes;
            int last = ragged ? 1 : lanes;
            int length = row * ROUNDS - (lanes - last);
            Object[] arrays = {Warming.zeros(type, length), Warming.zeros(type, padded ? row * ROUNDS : length)};
            return new Warming.Rehearsal<>(
                    (panel, call) -> panel.run(arrays, ROUNDS, 0, row, 0, row, last),
                    panel -> panel.run(arrays, 0, 0, row, 0, row, last),
                    500 + ROUNDS * width * 10.0);
        }

        /// What a straight form does, in plain Java.
        private void copy(Object[] fromTo, int count, int from, int fromStep, int to, int toStep, int last) {
            int length = width * lanes - (ragged ? lanes - last : 0);
            for (int i = 0; i < count; i++) {
                System.arraycopy(fromTo[0], from + i * fromStep, fromTo[1], to + i * toStep, length);
            }
        }

        private void emit(Emitter e) {
            Ref from = e.element(e.reference(0), 0, type);
            Ref to = e.element(e.reference(0), 1, type);
            Int source = e.variable(e.integer(2));
            Int target = e.variable(e.integer(4));
            if (turned) {
                Int[] rows = new Int[width];
                rows[0] = source;
                for (int i = 1; i < width; i++) {
                    rows[i] = e.variable(e.plus(rows[i - 1], e.integer(3)));
                }
                e.loop(Int.of(0), e.integer(1), 1, t -> {
                    for (int i = 0; i < width; i++) {
                        e.store(to, target, i, e.load(from, e.plus(rows[i], t)));
                    }
                    e.set(target, e.plus(target, e.integer(5)));
                });
                return;
            }
            @Nullable Mask mask = ragged ? e.maskBelow(e.integer(6)) : null;
            e.loop(Int.of(0), e.integer(1), 1, t -> {
                for (int j = 0; j < width; j++) {
                    @Nullable Mask those = j == width - 1 ? mask : null;
                    Numbers slice = e.load(from, source, j * lanes, those);
                    e.store(to, target, j * lanes, slice, padded ? null : those);
                }
                e.set(source, e.plus(source, e.integer(3)));
                e.set(target, e.plus(target, e.integer(5)));
            });
        }
    }
}
