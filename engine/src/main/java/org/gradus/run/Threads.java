package org.gradus.run;

import java.util.stream.IntStream;
import org.gradus.kernel.Pool;
import org.gradus.kernel.Work;
import org.jspecify.annotations.Nullable;

/// The threads that a session's kernels run on. They start when there is first something to share, and end when nobody
/// refers to the session any more.
final class Threads {
    private final int count;
    private @Nullable Pool pool;

    /// @param count how many threads work, the caller included
    Threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("A session needs at least 1 thread, not " + count + ".");
        }
        this.count = count;
    }

    /// How many there are. For work whose parts do not show in its bits: other work is cut by its size alone.
    int count() {
        return count;
    }

    /// Does these parts, each once, in any order.
    void run(int parts, Pool.Task task) {
        if (parts == 1) {
            task.run(0);
            return;
        }
        Pool running = pool;
        if (running == null) {
            running = new Pool(count);
            pool = running;
        }
        running.run(parts, task);
    }

    /// A kernel's work, phase after phase.
    Job job(Work work) {
        return Job.sequence(IntStream.range(0, work.phases())
                .mapToObj(phase -> phase(work, phase))
                .toList());
    }

    /// One phase of a kernel's work.
    Job phase(Work work, int phase) {
        int parts = work.parts(phase);
        Pool.Task task = part -> work.run(phase, part);
        return () -> run(parts, task);
    }
}
