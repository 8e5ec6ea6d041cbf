package org.gradus.kernel;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.gradus.base.Type;
import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

/// What a kernel is made for that pools neighbouring windows of one row which see the same taps. Lanes are channels.
///
/// @param channels 0 where each call says how many, at least as many as lanes
/// @param taps of each window, along each axis; 0 where each call says how many
/// @param apart whether pixels are added to, and no two windows see the same
record PoolingCode(Task task, Type type, int lanes, int channels, Taps taps, boolean apart) {
    private static final KernelCache<PoolingCode, Kernel> KERNELS = new KernelCache<>(PoolingCode::define);

    /// Windows of a rehearsal: few, since in a loop that goes round often HotSpot asks beforehand whether whole vectors lie within
    /// their arrays, which is not so at the end, and has to begin anew.
    private static final int WINDOWS = 2;

    /// The most taps that are written down one by one.
    private static final int MOST_TAPS = 4;

    private static final int WINDOW = 3; // what comes after the axes among steps

    /// What is done with a window.
    enum Task {
        MAX,
        PLACED_MAX,
        SUM,
        SPREAD,
        SCATTER;

        /// Whether the larger of the arrays is written.
        boolean adds() {
            return this == SPREAD || this == SCATTER;
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
        /// @param steps channels of a pixel, pixels from tap to tap along each of the three axes, and from window to window
        /// @param depth the taps that each window sees along that axis; likewise `height`, `width`
        /// @param wide where the first tap's pixel lies in the input
        /// @param narrow where the first window lies in the result
        /// @param positions where its positions lie
        /// @param place the position of the first tap's pixel
        void run(
                Object[] arrays,
                int[] steps,
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
        Taps taps = whole
                ? new Taps(p.depth().kernel(), p.height().kernel(), p.width().kernel())
                : new Taps(0, 0, 0);
        boolean apart = task.adds() && p.isApart();
        boolean twice = apart || !task.adds(); // whether channels may be done again
        boolean covers = p.channels() >= lanes && (twice || p.channels() % lanes == 0);
        return KERNELS.get(new PoolingCode(task, type, lanes, covers ? 0 : p.channels(), taps, apart));
    }

    /// What kernels are told of `p`.
    static int[] steps(Pooling p) {
        int row = p.width().size();
        return new int[] {
            p.channels(),
            p.depth().dilation() * p.height().size() * row,
            p.height().dilation() * row,
            p.width().dilation(),
            p.width().stride()
        };
    }

    private Kernel define() {
        if (lanes == 1) {
            return emitted();
        }
        PoolingCode plain = new PoolingCode(task, type, 1, 0, taps, apart);
        Warming<Kernel> warming = Warming.of(() -> KERNELS.get(plain), this::emitted, this::rehearsal);
        return (all, steps, windows, depth, height, width, in, out, at, place) -> warming.now(
                        3L * windows * depth * height * width * steps[0])
                .run(all, steps, windows, depth, height, width, in, out, at, place);
    }

    private Kernel emitted() {
        return KernelClass.emit(Kernel.class, "Pool", type, lanes, this::emit);
    }

    /// The last tap lies at the end of its array, where the Vector API goes another way under a mask.
    private Warming.Rehearsal<Kernel> rehearsal() {
        Taps most = taps.from(0) == 0 ? new Taps(2, 2, 2) : taps;
        int pixel = channels == 0 ? lanes + 1 : channels;
        int[] steps = {pixel, most.height() * most.width(), most.width(), 1, most.width()};
        int narrow = WINDOWS * pixel;
        int wide = (most.from(0) + (WINDOWS - 1) * most.width()) * pixel;
        Object[] arrays = {Warming.zeros(type, wide), Warming.zeros(type, narrow), Warming.zeros(type.integer(), narrow)
        };
        return new Warming.Rehearsal<>(
                (pool, call) -> {
                    int left = call % WINDOWS; // out
                    int depth = 1 + call / WINDOWS % 2;
                    int at = left * pixel;
                    pool.run(arrays, steps, WINDOWS - left, depth, 2, 2, at * most.width(), at, at, 0);
                },
                pool -> pool.run(arrays, steps, 0, 1, 2, 2, 0, 0, 0, 0),
                500 + narrow * Math.max(8, most.from(0)) * 2.5);
    }

    private void emit(Emitter e) {
        Strides strides = strides(e);
        Ref wide = e.element(e.reference(0), 0, type);
        Ref narrow = e.element(e.reference(0), 1, type);
        boolean placed = task == Task.PLACED_MAX || task == Task.SCATTER;
        Ref positions = placed ? e.element(e.reference(0), 2, type.integer()) : wide;
        Int in = e.variable(e.integer(6));
        Int out = e.variable(e.integer(7));
        Int positionsAt = e.variable(e.integer(8));
        Int place = e.variable(e.integer(9));
        e.loop(Int.of(0), e.integer(2), 1, window -> {
            channels(e, strides.channels(), (s, c) -> {
                Int first = s.plus(in, c);
                Int to = s.plus(out, c);
                switch (task) {
                    case MAX, PLACED_MAX -> {
                        Numbers best = s.variable(s.load(wide, first));
                        Numbers where = s.variable(s.numbers(s.pattern(0)));
                        taps(s, strides, first, (at, tap) -> largest(s, best, where, s.load(wide, at), tap));
                        s.store(narrow, to, best);
                        if (placed) {
                            s.storeBits(positions, s.plus(positionsAt, c), s.plus(s.bits(where), s.everywhere(place)));
                        }
                    }
                    case SUM -> {
                        Numbers sum = s.variable(s.constant(0));
                        taps(s, strides, first, (at, tap) -> {
                            Numbers number = s.load(wide, at);
                            s.into(sum).plus(sum, number);
                        });
                        s.store(narrow, to, sum);
                    }
                    case SPREAD -> {
                        Numbers number = s.load(narrow, to);
                        taps(s, strides, first, (at, tap) -> add(s, wide, at, number));
                    }
                    case SCATTER -> {
                        Numbers number = s.load(narrow, to);
                        Bits position = s.loadBits(positions, s.plus(positionsAt, c));
                        Bits mine = s.minus(position, s.everywhere(place));
                        taps(s, strides, first, (at, tap) -> {
                            Mask here = s.compare(mine, Comparison.EQ, s.everywhere(tap));
                            add(s, wide, at, s.select(here, number, s.constant(0)));
                        });
                    }
                }
            });
            e.set(in, e.plus(in, strides.elements().get(WINDOW)));
            e.set(out, e.plus(out, strides.channels()));
            e.set(positionsAt, e.plus(positionsAt, strides.channels()));
            e.set(place, e.plus(place, strides.pixels().get(WINDOW)));
        });
    }

    /// Does `body` for all channels; for some twice where their number is known when the kernel runs.
    private void channels(Emitter e, Int channels, BiConsumer<Emitter, Int> body) {
        if (this.channels == 0) {
            e.cover(channels, c -> body.accept(e, c));
        } else {
            e.strip(Int.of(0), channels, body);
        }
    }

    /// How many channels a pixel has, and how far steps go along the three axes and from window to window, in pixels and in
    /// elements of them.
    private record Strides(Int channels, List<Int> pixels, List<Int> elements) {}

    private Strides strides(Emitter e) {
        Ref steps = e.reference(1);
        Int each = channels == 0 ? e.element(steps, 0) : Int.of(channels);
        List<Int> pixels = IntStream.rangeClosed(0, WINDOW)
                .mapToObj(i -> i < WINDOW && taps.along(i) == 1 ? Int.of(0) : e.element(steps, 1 + i))
                .toList();
        return new Strides(
                each, pixels, pixels.stream().map(step -> e.times(step, each)).toList());
    }

    /// Takes a number instead of the best if it is larger, or the first NaN.
    ///
    /// @param where the bits of the best one's tap
    private void largest(Emitter s, Numbers best, Numbers where, Numbers other, Int tap) {
        Mask lost = s.compare(other, Comparison.LE, best);
        Mask stays = s.or(lost, s.compare(best, Comparison.NE, best));
        s.into(best).select(stays, best, other);
        if (task == Task.PLACED_MAX) {
            Numbers mine = s.numbers(s.everywhere(tap));
            s.into(where).select(stays, where, mine);
        }
    }

    /// Adds to what is there: zeros, if no other window adds to it.
    private void add(Emitter s, Ref wide, Int at, Numbers number) {
        Numbers before = apart ? s.constant(0) : s.load(wide, at);
        s.store(wide, at, s.plus(before, number));
    }

    private interface Tap {
        /// @param at an index of the input
        /// @param tap how many pixels lie between the first tap and this one
        void see(Int at, Int tap);
    }

    /// Goes over the taps of all axes.
    private void taps(Emitter s, Strides strides, Int first, Tap tap) {
        taps(s, strides, 0, first, Int.of(0), tap);
    }

    /// Goes over the taps of the axes from one on.
    ///
    /// @param at of the first of them, and `pixels` from the window's first
    private void taps(Emitter s, Strides strides, int axis, Int at, Int pixels, Tap tap) {
        if (axis == 3) {
            tap.see(at, pixels);
            return;
        }
        int count = taps.along(axis);
        Int step = strides.pixels().get(axis);
        Int elements = strides.elements().get(axis);
        if (count == 1 || (count > 0 && taps.from(axis) <= MOST_TAPS)) {
            Int next = at;
            Int place = pixels;
            for (int i = 0; i < count; i++) {
                next = i == 0 ? at : s.plus(next, elements);
                place = i == 0 ? pixels : s.plus(place, step);
                taps(s, strides, axis + 1, next, place, tap);
            }
            return;
        }
        Int moving = s.variable(at);
        Int place = s.variable(pixels);
        s.loop(Int.of(0), count == 0 ? s.integer(3 + axis) : Int.of(count), 1, i -> {
            taps(s, strides, axis + 1, moving, place, tap);
            s.set(moving, s.plus(moving, elements));
            s.set(place, s.plus(place, step));
        });
    }
}
