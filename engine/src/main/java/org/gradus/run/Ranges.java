package org.gradus.run;

import java.util.List;
import org.gradus.kernel.Kernel;
import org.gradus.kernel.Pool;

/// A kernel over a range, called with each of some lists of numbers, in parts that follow from the ranges and their
/// cost alone.
final class Ranges implements Job, Pool.Task {
    private static final double NANOS_WORTH_SPLITTING = 20_000;
    private static final double NANOS_OF_PART = 5_000;
    private static final int MOST_PARTS = 64;

    private final Threads threads;
    private final Kernel kernel;
    private final Object[] arrays;
    private final int[][] calls;
    private final int count;
    private final int chunk; // of all ranges, one after the other
    private final int parts;

    /// @param calls the numbers of each call
    /// @param count the length of the range of each
    /// @param nanos about what all of them take
    /// @param grain what parts are multiples of
    Ranges(Threads threads, Kernel kernel, Object[] arrays, int[][] calls, int count, double nanos, int grain) {
        this.threads = threads;
        this.kernel = kernel;
        this.arrays = arrays.clone();
        this.calls = calls;
        this.count = count;
        int total = Math.multiplyExact(calls.length, count);
        int wanted = nanos < NANOS_WORTH_SPLITTING ? 1 : (int) Math.min(MOST_PARTS, nanos / NANOS_OF_PART);
        int least = Math.ceilDiv(total, wanted);
        chunk = Math.max(grain, Math.ceilDiv(least, grain) * grain);
        parts = Math.ceilDiv(total, chunk);
    }

    /// One call.
    static Ranges of(
            Threads threads, Kernel kernel, Object[] arrays, int[] numbers, int count, double nanos, int grain) {
        return new Ranges(threads, kernel, arrays, new int[][] {numbers}, count, nanos, grain);
    }

    @Override
    public void run() {
        threads.run(parts, this);
    }

    @Override
    public void run(int part) {
        int at = part * chunk;
        run(at, (int) Math.min((long) at + chunk, length()));
    }

    /// The lengths of all ranges together.
    int length() {
        return calls.length * count;
    }

    /// Does a part of all ranges, one after the other.
    void run(int begin, int end) {
        int at = begin;
        while (at < end) {
            int from = at % count;
            int to = Math.min(count, from + end - at);
            kernel.run(arrays, calls[at / count], from, to);
            at += to - from;
        }
    }

    @Override
    public List<Ranges> ranges() {
        return List.of(this);
    }
}
