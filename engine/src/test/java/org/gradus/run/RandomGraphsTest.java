package org.gradus.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Compiled equals interpreted: random graphs with their gradients.
class RandomGraphsTest {
    private static final long FIRST = Long.getLong("gradus.seed", 1);
    private static final int COUNT = Integer.getInteger("gradus.graphs", 2000);

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void compiledEqualsInterpreted(Type type) {
        for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
            compare(seed, type);
        }
    }

    private static void compare(long seed, Type type) {
        StepFunction function = (scope, inputs) -> {
            List<Tensor> results = new ArrayList<>(RandomGraphs.outputs(seed, inputs));
            results.addAll(Reverse.gradients(results.get(0).sigmoid().mean(), inputs));
            return results;
        };
        Array[] inputs = RandomGraphs.inputs(seed, type).toArray(Array[]::new);
        List<Array> expected = new Session(seed, type).eagerly(Mode.EVAL, function, inputs);
        Step step = new Session(seed, type).step("random", Mode.EVAL, function);
        Rounding rounding =
                Rounding.of(step.plan(Arrays.stream(inputs).map(Array::type).toList()), type);
        for (int run = 0; run < 2; run++) {
            List<Array> found = step.run(inputs);
            for (int i = 0; i < expected.size(); i++) {
                String what = "result " + i + " of run " + run + " of the graph with -Dgradus.seed=" + seed
                        + " -Dgradus.graphs=1, " + type;
                rounding.check(what, found.get(i), expected.get(i));
            }
        }
    }
}
