package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.plan.Computation;
import org.gradus.plan.Plan;
import org.gradus.plan.Slot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Compiled equals interpreted: random graphs with their gradients.
class RandomGraphsTest {
    private static final long FIRST = Long.getLong("gradus.seed", 1);
    private static final int COUNT = Integer.getInteger("gradus.graphs", 2000);

    /// How many graphs of a hundred have at least one, so that the test cannot go blind.
    private static final Map<String, Double> LEAST = Map.of(
            "stage", 0.5,
            "fold with a body", 30.0,
            "fold with several results", 5.0,
            "state written in place", 5.0,
            "copy", 10.0);

    private static final int KINDS = 30;
    private static final double LEAST_OF_OTHERS = 0.1;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void compiledEqualsInterpreted(Type type) {
        Map<String, Integer> seen = new TreeMap<>();
        for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
            compare(seed, type, seen);
        }
        System.out.println("Random graphs from -Dgradus.seed=" + FIRST + ", " + COUNT + " of " + type + ": " + seen);
        if (COUNT >= 1000) {
            assertThat(seen).containsKeys(LEAST.keySet().toArray(String[]::new)).hasSizeGreaterThanOrEqualTo(KINDS);
            seen.forEach((what, count) -> assertThat(count * 100.0 / COUNT)
                    .as(what)
                    .isGreaterThanOrEqualTo(LEAST.getOrDefault(what, LEAST_OF_OTHERS)));
        }
    }

    private static void compare(long seed, Type type, Map<String, Integer> seen) {
        Map<String, Integer> traced = new TreeMap<>();
        StepFunction function = (scope, inputs) -> {
            traced.clear();
            List<Tensor> results = new ArrayList<>(RandomGraphs.outputs(seed, scope, inputs, traced));
            results.addAll(Reverse.gradients(results.get(0).sigmoid().mean(), inputs));
            return results;
        };
        Array[] inputs = RandomGraphs.inputs(seed, type).toArray(Array[]::new);
        Session eager = new Session(seed, type);
        Session compiled = new Session(seed, type, 2);
        Step step = compiled.step("random", Mode.EVAL, function);
        Plan plan = step.plan(Arrays.stream(inputs).map(Array::type).toList());
        Rounding rounding = Rounding.of(plan, type);
        features(plan).forEach(what -> traced.merge(what, 1, Integer::sum));
        traced.keySet().forEach(what -> seen.merge(what, 1, Integer::sum));
        for (int run = 0; run < 2; run++) {
            String what = " of run " + run + " of the graph with -Dgradus.seed=" + seed + " -Dgradus.graphs=1, " + type;
            List<Array> found = step.run(inputs);
            List<Array> expected = eager.eagerly(Mode.EVAL, function, inputs);
            for (int i = 0; i < expected.size(); i++) {
                rounding.check("result " + i + what, found.get(i), expected.get(i));
            }
            for (StateKey state : eager.states()) {
                Array value = eager.state(state.path());
                rounding.check("state " + state.path() + what, compiled.state(state.path()), value);
                compiled.setState(state.path(), value);
            }
        }
    }

    /// What a plan has.
    private static Set<String> features(Plan plan) {
        Set<String> features = new TreeSet<>();
        for (Plan.Entry entry : plan.entries()) {
            if (entry.work() instanceof Computation.Stage) {
                features.add("stage");
            }
            if (entry.work() instanceof Computation.Contraction contraction && contraction.bias()) {
                features.add("contraction with a bias");
            }
            if (entry.work() instanceof Computation.Contraction contraction && contraction.relu()) {
                features.add("contraction with a relu");
            }
            if (entry.label().startsWith("copy ")) {
                features.add("copy");
            }
        }
        for (Plan.Entry entry : plan.passes()) {
            if (entry.work() instanceof Computation.Fold fold
                    && !fold.body().code().isEmpty()) {
                features.add("fold with a body");
            }
            if (entry.work() instanceof Computation.Fold fold
                    && fold.body().results().size() > 1) {
                features.add("fold with several results");
            }
            if (entry.writes().stream().anyMatch(place -> plan.slots().get(place.slot()) instanceof Slot.Held)) {
                features.add("state written in place");
            }
        }
        return features;
    }
}
