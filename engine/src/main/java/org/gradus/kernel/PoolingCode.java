package org.gradus.kernel;

import org.gradus.base.Type;
import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

/// What a kernel is made for that pools neighbouring windows of one row which see the same taps. Lanes are channels.
///
/// @param steps how far taps lie apart, in pixels, along each axis, and windows of a row
/// @param taps of each window, along each axis; 0 where each call says how many
/// @param apart whether no two windows see the same pixel
record PoolingCode(Task task, Type type, int lanes, int channels, Steps steps, Taps taps, boolean apart) {
    private static final KernelCache<PoolingCode, Kernel> KERNELS = new KernelCache<>(PoolingCode::define);

    /// Windows of a rehearsal: few, since in a loop that goes round often HotSpot asks beforehand whether whole vectors lie within
    /// their arrays, which is not so at the end, and has to begin anew.
    private static final int WINDOWS = 2;

    /// The most taps that are written down one by one.
    private static final int MOST_TAPS = 4;

    /// What is done with a window.
    enum Task {
        MAX,
        PLACED_MAX,
        SUM,
        SPREAD,
        SCATTER
    }

    /// Distances from tap to tap by axis, and from window to window in a row.
    record Steps(int depth, int height, int width, int window) {
        int along(int axis) {
            return axis == 0 ? depth : axis == 1 ? height : width;
        }
    }

    /// Numbers of taps.
    record Taps(int depth, int height, int width) {
        int along(int axis) {
            return axis == 0 ? depth : axis == 1 ? height : width;
        }

        /// All that lie along the axes from one on.
        int from(int axis) {
            return axis == 3 ? 1 : along(axis) * from(axis + 1);
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

    /// @param whole for windows that see all their taps
    static Kernel of(Pooling p, Task task, Type type, int lanes, boolean whole) {
        Steps steps = new Steps(
                p.depth().dilation() * p.height().size() * p.width().size(),
                p.height().dilation() * p.width().size(),
                p.width().dilation(),
                p.width().stride());
        Taps taps = new Taps(p.depth().kernel(), p.height().kernel(), p.width().kernel());
        return KERNELS.get(
                new PoolingCode(task, type, lanes, p.channels(), steps, whole ? taps : new Taps(0, 0, 0), p.isApart()));
    }

    private Kernel define() {
        if (lanes == 1) {
            return emitted();
        }
        PoolingCode plain = new PoolingCode(task, type, 1, channels, steps, taps, apart);
        Warming<Kernel> warming = Warming.of(() -> KERNELS.get(plain), this::emitted, this::rehearsal);
        return (all, windows, depth, height, width, in, out, at, place) -> warming.now(
                        3L * windows * depth * height * width * channels)
                .run(all, windows, depth, height, width, in, out, at, place);
    }

    private Kernel emitted() {
        return KernelClass.emit(Kernel.class, "Pool", type, lanes, this::emit);
    }

    /// The last tap lies at the end of its array, where the Vector API goes another way.
    private Warming.Rehearsal<Kernel> rehearsal() {
        Taps most = taps.from(0) == 0 ? new Taps(2, 2, 2) : taps;
        int reach = (WINDOWS - 1) * steps.window()
                + (most.depth() - 1) * steps.depth()
                + (most.height() - 1) * steps.height()
                + (most.width() - 1) * steps.width()
                + 1;
        int narrow = WINDOWS * channels;
        Object[] arrays = {
            Warming.zeros(type, reach * channels), Warming.zeros(type, narrow), Warming.zeros(type.integer(), narrow)
        };
        return new Warming.Rehearsal<>(
                (pool, call) -> {
                    int left = call % WINDOWS; // out
                    int depth = 1 + call / WINDOWS % 2;
                    int wide = left * steps.window() * channels;
                    int at = left * channels;
                    pool.run(arrays, WINDOWS - left, depth, 2, 2, wide, at, at, 0);
                },
                pool -> pool.run(arrays, 0, 1, 2, 2, 0, 0, 0, 0),
                500 + WINDOWS * channels * Math.max(8, most.from(0)) * 2.5);
    }

    private void emit(Emitter e) {
        Ref wide = e.element(e.reference(0), 0, type);
        Ref narrow = e.element(e.reference(0), 1, type);
        Int in = e.variable(e.integer(5));
        Int out = e.variable(e.integer(6));
        Int positionsAt = e.variable(e.integer(7));
        Int place = e.variable(e.integer(8));
        boolean placed = task == Task.PLACED_MAX || task == Task.SCATTER;
        Ref positions = placed ? e.element(e.reference(0), 2, type.integer()) : wide;
        e.loop(Int.of(0), e.integer(1), 1, window -> {
            e.strip(Int.of(0), Int.of(channels), (s, c) -> {
                Int first = s.plus(in, c);
                Int to = s.plus(out, c);
                switch (task) {
                    case MAX, PLACED_MAX -> {
                        Numbers best = s.variable(s.load(wide, first));
                        Numbers where = s.variable(s.numbers(s.pattern(0)));
                        taps(s, first, (at, offset, tap) -> largest(s, best, where, s.load(wide, at, offset), tap));
                        s.store(narrow, to, best);
                        if (placed) {
                            s.storeBits(positions, s.plus(positionsAt, c), s.plus(s.bits(where), s.everywhere(place)));
                        }
                    }
                    case SUM -> {
                        Numbers sum = s.variable(s.constant(0));
                        taps(s, first, (at, offset, tap) -> {
                            Numbers number = s.load(wide, at, offset);
                            s.into(sum).plus(sum, number);
                        });
                        s.store(narrow, to, sum);
                    }
                    case SPREAD -> {
                        Numbers number = s.load(narrow, to);
                        taps(s, first, (at, offset, tap) -> add(s, wide, at, offset, number));
                    }
                    case SCATTER -> {
                        Numbers number = s.load(narrow, to);
                        Bits position = s.loadBits(positions, s.plus(positionsAt, c));
                        Bits mine = s.minus(position, s.everywhere(place));
                        taps(s, first, (at, offset, tap) -> {
                            Mask here = s.compare(mine, Comparison.EQ, tap);
                            add(s, wide, at, offset, s.select(here, number, s.constant(0)));
                        });
                    }
                }
            });
            e.increment(in, steps.window() * channels);
            e.increment(out, channels);
            e.increment(positionsAt, channels);
            e.increment(place, steps.window());
        });
    }

    /// Takes a number instead of the best if it is larger, or the first NaN.
    ///
    /// @param where the bits of the best one's tap
    private void largest(Emitter s, Numbers best, Numbers where, Numbers other, Bits tap) {
        Mask lost = s.compare(other, Comparison.LE, best);
        Mask open = s.compare(best, Comparison.EQ, best);
        Mask wins = s.and(s.not(lost), open);
        s.into(best).select(wins, other, best);
        if (task == Task.PLACED_MAX) {
            Numbers mine = s.numbers(tap);
            s.into(where).select(wins, mine, where);
        }
    }

    /// Adds to what is there: zeros, if no other window adds to it.
    private void add(Emitter s, Ref wide, Int at, int offset, Numbers number) {
        Numbers before = apart ? s.constant(0) : s.load(wide, at, offset);
        s.store(wide, at, offset, s.plus(before, number));
    }

    private interface Tap {
        /// @param at an index of the input, and `offset` from there
        /// @param tap how many pixels lie between the first tap and this one, in every lane
        void see(Int at, int offset, Bits tap);
    }

    /// Goes over the taps of all axes.
    private void taps(Emitter s, Int first, Tap tap) {
        taps(s, 0, first, Int.of(0), 0, tap);
    }

    /// Goes over the taps of the axes from one on.
    ///
    /// @param pixels from the first tap, and `offset` more
    private void taps(Emitter s, int axis, Int at, Int pixels, int offset, Tap tap) {
        if (axis == 3) {
            Int place = s.plus(pixels, offset);
            tap.see(at, offset * channels, place.isLiteral() ? s.pattern(place.literal()) : s.everywhere(place));
            return;
        }
        int count = taps.along(axis);
        int step = steps.along(axis);
        if (count == 1 || (count > 0 && taps.from(axis) <= MOST_TAPS)) {
            for (int i = 0; i < count; i++) {
                taps(s, axis + 1, at, pixels, offset + i * step, tap);
            }
            return;
        }
        Int moving = s.variable(at);
        Int place = s.variable(pixels);
        s.loop(Int.of(0), count == 0 ? s.integer(2 + axis) : Int.of(count), 1, i -> {
            taps(s, axis + 1, moving, place, offset, tap);
            s.increment(moving, step * channels);
            s.increment(place, step);
        });
    }
}
