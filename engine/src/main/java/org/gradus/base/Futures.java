package org.gradus.base;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// What other threads have made.
public final class Futures {
    private Futures() {}

    /// Waits for a result, also when the thread is interrupted, which it then still is.
    ///
    /// @throws GradusException what the other thread threw, from this line too; its other failures as they are
    public static <T> T result(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case GradusException failure ->
                    throw new GradusException(failure.kind(), String.valueOf(failure.getMessage()), failure);
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new AssertionError(e);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
