package org.gradus.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The user's wish that a command ends early, as by Ctrl-C. The command that can end in an orderly way says how.
final class Interruption {
    private static final int PATIENCE_SECONDS = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private Runnable reaction = () -> {};
    private boolean requested;

    /// When this process is told to end, the command has ten seconds to do so before the JVM does.
    static Interruption ofProcess() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::awaitEnd, "interruption"));
        return interruption;
    }

    /// Says what to do when the user wants the command to end; done at once if that was asked before.
    synchronized void react(Runnable wanted) {
        reaction = wanted;
        if (requested) {
            reaction.run();
        }
    }

    /// Asks the command to end.
    synchronized void request() {
        requested = true;
        reaction.run();
    }

    /// Tells that the command has ended, so that nobody waits for it.
    void finished() {
        finished.countDown();
    }

    private void awaitEnd() {
        if (finished.getCount() == 0) {
            return;
        }
        request();
        try {
            finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
