package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.gradus.kernel.Warming.Rehearsal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What happens to a kernel that HotSpot does not get to compile at first.
@Timeout(60)
class WarmingTest {
    private static final int PLAIN = -1;
    private static final int SECOND = 1;

    @Test
    void codeThatStaysSlowIsMadeAnew() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        Warming<Integer> warming = Warming.plainFirst(
                PLAIN,
                made::getAndIncrement,
                () -> new Rehearsal<>((number, call) -> slow(number < SECOND), number -> {}, 1_000_000));
        warming.begin();
        while (!Warming.isDone()) {
            Thread.sleep(10);
        }
        assertThat(warming.now(1)).isEqualTo(SECOND);
        assertThat(made).hasValue(SECOND + 1);
    }

    private static void slow(boolean wanted) {
        if (wanted) {
            LockSupport.parkNanos(5_000_000);
        }
    }
}
