package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderTest {
    @Test
    void aShuffledOrderVisitsEachExampleOnce() {
        for (int size : new int[] {0, 1, 2, 3, 97, 1000}) {
            int[] order = Order.shuffled(size, 5, 0);
            Arrays.sort(order);
            assertThat(order).isEqualTo(Order.sequential(size));
        }
    }

    /// Stored: the order is part of what "same seed, same run" means, on every machine and in every version.
    @Test
    void theOrderIsTheSameEverywhere() {
        assertThat(Order.shuffled(10, 0, 0)).containsExactly(9, 3, 7, 5, 4, 8, 2, 0, 1, 6);
        assertThat(Order.shuffled(10, 0, 1)).containsExactly(2, 0, 8, 4, 7, 9, 3, 6, 1, 5);
        assertThat(Order.shuffled(10, 1, 0)).containsExactly(2, 7, 4, 8, 0, 1, 5, 3, 9, 6);
    }

    @Test
    void allOrdersAreEquallyLikely() {
        Map<String, Integer> counts = new HashMap<>();
        int draws = 24_000;
        for (int epoch = 0; epoch < draws; epoch++) {
            counts.merge(Arrays.toString(Order.shuffled(4, 7, epoch)), 1, Integer::sum);
        }
        assertThat(counts).hasSize(24);
        double deviation = Math.sqrt(draws / 24.0 * (1 - 1 / 24.0));
        assertThat(counts.values())
                .allSatisfy(count -> assertThat(Math.abs(count - draws / 24)).isLessThan((int) (5 * deviation)));
    }

    @Test
    void theLastBatchHoldsWhatIsLeft() {
        assertThat(Order.batches(new int[] {4, 2, 0, 1, 3}, 2))
                .containsExactly(new int[] {4, 2}, new int[] {0, 1}, new int[] {3});
        assertThat(Order.batches(new int[] {1, 0}, 2)).containsExactly(new int[] {1, 0});
        assertThat(Order.batches(new int[0], 2)).isEmpty();
    }

    @Test
    void aBatchIsNotEmpty() {
        assertThatThrownBy(() -> Order.batches(new int[3], 0)).hasMessageContaining("the batch size is 0");
    }
}
