package org.gradus.data;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.gradus.base.Futures;
import org.gradus.base.GradusException;

/// The batches of one pass over a data set, made ahead on threads of their own while the last ones are used. They come in
/// the order asked for, and are the same as without, whatever the number of threads.
///
/// A pass belongs to one thread. The threads that make batches are daemons; they end with the last batch, or when the pass
/// is closed.
public final class Prefetch implements Iterator<Batch>, AutoCloseable {
    private final Dataset examples;
    private final Iterator<int[]> positions;
    private final Queue<Future<Batch>> ahead = new ArrayDeque<>();
    private final ExecutorService workers;

    /// On one thread.
    ///
    /// @param batches the positions of the examples of each batch, as [Order#batches] gives them
    /// @param count how many batches are made ahead
    /// @throws GradusException when that is less than 1
    public Prefetch(Dataset examples, List<int[]> batches, int count) {
        this(examples, batches, count, 1);
    }

    /// @param batches the positions of the examples of each batch, as [Order#batches] gives them
    /// @param count how many batches are made ahead
    /// @param threads how many of these are made at a time
    /// @throws GradusException when one of the numbers is less than 1
    public Prefetch(Dataset examples, List<int[]> batches, int count, int threads) {
        if (count < 1 || threads < 1) {
            throw new GradusException(
                    "prefetch-size",
                    "At least 1 batch is made ahead by at least 1 thread, but " + count + " by " + threads
                            + " were asked for.");
        }
        this.examples = examples;
        this.positions = List.copyOf(batches).iterator();
        this.workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("gradus-data").factory());
        for (int i = 0; i < count; i++) {
            order();
        }
    }

    @Override
    public boolean hasNext() {
        return !ahead.isEmpty();
    }

    /// The next batch; waits until it is there.
    ///
    /// @throws GradusException what the data set threw when it made this batch
    @Override
    public Batch next() {
        Future<Batch> batch = ahead.poll();
        if (batch == null) {
            throw new NoSuchElementException("All batches of this pass were given, or it is closed.");
        }
        order();
        return Futures.result(batch);
    }

    /// Ends the pass: the batches that are being made are the last ones, and waited for. Closing twice does nothing.
    @Override
    public void close() {
        ahead.forEach(batch -> batch.cancel(false));
        ahead.clear();
        workers.close();
    }

    /// Has one more batch made, if there is one.
    private void order() {
        if (positions.hasNext()) {
            int[] next = positions.next();
            ahead.add(workers.submit(() -> examples.batch(next)));
        } else {
            workers.shutdown();
        }
    }
}
