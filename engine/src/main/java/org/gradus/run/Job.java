package org.gradus.run;

import java.util.List;

/// An entry of a plan, bound to the arrays that it reads and writes. Running it allocates nothing, unless it is
/// interpreted.
@FunctionalInterface
interface Job {
    /// What there is nothing to do for.
    Job NOTHING = () -> {};

    /// Computes the entry.
    void run();

    /// Whether the plain interpreter does the work.
    default boolean isInterpreted() {
        return false;
    }

    /// One after the other.
    static Job sequence(List<Job> jobs) {
        Job[] all = jobs.toArray(Job[]::new);
        return all.length == 1
                ? all[0]
                : () -> {
                    for (Job job : all) {
                        job.run();
                    }
                };
    }
}
