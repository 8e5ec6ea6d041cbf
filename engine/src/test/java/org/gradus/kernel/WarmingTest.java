package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.gradus.kernel.Warming.Rehearsal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When kernels go over to vector code, and back. Kernels are names here.
@Timeout(60)
class WarmingTest {
    private static final String PLAIN = "plain";
    private static final long MUCH = 1_000_000_000; // nanoseconds

    private final List<String> made = Collections.synchronizedList(new ArrayList<>());

    @Test
    void codeThatBecomesSlowIsPlainAgainUntilItIsFast() throws InterruptedException {
        AtomicBoolean slow = new AtomicBoolean();
        Warming<String> warming = kernel("fast", slow);
        warming.begin();
        await(warming, "fast");
        slow.set(true);
        await(warming, PLAIN);
        assertThat(Warming.isDone()).isFalse();
        slow.set(false);
        await(warming, "fast");
    }

    @Test
    void codeThatIsNotCompiledInTimeIsMadeAnewOnceItHasCostMore() throws InterruptedException {
        int before = Warming.plain();
        AtomicInteger count = new AtomicInteger();
        Warming<Integer> warming = Warming.plainFirst(
                -1,
                count::getAndIncrement,
                () -> new Rehearsal<>((number, call) -> rest(number == 0), number -> {}, 1_000_000));
        warming.begin();
        while (!Warming.isDone()) {
            Thread.sleep(10);
        }
        assertThat(Warming.plain()).isEqualTo(before + 1);
        assertThat(warming.now(1)).isEqualTo(-1);
        assertThat(Warming.isDone()).isTrue();
        warming.now(MUCH);
        assertThat(Warming.plain()).isEqualTo(before);
        while (warming.now(0) != 1) {
            Thread.sleep(10);
        }
        assertThat(count).hasValue(2);
    }

    @Test
    void whatHasCostMostIsRehearsedFirst() throws InterruptedException {
        AtomicBoolean slow = new AtomicBoolean(true);
        kernel("busy", slow).begin();
        while (made.isEmpty()) {
            Thread.sleep(10);
        }
        AtomicBoolean open = new AtomicBoolean();
        Warming<String> cheap = kernel("cheap", open);
        Warming<String> costly = kernel("costly", open);
        Warming<String> cheaper = kernel("cheaper", open);
        cheap.now(MUCH);
        costly.now(3 * MUCH);
        cheaper.now(MUCH / 2);
        slow.set(false);
        await(cheaper, "cheaper");
        assertThat(made).containsExactly("busy", "costly", "cheap", "cheaper");
    }

    private Warming<String> kernel(String name, AtomicBoolean slow) {
        return Warming.plainFirst(
                PLAIN,
                () -> {
                    made.add(name);
                    return name;
                },
                () -> new Rehearsal<>((kernel, call) -> rest(slow.get()), kernel -> {}, 1_000_000));
    }

    private static void await(Warming<String> warming, String kernel) throws InterruptedException {
        while (!warming.now(0).equals(kernel)) {
            Thread.sleep(10);
        }
    }

    private static void rest(boolean wanted) {
        if (wanted) {
            LockSupport.parkNanos(5_000_000);
        }
    }
}
