package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.gradus.base.GradusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrefetchTest {
    private final Examples iris = Datasets.iris();
    private final List<int[]> batches = Order.batches(Order.shuffled(150, 1, 1), 16);

    /// Notes who made which batch.
    private static final class Watched implements Dataset {
        private final Examples examples;
        private final List<Integer> made = Collections.synchronizedList(new ArrayList<>());
        private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

        Watched(Examples examples) {
            this.examples = examples;
        }

        @Override
        public int size() {
            return examples.size();
        }

        @Override
        public Batch batch(int... positions) {
            threads.add(Thread.currentThread());
            made.add(positions[0]);
            return examples.batch(positions);
        }
    }

    @Test
    void givesTheSameBatchesInTheSameOrder() {
        for (int ahead : new int[] {1, 2, 100}) {
            int count = 0;
            try (Prefetch prefetch = new Prefetch(iris, batches, ahead)) {
                while (prefetch.hasNext()) {
                    Batch plain = iris.batch(batches.get(count++));
                    Batch made = prefetch.next();
                    assertThat(made.features().storage())
                            .isEqualTo(plain.features().storage());
                    assertThat(made.labels().storage()).isEqualTo(plain.labels().storage());
                }
                assertThatThrownBy(prefetch::next).isInstanceOf(NoSuchElementException.class);
            }
            assertThat(count).isEqualTo(batches.size());
        }
    }

    @Test
    void oneDaemonThreadMakesThemAndEnds() {
        Watched watched = new Watched(iris);
        try (Prefetch prefetch = new Prefetch(watched, batches, 2)) {
            while (prefetch.hasNext()) {
                prefetch.next();
            }
            assertThat(watched.threads).hasSize(1);
            Thread thread = watched.threads.iterator().next();
            assertThat(thread.getName()).isEqualTo("gradus-data");
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread).as("before the pass is closed").matches(PrefetchTest::ends);
        }
    }

    /// However slow the consumer is, no more are made than were asked for.
    @Test
    void noMoreAreMadeThanAhead() throws InterruptedException {
        Watched watched = new Watched(iris);
        try (Prefetch prefetch = new Prefetch(watched, batches, 3)) {
            prefetch.next();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (watched.made.size() < 4 && System.nanoTime() < end) {
                Thread.sleep(1);
            }
            Thread.sleep(50);
            assertThat(watched.made).hasSize(4);
        }
    }

    @Test
    void closingEndsTheThread() {
        Watched watched = new Watched(iris);
        Prefetch prefetch = new Prefetch(watched, batches, 5);
        prefetch.next();
        prefetch.close();
        prefetch.close();

        assertThat(watched.threads).allMatch(PrefetchTest::ends);
        assertThat(watched.made).hasSizeLessThanOrEqualTo(6);
        assertThat(prefetch.hasNext()).isFalse();
        assertThatThrownBy(prefetch::next).hasMessageContaining("or it is closed");
    }

    @Test
    void anExceptionOfTheConsumerClosesToo() {
        Watched watched = new Watched(iris);
        assertThatThrownBy(() -> {
                    try (Prefetch prefetch = new Prefetch(watched, batches, 5)) {
                        prefetch.next();
                        throw new IllegalStateException("stopped");
                    }
                })
                .hasMessage("stopped");
        assertThat(watched.threads).allMatch(PrefetchTest::ends);
    }

    @Test
    void errorsComeToTheConsumerInTheirTurn() {
        try (Prefetch prefetch = new Prefetch(iris, List.of(new int[] {0}, new int[] {150}, new int[] {1}), 3)) {
            assertThat(prefetch.next().size()).isEqualTo(1);
            assertThatThrownBy(prefetch::next)
                    .isInstanceOfSatisfying(GradusException.class, e -> {
                        assertThat(e.kind()).isEqualTo("example-range");
                        assertThat(e.getStackTrace())
                                .anyMatch(frame -> frame.getClassName().contains("PrefetchTest"));
                    })
                    .hasMessageStartingWith("Example 150 was asked of a data set of 150")
                    .hasCauseInstanceOf(GradusException.class);
        }
        IllegalStateException other = new IllegalStateException("no disk");
        Dataset broken = new Dataset() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public Batch batch(int... positions) {
                throw other;
            }
        };
        try (Prefetch prefetch = new Prefetch(broken, List.of(new int[] {0}), 1)) {
            assertThatThrownBy(prefetch::next).isSameAs(other);
        }
        assertThatThrownBy(() -> new Prefetch(iris, batches, 0)).hasMessageContaining("0 by 1 were asked for");
    }

    @Test
    void anInterruptionIsKept() {
        CountDownLatch go = new CountDownLatch(1);
        Dataset slow = new Dataset() {
            @Override
            public int size() {
                return 150;
            }

            @Override
            public Batch batch(int... positions) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return iris.batch(positions);
            }
        };
        try (Prefetch prefetch = new Prefetch(slow, batches, 2)) {
            Thread.currentThread().interrupt();
            Thread.ofPlatform().daemon().start(() -> {
                pause();
                go.countDown();
            });
            assertThat(prefetch.next().size()).isEqualTo(16);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static boolean ends(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
