package org.gradus.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;

/// Judging embeddings by their neighbours, and scores by their order.
class NeighboursTest {
    @Test
    void theNearestOnesVoteWithoutTheExampleItself() {
        Random random = new Random(2);
        int size = 40;
        double[] places = random.doubles(2 * size).toArray();
        long[] labels = random.longs(size, 0, 3).toArray();
        Array votes = Neighbours.votes(Array.of(Shape.of(size, 2), places), Array.of(Shape.of(size), labels), 3, 4);
        for (int i = 0; i < size; i++) {
            int example = i;
            int[] nearest = IntStream.range(0, size)
                    .filter(other -> other != example)
                    .boxed()
                    .sorted((a, b) -> Double.compare(distance(places, example, a), distance(places, example, b)))
                    .limit(4)
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int c = 0; c < 3; c++) {
                int wanted = c;
                long count =
                        IntStream.of(nearest).filter(k -> labels[k] == wanted).count();
                assertThat(votes.get(3 * i + c)).isCloseTo(count / 4.0, within(1e-6));
            }
        }
    }

    private static double distance(double[] places, int a, int b) {
        return Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1]);
    }

    @Test
    void thereMayBeFewerNeighbours() {
        Array three = Neighbours.votes(Array.of(Shape.of(3, 1), 0.0, 1, 2), Array.of(Shape.of(3), 0L, 1, 1), 2, 5);
        assertThat(three.toDoubles()).containsExactly(new double[] {0, 1, 0.5, 0.5, 0.5, 0.5}, within(1e-6));
        Array alone = Neighbours.votes(Array.of(Shape.of(1, 1), 0.0), Array.of(Shape.of(1), 1L), 2, 5);
        assertThat(alone.toDoubles()).containsExactly(0, 0);
    }

    @Test
    void ordersAreJudgedPairByPair() {
        Random random = new Random(4);
        double[] scores = random.ints(60, 0, 20).asDoubleStream().toArray();
        double[] labels = random.ints(60, 0, 6).asDoubleStream().toArray();
        double right = 0;
        double pairs = 0;
        for (int i = 0; i < 60; i++) {
            for (int k = 0; k < 60; k++) {
                if (labels[i] > labels[k]) {
                    right += scores[i] > scores[k] ? 1 : scores[i] == scores[k] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        RankingReport report = RankingReport.of(Array.of(Shape.of(60, 1), scores), Array.of(Shape.of(60, 1), labels));
        assertThat(report.accuracy()).isCloseTo(right / pairs, within(1e-12));
        // By hand: the ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4 have the deviations -1.5, 0, 0, 1.5 and -1.5, 0.5, -0.5,
        // 1.5.
        RankingReport few = RankingReport.of(Array.of(Shape.of(4), 0.0, 5, 5, 9), Array.of(Shape.of(4), 1.0, 3, 2, 7));
        assertThat(few.spearman()).isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
        assertThat(few.accuracy()).isCloseTo(5.5 / 6, within(1e-12));
        assertThat(few.toString()).contains("pairs in the right order  0.9167", "correlation of ranks      0.9487");
        assertThatThrownBy(() -> RankingReport.of(Array.of(Shape.of(1), 0.0), Array.of(Shape.of(2), 0.0, 1)))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("a score for each label");
    }
}
