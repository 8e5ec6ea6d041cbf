package org.gradus.bench.side;

/// What a side does for a row.
public interface Work {
    /// Does it once: a training step, a pass forward, a kernel.
    void run();

    /// What all sides must agree on, asked before the first run: the losses of the first [Numbers#STEPS] training steps,
    /// else the root mean square of each result.
    float[] check();

    /// The floating-point operations of one run; 0 where it is not known.
    default long flops() {
        return 0;
    }

    /// The bytes that one run moves between kernels; 0 where it is not known.
    default long bytes() {
        return 0;
    }
}
