package org.gradus.run;

import org.gradus.kernel.Kernel;
import org.gradus.kernel.Pool;

/// A kernel over a range, in parts that follow from the range and its cost alone.
final class Ranges implements Job, Pool.Task {
    private static final double NANOS_WORTH_SPLITTING = 20_000;
    private static final double NANOS_OF_PART = 5_000;
    private static final int MOST_PARTS = 64;

    private final Threads threads;
    private final Kernel kernel;
    private final Object[] arrays;
    private final int[] numbers;
    private final int count;
    private final int chunk;
    private final int parts;

    /// @param count the length of the range
    /// @param nanos about what all of it takes
    /// @param grain what parts are multiples of
    Ranges(Threads threads, Kernel kernel, Object[] arrays, int[] numbers, int count, double nanos, int grain) {
        this.threads = threads;
        this.kernel = kernel;
        this.arrays = arrays.clone();
        this.numbers = numbers.clone();
        this.count = count;
        int wanted = nanos < NANOS_WORTH_SPLITTING ? 1 : (int) Math.min(MOST_PARTS, nanos / NANOS_OF_PART);
        int least = (count + wanted - 1) / wanted;
        chunk = Math.max(grain, (least + grain - 1) / grain * grain);
        parts = (count + chunk - 1) / chunk;
    }

    @Override
    public void run() {
        threads.run(parts, this);
    }

    @Override
    public void run(int part) {
        int from = part * chunk;
        kernel.run(arrays, numbers, from, Math.min(count - from, chunk) + from);
    }
}
