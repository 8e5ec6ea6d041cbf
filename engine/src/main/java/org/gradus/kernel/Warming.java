package org.gradus.kernel;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A kernel in vector code that HotSpot has yet to compile, and a plain one that gives the same bits in its place until
/// it has: interpreted, vector code takes a thousand times as long, and plain code is compiled much sooner.
///
/// One thread in the background rehearses all such kernels, in turns, on little work. A kernel is compiled when a
/// rehearsal takes no longer than it should. The thread ends when there is nothing left to rehearse. All this happens with
/// `-Dgradus.warming=true` alone; otherwise nothing is rehearsed, and vector code runs from the first call.
final class Warming<K> {
    private static final ThreadPoolExecutor THREAD =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "gradus-warming");
                thread.setDaemon(true);
                return thread;
            });
    private static final long TURN = 4_000_000; // nanoseconds
    private static final int CALLS = 700; // HotSpot compiles what was called 600 times and has gone round 15,000 times
    private static final int LONGEST = 200_000; // calls, after which it is as good as it gets

    private static final boolean WANTED = Boolean.parseBoolean(System.getProperty("gradus.warming", "false"));

    static {
        THREAD.allowCoreThreadTimeOut(true);
    }

    /// A short run of a kernel.
    @FunctionalInterface
    interface Rehearsal {
        /// Runs the kernel once.
        ///
        /// @param call counts the runs, which should differ as real ones do
        void run(int call);
    }

    private final K fast;
    private final Rehearsal rehearsal;
    private final double nanos;
    private int calls;
    private K now; // no barrier: seen late, it costs time only

    private Warming(K plain, K fast, Rehearsal rehearsal, double nanos) {
        this.now = plain;
        this.fast = fast;
        this.rehearsal = rehearsal;
        this.nanos = nanos;
    }

    /// A kernel that need not wait for anything.
    static <K> Warming<K> none(K kernel) {
        return new Warming<>(kernel, kernel, call -> {}, 0);
    }

    /// Begins to rehearse a kernel.
    ///
    /// @param nanos what a rehearsal takes at most when it is compiled
    static <K> Warming<K> begin(K plain, K fast, Rehearsal rehearsal, double nanos) {
        if (!WANTED) {
            return none(fast);
        }
        Warming<K> warming = new Warming<>(plain, fast, rehearsal, nanos);
        THREAD.execute(warming::turn);
        return warming;
    }

    /// Whether there is nothing left to rehearse.
    static boolean isDone() {
        return THREAD.getCompletedTaskCount() == THREAD.getTaskCount();
    }

    /// What to run.
    K now() {
        return now;
    }

    private void turn() {
        long start = System.nanoTime();
        long before = start;
        boolean isFast = false;
        int most = calls < CALLS ? Integer.MAX_VALUE : calls + 8;
        while (!isFast && calls < most && before - start < TURN) {
            rehearsal.run(calls++);
            long after = System.nanoTime();
            isFast = after - before < nanos;
            before = after;
        }
        if (isFast || calls > LONGEST) {
            now = fast;
            return;
        }
        if (calls >= CALLS && THREAD.getQueue().size() < 64) {
            pause();
        }
        THREAD.execute(this::turn);
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
