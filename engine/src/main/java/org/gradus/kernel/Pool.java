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
/// Each thread has a *share*, neighbouring parts, the same ones in each region of so many; what it wrote there in one
/// region is in its own cache in the next. When it is through it takes from the others' shares. A share goes from its
/// first part to its last, in the next region from its last to its first: what was touched last, and a cache still
/// holds, is what the next one begins with.
///
/// Parts are handed out by one word for each share, the *claim*: the region's number in its upper half, how many parts
/// are left in its lower half. A thread takes a part by lowering that, which fails if another one did so before. When all
/// parts are done nothing is left of any share, so nobody takes anything while task and size change. Workers wait for
/// the next region spinning, for some microseconds, then parked. A region allocates nothing.
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
        private static final VarHandle CLAIM = MethodHandles.arrayElementVarHandle(long[].class);
        private static final VarHandle DONE = handle("done", int.class);
        private static final VarHandle BUSY = handle("busy", boolean.class);
        private static final VarHandle FAILURE = handle("failure", Throwable.class);
        private static final int APART = 16; // claims do not lie in one line of a cache

        private final Worker[] workers;
        private final long[] claims;
        private volatile int region;
        private volatile int done;
        private volatile boolean busy;
        private volatile boolean ended;
        private volatile @Nullable Throwable failure;
        private int parts;
        private @Nullable Task task;
        private boolean backwards; // whether the region goes from the last part of a share to its first
        private boolean turn; // whether the next one will

        Crew(int count) {
            claims = new long[(count + 1) * APART];
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
                take(region, 0);
                for (int waited = 0; done < count; waited++) {
                    if ((waited & 0xfff) == 0xfff) {
                        LockSupport.parkNanos(1);
                    } else {
                        Thread.onSpinWait();
                    }
                }
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
            int next = region + 1;
            parts = count;
            task = work;
            backwards = turn;
            turn = !backwards;
            done = 0;
            for (int thread = 0; thread <= workers.length; thread++) {
                CLAIM.setRelease(claims, thread * APART, (long) next << 32 | begin(thread + 1) - begin(thread));
            }
            region = next; // publishes all of the above
            int wanted = Math.min(count - 1, workers.length);
            for (int i = 0; i < wanted; i++) {
                if (workers[i].parked) {
                    LockSupport.unpark(workers[i]);
                }
            }
        }

        /// The first part of a thread's share.
        private int begin(int thread) {
            return (int) ((long) parts * thread / (workers.length + 1));
        }

        /// Does parts of a region until there are none left, first those of the thread's own share.
        void take(int current, int thread) {
            for (int i = 0; i <= workers.length; i++) {
                int share = (thread + i) % (workers.length + 1);
                long seen = (long) CLAIM.getAcquire(claims, share * APART);
                while (seen >>> 32 == Integer.toUnsignedLong(current) && (int) seen > 0) {
                    if (CLAIM.compareAndSet(claims, share * APART, seen, seen - 1)) {
                        perform(backwards ? begin(share) + (int) seen - 1 : begin(share + 1) - (int) seen);
                    }
                    seen = (long) CLAIM.getAcquire(claims, share * APART);
                }
            }
        }

        /// Does a part that was taken, so that the region goes on at least until then.
        private void perform(int part) {
            Task work = task;
            try {
                if (failure == null && work != null) {
                    work.run(part);
                }
            } catch (RuntimeException | Error e) {
                FAILURE.compareAndSet(this, null, e);
            } finally {
                DONE.getAndAdd(this, 1);
            }
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
        private final int number;
        private volatile boolean parked;

        Worker(Crew crew, int number) {
            super("gradus-" + number);
            this.crew = crew;
            this.number = number;
            setDaemon(true);
        }

        @Override
        public void run() {
            long idleSince = System.nanoTime();
            int spins = 0;
            int over = 0; // the region that it was in last
            while (!crew.ended) {
                int region = crew.region;
                if (region != over) {
                    crew.take(region, number);
                    over = region;
                    idleSince = System.nanoTime();
                } else if ((++spins & 63) != 0 || System.nanoTime() - idleSince < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    while (crew.region == over && !crew.ended) {
                        LockSupport.park(crew);
                    }
                    parked = false;
                    idleSince = System.nanoTime();
                }
            }
        }
    }
}
