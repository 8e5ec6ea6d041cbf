package org.gradus.kernel;

import java.util.concurrent.locks.LockSupport;

/// Lets tests elsewhere wait for what kernels do in the background.
public final class WarmUp {
    private WarmUp() {}

    /// Waits until all vector code that was asked for so far has taken the place of plain code.
    public static void await() {
        while (!Warming.isDone()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// The kernels for which that did not come about.
    public static int plain() {
        return Warming.plain();
    }
}
