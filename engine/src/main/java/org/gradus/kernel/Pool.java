package org.gradus.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A few threads that stay, for work that comes in short pieces.
///
/// A *region* is one call of [#run]: some parts, numbered from 0, each done once, by the caller or by a worker. Which
/// thread does a part must not matter: ranges are split by the problem, never by the number of threads. A region ends
/// when all its parts are done, whether or not every worker came; so a worker that sleeps delays nobody.
///
/// The parts are handed out by one word, the *claim*: the region's number in its upper half, the next part in its
/// lower half. A thread takes a part by raising the lower half, which fails if the region is over meanwhile. Between
/// regions the lower half is as large as it can be, so nobody takes anything while task and size change. Workers wait
/// for the next region spinning, for some microseconds, then parked. A region allocates nothing.
///
/// A region goes from its first part to its last, the next one from its last to its first: what one has touched last, and
/// a cache still holds, is what the next one begins with.
///
/// Regions do not nest and do not overlap: a second one, from a task or from another thread, is done by its caller
/// alone. The threads are daemons; they end with [#close], or when nobody refers to the pool any more.
public final class Pool implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    /// How long an idle worker spins before it parks. Gaps inside of a training step are shorter.
    private static final long SPIN_NANOS = 50_000;

    /// The work of a region.
    @FunctionalInterface
    public interface Task {
        /// Does one part.
        void run(int part);
    }

    private final Crew crew;
    private final Cleaner.Cleanable end;

    /// @param threads how many threads work, the caller included
    public Pool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("A pool needs at least 1 thread, not " + threads + ".");
        }
        crew = new Crew(threads - 1);
        Crew ending = crew; // the workers know the crew only, so that the pool can become unreachable
        end = CLEANER.register(this, ending::end);
    }

    /// The number of threads, callers included.
    public int threads() {
        return crew.workers.length + 1;
    }

    /// Does `parts` parts and returns when all are done. What a part throws is thrown here, the first if there are
    /// several; parts not begun by then are left out.
    public void run(int parts, Task task) {
        crew.run(parts, task);
    }

    /// Ends the workers. Regions run on the caller alone from now on.
    @Override
    public void close() {
        end.clean();
    }

    /// The workers and what they share.
    private static final class Crew {
        private static final VarHandle CLAIM = handle("claim", long.class);
        private static final VarHandle DONE = handle("done", int.class);
        private static final VarHandle BUSY = handle("busy", boolean.class);
        private static final VarHandle FAILURE = handle("failure", Throwable.class);
        private static final long CLOSED = Integer.MAX_VALUE;

        private final Worker[] workers;
        private volatile long claim = CLOSED;
        private volatile int done;
        private volatile boolean busy;
        private volatile boolean ended;
        private volatile @Nullable Throwable failure;
        private int parts;
        private @Nullable Task task;
        private boolean backwards; // whether the region goes from its last part to its first
        private boolean turn; // whether the next one will

        Crew(int count) {
            workers = new Worker[count];
            for (int i = 0; i < count; i++) {
                workers[i] = new Worker(this, i + 1);
            }
            for (Worker worker : workers) {
                worker.start();
            }
        }

        private static VarHandle handle(String field, Class<?> type) {
            try {
                return MethodHandles.lookup().findVarHandle(Crew.class, field, type);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        void run(int count, Task work) {
            if (count <= 1 || workers.length == 0 || ended || busy || !BUSY.compareAndSet(this, false, true)) {
                alone(count, work);
                return;
            }
            try {
                open(count, work);
                take(claim >>> 32);
                for (int waited = 0; done < count; waited++) {
                    if ((waited & 0xfff) == 0xfff) {
                        LockSupport.parkNanos(1);
                    } else {
                        Thread.onSpinWait();
                    }
                }
                long over = claim;
                claim = over | CLOSED;
                task = null;
                Throwable thrown = failure;
                if (thrown != null) {
                    failure = null;
                    if (thrown instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) thrown;
                }
            } finally {
                busy = false;
            }
        }

        private void alone(int count, Task work) {
            boolean down = turn;
            turn = !down;
            for (int i = 0; i < count; i++) {
                work.run(down ? count - 1 - i : i);
            }
        }

        private void open(int count, Task work) {
            parts = count;
            task = work;
            backwards = turn;
            turn = !backwards;
            done = 0;
            claim = ((claim >>> 32) + 1) << 32; // publishes all of the above
            int wanted = Math.min(count - 1, workers.length);
            for (int i = 0; i < wanted; i++) {
                if (workers[i].parked) {
                    LockSupport.unpark(workers[i]);
                }
            }
        }

        /// Does parts of a region until there are none left.
        void take(long region) {
            while (true) {
                long seen = claim;
                int part = (int) seen;
                Task work = task;
                if (seen >>> 32 != region || part >= parts || work == null) {
                    return;
                }
                if (CLAIM.compareAndSet(this, seen, seen + 1)) {
                    try {
                        if (failure == null) {
                            work.run(backwards ? parts - 1 - part : part);
                        }
                    } catch (RuntimeException | Error e) {
                        FAILURE.compareAndSet(this, null, e);
                    } finally {
                        DONE.getAndAdd(this, 1);
                    }
                }
            }
        }

        /// Whether a part can be taken, to the best of what this thread knows.
        boolean hasWork() {
            return (int) claim < parts;
        }

        void end() {
            ended = true;
            for (Worker worker : workers) {
                LockSupport.unpark(worker);
            }
        }
    }

    private static final class Worker extends Thread {
        private final Crew crew;
        private volatile boolean parked;

        Worker(Crew crew, int number) {
            super("gradus-" + number);
            this.crew = crew;
            setDaemon(true);
        }

        @Override
        public void run() {
            long idleSince = System.nanoTime();
            int spins = 0;
            while (!crew.ended) {
                if (crew.hasWork()) {
                    crew.take(crew.claim >>> 32);
                    idleSince = System.nanoTime();
                } else if ((++spins & 63) != 0 || System.nanoTime() - idleSince < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    while (!crew.hasWork() && !crew.ended) {
                        LockSupport.park(crew);
                    }
                    parked = false;
                    idleSince = System.nanoTime();
                }
            }
        }
    }
}
