package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.data.Batch;
import org.gradus.data.Dataset;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;

/// What the training loop leaves to the garbage collector in each step: events and results, but no copy of a batch or
/// of a parameter.
class AllocationTest {
    private static final int WIDTH = 4096;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @Test
    void aStepLeavesSmallObjectsAlone() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Batch batch = new Batch(
                Array.full(TensorType.of(Type.FLOAT32, 4, WIDTH), 0.01),
                Array.zeros(TensorType.of(Type.FLOAT32, 4, 1)));
        Dataset same = new Dataset() {
            @Override
            public int size() {
                return 4000;
            }

            @Override
            public Batch batch(int... positions) {
                return batch;
            }
        };
        Recipe recipe = new Recipe(
                Linear.of(1), Losses::meanSquaredError, Map.of(), Optimizer.of(1e-6, Sgd.of(0.9)), 4, 10_000);
        long[] least = {Long.MAX_VALUE};
        long[] before = {0};
        long begun = System.nanoTime();
        Trainer[] trainer = new Trainer[1];
        trainer[0] = new Trainer(new Session(1, Type.FLOAT32, 1), recipe, event -> {
            if (event instanceof Event.StepDone step) {
                if (step.batch() > 1) {
                    least[0] = Math.min(least[0], threads.getCurrentThreadAllocatedBytes() - before[0]);
                }
                if (least[0] < WIDTH || System.nanoTime() - begun > PATIENCE_NANOS) {
                    trainer[0].stop();
                }
                before[0] = threads.getCurrentThreadAllocatedBytes();
            }
        });
        trainer[0].fit(same);

        assertThat(least[0]).as("bytes in a step; the weights alone take 16384").isLessThan(WIDTH);
    }
}
