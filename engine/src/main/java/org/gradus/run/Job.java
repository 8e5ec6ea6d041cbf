package org.gradus.run;

import java.util.ArrayList;
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

    /// The kernels over ranges that it consists of, one after the other; none if it is something else.
    default List<Ranges> ranges() {
        return List.of();
    }

    /// One after the other.
    static Job sequence(List<Job> jobs) {
        return jobs.size() == 1 ? jobs.get(0) : new Sequence(jobs.toArray(Job[]::new));
    }

    /// Jobs one after the other.
    final class Sequence implements Job {
        private final Job[] jobs;

        private Sequence(Job... jobs) {
            this.jobs = jobs;
        }

        @Override
        public void run() {
            for (Job job : jobs) {
                job.run();
            }
        }

        @Override
        public List<Ranges> ranges() {
            List<Ranges> all = new ArrayList<>();
            for (Job job : jobs) {
                if (job.ranges().isEmpty()) {
                    return List.of();
                }
                all.addAll(job.ranges());
            }
            return all;
        }
    }
}
