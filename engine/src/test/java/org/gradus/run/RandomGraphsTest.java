package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

/// Compiled equals interpreted: random graphs with their gradients.
class RandomGraphsTest {
    private static final long FIRST = Long.getLong("gradus.seed", 1);
    private static final int COUNT = Integer.getInteger("gradus.graphs", 2000);

    @Test
    void compiledEqualsInterpreted() {
        for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
            compare(seed);
        }
    }

    private static void compare(long seed) {
        StepFunction function = (scope, inputs) -> {
            List<Tensor> results = new ArrayList<>(RandomGraphs.outputs(seed, inputs));
            results.addAll(Reverse.gradients(results.get(0).sigmoid().mean(), inputs));
            return results;
        };
        Array[] inputs = RandomGraphs.inputs(seed, Type.FLOAT64).toArray(Array[]::new);
        List<Array> expected = new Session(seed, Type.FLOAT64).eagerly(Mode.EVAL, function, inputs);
        Step step = new Session(seed, Type.FLOAT64).step("random", Mode.EVAL, function);
        for (int run = 0; run < 2; run++) {
            List<Array> found = step.run(inputs);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(unsigned(found.get(i)))
                        .as("result %d of run %d of the graph with -Dgradus.seed=%d -Dgradus.graphs=1", i, run, seed)
                        .containsExactly(unsigned(expected.get(i)));
            }
        }
    }

    /// The numbers, with -0 as 0: a sum over an axis of one element is left out of a plan.
    private static double[] unsigned(Array array) {
        return Arrays.stream(array.toDoubles()).map(value -> value + 0.0).toArray();
    }
}
