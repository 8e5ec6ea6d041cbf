package org.gradus.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.jspecify.annotations.Nullable;

/// A kernel that begins in plain code and goes over to vector code, with the same bits, once HotSpot has compiled that.
///
/// Interpreted, vector code takes a thousand times as long as compiled, plain code some twenty times, and it is compiled
/// much sooner. So plain code runs first (what tiles begin with is an [AnyTile]). When that has cost enough, one thread
/// in the background makes the vector code and *rehearses* it until a run is as short as compiled code's; then runs take
/// it.
///
/// HotSpot compiles what was called often. So most rehearsals are calls with nothing to do, which cost little even while
/// they are interpreted; one in [#IDLE] does some work, so that no branch of the code seems dead. They are few since HotSpot
/// compiles what the Vector API does lane by lane for them, too, for nothing. Its second compiler makes one method after the
/// other, with 20 to 100 ms for a kernel: so one is rehearsed at a time, first the one that has cost most so far. Its first one
/// does not see them: see [KernelClass].
///
/// A kernel that has gone over is watched for a while. When a run goes a way that no rehearsal has gone, HotSpot gives the
/// code up and interprets it until it has compiled it again: so long plain code is better. A kernel that is not compiled in
/// time is plain until that has cost ten times as much, and then begins anew.
///
/// With `-Dgradus.warming=false` vector code is made at once and runs from the first call, as tests of it want.
final class Warming<K> {
    private static final boolean WANTED = Boolean.parseBoolean(System.getProperty("gradus.warming", "true"));

    /// How much plain code costs before vector code is made, in nanoseconds.
    private static final long ENOUGH = 5_000_000;

    private static final int CALLS = 6_144; // HotSpot compiles for good what was called 5,000 times
    private static final int FIRST_CALLS = 300; // and with its first compiler what was called 256 times

    /// Calls with nothing to do for each one with work. HotSpot inlines few calls that happen less than once in 118.
    private static final int IDLE = 96;

    /// How many runs must all be fast or all be slow before the kernel changes: a run may have been interrupted.
    private static final int LOOKS = 6;

    private static final int REST = 24; // how many times as long as its last turns the thread sleeps
    private static final long LEAST_REST = 1_000_000; // nanoseconds
    private static final long WATCH = 1_000_000_000; // nanoseconds
    private static final long PATIENCE = 5_000_000_000L; // nanoseconds

    private static final List<Warming<?>> OPEN = new ArrayList<>(); // also the lock of the next two
    private static boolean running;
    private static int givenUp; // kernels that are plain for now

    /// Runs of a kernel for no purpose but to have it compiled.
    ///
    /// @param idle runs it with nothing to do
    record Rehearsal<K>(Work<K> work, Consumer<K> idle) {
        /// @param nanos what a run with work takes at most when it is compiled
        Rehearsal(ObjIntConsumer<K> work, Consumer<K> idle, double nanos) {
            this(
                    (kernel, call) -> {
                        work.accept(kernel, call);
                        return nanos;
                    },
                    idle);
        }

        /// Has HotSpot's first compiler compile a plain kernel.
        K called(K plain) {
            for (int i = 0; i < FIRST_CALLS; i++) {
                idle.accept(plain);
            }
            return plain;
        }
    }

    /// A run with some work.
    @FunctionalInterface
    interface Work<K> {
        /// Runs a kernel with a little work to do.
        ///
        /// @param call counts such runs, which should differ as real ones do
        /// @return how many nanoseconds that takes at most when it is compiled; far less than when it is not
        double run(K kernel, int call);
    }

    private final K plain;
    private final Supplier<? extends K> code;
    private final Supplier<Rehearsal<K>> rehearsals;
    private K now; // no barrier: seen late, it costs time only
    private boolean compiled; // the same
    private boolean begun;
    private long enough = ENOUGH;
    private long left; // what plain code may cost until vector code is made; threads may lose what others have counted
    private @Nullable Course course;

    private Warming(K plain, Supplier<? extends K> code, Supplier<Rehearsal<K>> rehearsals, long left) {
        this.plain = plain;
        this.code = code;
        this.rehearsals = rehearsals;
        this.now = plain;
        this.left = left;
        this.compiled = left == 0;
    }

    /// A kernel that need not wait for anything.
    static <K> Warming<K> none(K kernel) {
        return new Warming<>(kernel, () -> kernel, () -> new Rehearsal<>((k, call) -> {}, k -> {}, 0), 0);
    }

    /// @param plain makes the plain kernel
    /// @param code makes the one in vector code
    /// @param rehearsal how that is rehearsed
    static <K> Warming<K> of(
            Supplier<? extends K> plain, Supplier<? extends K> code, Supplier<Rehearsal<K>> rehearsal) {
        return WANTED ? plainFirst(plain.get(), code, rehearsal) : none(code.get());
    }

    /// Begins in plain code even where others do not.
    static <K> Warming<K> plainFirst(K plain, Supplier<? extends K> code, Supplier<Rehearsal<K>> rehearsal) {
        return new Warming<>(plain, code, rehearsal, ENOUGH);
    }

    /// Whether there is nothing left to rehearse.
    static boolean isDone() {
        synchronized (OPEN) {
            return OPEN.isEmpty();
        }
    }

    /// How many kernels are plain because HotSpot has not compiled their vector code in time.
    static int plain() {
        synchronized (OPEN) {
            return givenUp;
        }
    }

    /// What to run.
    ///
    /// @param cost about how many nanoseconds longer plain code takes
    K now(long cost) {
        if (!compiled) {
            left -= cost;
            if (left <= 0 && !begun) {
                begin();
            }
        }
        return now;
    }

    /// Has vector code made and rehearsed.
    void begin() {
        synchronized (OPEN) {
            if (!begun && !compiled) {
                begun = true;
                givenUp -= enough > ENOUGH ? 1 : 0;
                OPEN.add(this);
                if (!running) {
                    running = true;
                    inBackground(Warming::rehearseAll);
                }
            }
        }
    }

    /// Does something in a thread that does not keep the program alive.
    static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "gradus-warming");
        thread.setDaemon(true);
        thread.start();
    }

    /// A Java array of zeros for rehearsals.
    static Object zeros(Type type, int length) {
        return Array.zeros(new TensorType(type, Shape.of(length))).storage();
    }

    private static void rehearseAll() {
        try {
            rehearse();
        } catch (RuntimeException | Error e) {
            synchronized (OPEN) {
                running = false; // this thread ends with it
            }
            throw e;
        }
    }

    /// Gives kernels their turns, until none is left. What was called often enough has to wait for HotSpot, whose processor
    /// must not be taken away.
    private static void rehearse() {
        List<Warming<?>> turns = new ArrayList<>();
        while (choose(turns)) {
            long start = System.nanoTime();
            boolean waiting = true;
            for (Warming<?> warming : turns) {
                waiting &= warming.turn();
            }
            if (waiting) {
                LockSupport.parkNanos(Math.max(LEAST_REST, REST * (System.nanoTime() - start)));
            }
        }
    }

    /// Takes out what is done, and adds the costliest kernel if there is none to rehearse.
    ///
    /// @return whether there are any
    private static boolean choose(List<Warming<?>> turns) {
        synchronized (OPEN) {
            turns.removeIf(warming -> warming.course == null);
            if (turns.stream().noneMatch(OPEN::contains)) {
                OPEN.stream()
                        .min(Comparator.comparingLong(warming -> warming.left))
                        .ifPresent(turns::add);
            }
            running = !turns.isEmpty();
            return running;
        }
    }

    /// @return whether there is nothing to do but to wait
    private boolean turn() {
        boolean goesOn = false;
        try {
            Course known = course == null ? new Course(code.get(), rehearsals.get()) : course;
            course = known;
            goesOn = known.goesOn();
            return compiled || known.calls >= CALLS;
        } finally {
            synchronized (OPEN) {
                if (compiled) {
                    OPEN.remove(this);
                } else if (!goesOn) {
                    giveUp();
                } else if (!OPEN.contains(this)) {
                    OPEN.add(this);
                }
            }
            course = goesOn ? course : null;
        }
    }

    /// Leaves the kernel plain until that has cost ten times as much as the last time.
    private void giveUp() {
        OPEN.remove(this);
        enough *= 10;
        left = enough;
        begun = false;
        givenUp++;
    }

    /// The rehearsals of the kernel.
    private final class Course {
        private final K fast;
        private final Rehearsal<K> rehearsal;
        private int calls;
        private int works;
        private long since = System.nanoTime(); // in plain code, or in vector code

        Course(K fast, Rehearsal<K> rehearsal) {
            this.fast = fast;
            this.rehearsal = rehearsal;
        }

        /// Takes a turn.
        boolean goesOn() {
            boolean changes = compiled ? IntStream.range(0, LOOKS).noneMatch(i -> isFast()) : isCompiled();
            long end = System.nanoTime();
            if (changes) {
                compiled = !compiled;
                now = compiled ? fast : plain;
                calls = 0;
                since = end;
            }
            return end - since < (compiled ? WATCH : PATIENCE);
        }

        private boolean isCompiled() {
            for (int i = 0; i < IDLE; i++) {
                rehearsal.idle().accept(fast);
            }
            calls += IDLE;
            return IntStream.range(0, LOOKS).allMatch(i -> isFast());
        }

        private boolean isFast() {
            long start = System.nanoTime();
            double most = rehearsal.work().run(fast, works++);
            return System.nanoTime() - start < most;
        }
    }
}
