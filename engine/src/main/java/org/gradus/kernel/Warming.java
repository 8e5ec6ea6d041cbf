package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.jspecify.annotations.Nullable;

/// A kernel that begins in plain code and goes over to vector code, with the same bits, once HotSpot has compiled that.
///
/// Interpreted, vector code takes a thousand times as long as compiled, plain code some twenty times, and it is compiled
/// much sooner. So plain code runs first (what tiles begin with is an [AnyTile]). When it has done enough work, one thread
/// in the background makes the vector code and *rehearses* it, in turns with other kernels', until a run is as short as
/// compiled code's; then runs take it.
///
/// HotSpot compiles what was called often. So most rehearsals are calls with nothing to do, which cost little even while
/// they are interpreted; every [#REAL]-th does some work, so that no branch of the code seems dead. Code that its first
/// compiler began with and then gave up, as happens while much other code waits, never gets to the second: after some
/// patience the same code is made anew, and HotSpot begins anew. A kernel that is never compiled stays plain.
///
/// With `-Dgradus.warming=false` vector code is made at once and runs from the first call, as tests of it want.
final class Warming<K> {
    private static final boolean WANTED = Boolean.parseBoolean(System.getProperty("gradus.warming", "true"));

    /// How much work plain code does before vector code is made, in nanoseconds of plain compiled code.
    private static final long ENOUGH = 5_000_000;

    private static final int REAL = 32;
    private static final int CALLS = 200 * REAL; // HotSpot compiles what was called 5,000 times
    private static final long TURN = 3_000_000; // nanoseconds

    /// Nanoseconds of rehearsing after which code is made anew; then twice as many.
    private static final long PATIENCE = 250_000_000;

    private static final int TRIES = 5; // after which a kernel stays plain
    private static final long PAUSE = 50_000_000; // nanoseconds

    private static final List<Warming<?>> OPEN = new ArrayList<>(); // also the lock of the two

    private static boolean running;
    private static int plain; // kernels that stay so
    private static final List<String> LEFT = new ArrayList<>(); // classes in whose place others were made

    /// Runs of a kernel for no purpose but to have it compiled.
    ///
    /// @param work runs it with a little work to do; the number counts such runs, which should differ as real ones do
    /// @param idle runs it with nothing to do
    /// @param nanos what a run with work takes at most when it is compiled; far below what it takes when it is not
    record Rehearsal<K>(ObjIntConsumer<K> work, Consumer<K> idle, double nanos) {}

    private final Supplier<? extends K> code;
    private final Supplier<Rehearsal<K>> rehearsals;
    private K now; // no barrier: seen late, it costs time only
    private long left; // work until vector code is made; threads may lose what others have counted
    private boolean begun;
    private boolean compiled;
    private int tries;
    private @Nullable Course course;

    private Warming(K now, Supplier<? extends K> code, Supplier<Rehearsal<K>> rehearsals, long left) {
        this.now = now;
        this.code = code;
        this.rehearsals = rehearsals;
        this.left = left;
        this.begun = left == 0;
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

    /// How many kernels stay plain because HotSpot did not compile their vector code.
    static int plain() {
        synchronized (OPEN) {
            return plain;
        }
    }

    /// The classes in whose place the same code was made anew.
    static List<String> left() {
        synchronized (OPEN) {
            return List.copyOf(LEFT);
        }
    }

    private static void leave(Object kernel) {
        synchronized (OPEN) {
            LEFT.add(kernel.getClass().getSimpleName());
        }
    }

    /// What to run.
    ///
    /// @param work about how many nanoseconds that takes as compiled plain code
    K now(long work) {
        if (left > 0) {
            long rest = left - work;
            left = rest;
            if (rest <= 0) {
                begin();
            }
        }
        return now;
    }

    /// Has vector code made and rehearsed.
    void begin() {
        synchronized (OPEN) {
            if (!begun) {
                begun = true;
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

    /// Gives all kernels their turns, until none is left. Where all have been called often enough, HotSpot has to do its
    /// part: looking whether it has must not take its processor away.
    private static void rehearse() {
        while (true) {
            List<Warming<?>> round;
            synchronized (OPEN) {
                round = List.copyOf(OPEN);
                running = !round.isEmpty();
                if (!running) {
                    return;
                }
            }
            long start = System.nanoTime();
            boolean waiting = true;
            for (Warming<?> warming : round) {
                waiting &= warming.turn();
            }
            if (waiting) {
                LockSupport.parkNanos(Math.min(PAUSE, 4 * (System.nanoTime() - start)));
            }
        }
    }

    /// @return whether there is nothing to do but to wait
    private boolean turn() {
        boolean goesOn = false;
        try {
            Course known = course;
            if (known == null || known.spent > patience()) {
                if (known != null) {
                    leave(known.fast);
                }
                known = new Course(code.get(), rehearsals.get());
                course = known;
                tries++;
            }
            goesOn = known.goesOn();
            return !goesOn || known.calls >= CALLS;
        } finally {
            if (!goesOn) {
                synchronized (OPEN) {
                    OPEN.remove(this);
                    plain += compiled ? 0 : 1;
                }
                course = null;
            }
        }
    }

    /// How long code is rehearsed: each time twice as long as before, since it may only have to wait for its turn.
    private long patience() {
        return PATIENCE << (tries - 1);
    }

    /// The rehearsals of the kernel until it is compiled.
    private final class Course {
        private final K fast;
        private final Rehearsal<K> rehearsal;
        private int calls;
        private long spent;

        Course(K fast, Rehearsal<K> rehearsal) {
            this.fast = fast;
            this.rehearsal = rehearsal;
        }

        /// Takes a turn.
        boolean goesOn() {
            long start = System.nanoTime();
            long end = start;
            boolean isFast = false;
            int most = Math.max(CALLS, calls + REAL);
            while (!isFast && calls < most && end - start < TURN) {
                long before = System.nanoTime();
                rehearsal.work().accept(fast, calls / REAL);
                end = System.nanoTime();
                isFast = end - before < rehearsal.nanos();
                for (int i = 1; i < REAL && !isFast; i++) {
                    rehearsal.idle().accept(fast);
                }
                calls += REAL;
            }
            spent += end - start;
            if (isFast) {
                now = fast;
                compiled = true;
            }
            return !isFast && (spent <= patience() || tries < TRIES);
        }
    }
}
