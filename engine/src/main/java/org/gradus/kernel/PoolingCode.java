package org.gradus.kernel;

import java.lang.classfile.TypeKind;
import org.gradus.base.Type;
import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

/// What a kernel is made for that pools neighbouring windows of one row which see the same taps. Lanes are channels.
///
/// @param steps the distances in the input between taps, along each axis, and between windows
/// @param places the same as counts of pixels
record PoolingCode(Task task, Type type, int lanes, int channels, Steps steps, Steps places, Type positions) {
    private static final KernelCache<PoolingCode, Kernel> KERNELS = new KernelCache<>(PoolingCode::define);

    private static final int WINDOWS = 6; // of a rehearsal

    /// What is done with a window.
    enum Task {
        MAX,
        SUM,
        SPREAD,
        SCATTER
    }

    /// Distances from tap to tap by axis, and from window to window in a row.
    record Steps(int depth, int height, int width, int window) {
        Steps times(int factor) {
            return new Steps(depth * factor, height * factor, width * factor, window * factor);
        }
    }

    /// A kernel for some windows.
    @FunctionalInterface
    interface Kernel {
        /// Pools `windows` windows.
        ///
        /// @param arrays the input, the result, and the positions if there are any
        /// @param depth the taps that each window sees along that axis; likewise `height`, `width`
        /// @param wide where the first tap's pixel lies in the input
        /// @param narrow where the first window lies in the result
        /// @param positions where its positions lie
        /// @param place the position of the first tap's pixel
        void run(
                Object[] arrays,
                int windows,
                int depth,
                int height,
                int width,
                int wide,
                int narrow,
                int positions,
                int place);
    }

    static Kernel of(Pooling p, Task task, Type type, int lanes) {
        Steps places = new Steps(
                p.depth().dilation() * p.height().size() * p.width().size(),
                p.height().dilation() * p.width().size(),
                p.width().dilation(),
                p.width().stride());
        return KERNELS.get(
                new PoolingCode(task, type, lanes, p.channels(), places.times(p.channels()), places, p.positions()));
    }

    private Kernel define() {
        if (lanes == 1) {
            return emitted();
        }
        PoolingCode plain = new PoolingCode(task, type, 1, channels, steps, places, positions);
        Warming<Kernel> warming = Warming.of(() -> KERNELS.get(plain), this::emitted, this::rehearsal);
        return (all, windows, depth, height, width, in, out, at, place) -> warming.now(
                        (long) windows * depth * height * width * channels)
                .run(all, windows, depth, height, width, in, out, at, place);
    }

    private Kernel emitted() {
        return KernelClass.emit(Kernel.class, "Pool", type, lanes, this::emit);
    }

    private Warming.Rehearsal<Kernel> rehearsal() {
        int wide = WINDOWS * (steps.window() + steps.width()) + steps.height() + steps.depth() + channels;
        int narrow = WINDOWS * channels;
        Object[] arrays = {Warming.zeros(type, wide), Warming.zeros(type, narrow), Warming.zeros(positions, narrow)};
        return new Warming.Rehearsal<>(
                (pool, call) -> pool.run(arrays, WINDOWS, 1 + call % 2, 2, 2, 0, 0, 0, 0),
                pool -> pool.run(arrays, 0, 1, 2, 2, 0, 0, 0, 0),
                500 + WINDOWS * channels * 20.0);
    }

    private void emit(Emitter e) {
        Ref wide = e.element(e.reference(0), 0, type);
        Ref narrow = e.element(e.reference(0), 1, type);
        Int in = e.variable(e.integer(5));
        Int out = e.variable(e.integer(6));
        Int positionsAt = e.variable(e.integer(7));
        Int place = e.variable(e.integer(8));
        boolean located = task == Task.MAX || task == Task.SCATTER;
        Ref positionArray = located ? e.element(e.reference(0), 2, positions) : wide;
        Ref found = task == Task.MAX ? e.scratch(channels) : wide;
        e.loop(Int.of(0), e.integer(1), 1, window -> {
            switch (task) {
                case MAX -> {
                    e.strip(Int.of(0), Int.of(channels), (s, c) -> largest(s, wide, narrow, found, in, out, c));
                    e.loop(Int.of(0), Int.of(channels), 1, c -> locate(e, found, positionArray, positionsAt, place, c));
                }
                case SUM ->
                    e.strip(Int.of(0), Int.of(channels), (s, c) -> {
                        Numbers sum = s.variable(s.constant(0));
                        taps(s, s.plus(in, c), (at, where) -> {
                            Numbers number = s.load(wide, at);
                            s.into(sum).plus(sum, number);
                        });
                        s.store(narrow, s.plus(out, c), sum);
                    });
                case SPREAD ->
                    e.strip(Int.of(0), Int.of(channels), (s, c) -> {
                        Numbers number = s.load(narrow, s.plus(out, c));
                        taps(s, s.plus(in, c), (at, where) -> s.store(wide, at, s.plus(s.load(wide, at), number)));
                    });
                case SCATTER ->
                    e.loop(Int.of(0), Int.of(channels), 1, c -> {
                        Int position = position(e, positionArray, e.plus(positionsAt, c));
                        Int at = e.plus(e.plus(in, c), e.times(position, channels));
                        e.store(wide, at, e.plus(e.load(wide, at), e.load(narrow, e.plus(out, c))));
                    });
            }
            if (task != Task.SCATTER) {
                e.increment(in, steps.window());
            }
            e.increment(out, channels);
            e.increment(positionsAt, channels);
            e.increment(place, places.window());
        });
    }

    private void largest(Emitter s, Ref wide, Ref narrow, Ref found, Int in, Int out, Int c) {
        Numbers best = s.variable(s.load(wide, s.plus(in, c)));
        Numbers bestPlace = s.variable(s.constant(0));
        taps(s, s.plus(in, c), (at, where) -> {
            Numbers other = s.load(wide, at);
            Mask lost = s.compare(other, Comparison.LE, best);
            Mask open = s.compare(best, Comparison.EQ, best);
            Mask wins = s.and(s.not(lost), open);
            s.into(best).select(wins, other, best);
            s.into(bestPlace).select(wins, where, bestPlace);
        });
        s.store(narrow, s.plus(out, c), best);
        s.store(found, c, bestPlace);
    }

    private interface Tap {
        void see(Int at, Numbers place);
    }

    /// Goes over the taps. Their places are counted in the form's numbers, as distances from the first, which are
    /// whole and small enough to be exact.
    private void taps(Emitter s, Int first, Tap tap) {
        Numbers start = s.constant(0);
        axis(
                s,
                2,
                first,
                start,
                steps.depth(),
                places.depth(),
                (d, dPlace) -> axis(
                        s,
                        3,
                        d,
                        dPlace,
                        steps.height(),
                        places.height(),
                        (h, hPlace) -> axis(s, 4, h, hPlace, steps.width(), places.width(), tap)));
    }

    private static void axis(Emitter s, int count, Int first, Numbers place, int step, int places, Tap inside) {
        Int at = s.variable(first);
        Numbers where = s.variable(place);
        s.loop(Int.of(0), s.integer(count), 1, i -> {
            inside.see(at, where);
            s.increment(at, step);
            Numbers next = s.constant(places);
            s.into(where).plus(where, next);
        });
    }

    /// Writes one position: the first tap's place plus what was found.
    private void locate(Emitter e, Ref found, Ref to, Int at, Int place, Int c) {
        Int index = e.plus(at, c);
        TypeKind number = type == Type.FLOAT32 ? TypeKind.FLOAT : TypeKind.DOUBLE;
        TypeKind kind = positions == Type.INT64 ? TypeKind.LONG : TypeKind.INT;
        e.recorder.add(to + "[" + index + "] = " + place + " + " + found + "[" + c + "]", code -> {
            code.aload(to.slot()).iload(index.slot()).aload(found.slot()).iload(c.slot());
            code.arrayLoad(number)
                    .conversion(number, TypeKind.INT)
                    .iload(place.slot())
                    .iadd();
            if (kind == TypeKind.LONG) {
                code.i2l();
            }
            code.arrayStore(kind);
        });
    }

    private Int position(Emitter e, Ref from, Int index) {
        Int position = e.variable(Int.of(0));
        e.recorder.add(position + " = " + from + "[" + index + "]", code -> {
            code.aload(from.slot()).iload(index.slot());
            if (positions == Type.INT64) {
                code.laload().l2i();
            } else {
                code.iaload();
            }
            code.istore(position.slot());
        });
        return position;
    }
}
