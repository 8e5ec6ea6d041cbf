package org.gradus.kernel;

/// A kernel bound to its arrays, ready to run any number of times: one phase after the other, and within a phase
/// independent parts in any order on any threads. How many parts there are follows from the problem alone.
public interface Work {
    /// The number of phases.
    int phases();

    /// The number of parts of a phase.
    int parts(int phase);

    /// Computes one part of a phase, all earlier phases being complete.
    void run(int phase, int part);

    /// Computes everything on the calling thread.
    default void run() {
        for (int phase = 0; phase < phases(); phase++) {
            for (int part = 0; part < parts(phase); part++) {
                run(phase, part);
            }
        }
    }
}
