package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Regions: every part once, nothing lost, nothing allocated.
@Timeout(60)
class PoolTest {
    @Test
    void everyPartIsDoneOnce() {
        for (int threads : new int[] {1, 2, 3, 7}) {
            try (Pool pool = new Pool(threads)) {
                for (int round = 0; round < 3000; round++) {
                    int parts = round % 19;
                    AtomicIntegerArray done = new AtomicIntegerArray(19);
                    pool.run(parts, done::incrementAndGet);
                    for (int part = 0; part < 19; part++) {
                        assertThat(done.get(part)).isEqualTo(part < parts ? 1 : 0);
                    }
                }
            }
        }
    }

    @Test
    void everyOtherRegionGoesBackwards() {
        try (Pool pool = new Pool(1)) {
            List<Integer> parts = new ArrayList<>();
            for (int region = 0; region < 3; region++) {
                pool.run(4, parts::add);
            }
            assertThat(parts).containsExactly(0, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 3);
        }
    }

    @Test
    void parkedWorkersComeBack() throws InterruptedException {
        try (Pool pool = new Pool(3)) {
            for (int round = 0; round < 20; round++) {
                long[] sums = new long[8];
                pool.run(8, part -> sums[part] = part);
                assertThat(sums).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
                Thread.sleep(5);
            }
        }
    }

    @Test
    void whatAPartThrowsReachesTheCallerAndThePoolGoesOn() {
        try (Pool pool = new Pool(3)) {
            for (int round = 0; round < 200; round++) {
                int bad = round % 6;
                assertThatThrownBy(() -> pool.run(6, part -> {
                            if (part == bad) {
                                throw new IllegalStateException("part " + part);
                            }
                        }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("part " + bad);
                int[] count = new int[6];
                pool.run(6, part -> count[part]++);
                assertThat(count).containsOnly(1);
            }
        }
    }

    @Test
    void aRegionInsideOfARegionIsDoneByItsCaller() {
        try (Pool pool = new Pool(2)) {
            AtomicIntegerArray done = new AtomicIntegerArray(4);
            pool.run(4, outer -> pool.run(5, inner -> done.incrementAndGet(outer)));
            for (int i = 0; i < 4; i++) {
                assertThat(done.get(i)).isEqualTo(5);
            }
        }
    }

    @Test
    void aClosedPoolWorksAlone() {
        Pool pool = new Pool(3);
        pool.close();
        int[] count = new int[6];
        pool.run(6, part -> count[part]++);
        assertThat(count).containsOnly(1);
    }
}
