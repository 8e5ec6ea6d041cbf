package org.gradus.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.run.Rounding;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.run.StepFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every op, its value and its gradients, planned and replayed: the same numbers as eagerly up to rounding, twice.
class CompiledOpsTest {
    private static final long SEED = Long.getLong("gradus.seed", 31);

    static Stream<OpCase> all() {
        return OpCases.all().filter(op -> !op.name().equals("masked-select")); // its shape depends on numbers
    }

    @ParameterizedTest
    @MethodSource("all")
    void compiledEqualsEager(OpCase op) {
        StepFunction valueAndGradients = (scope, inputs) -> {
            var found = Derivatives.valueAndGrad(
                    x -> {
                        Tensor y = op.f().apply(x);
                        return y.times(y.shape().count() == 0 ? y : y.sigmoid()).sum();
                    },
                    inputs);
            List<Tensor> results = new ArrayList<>(List.of(op.f().apply(inputs), found.value()));
            results.addAll(found.gradients());
            return results;
        };
        Array[] inputs = op.point(SEED).stream().map(Tensor::array).toArray(Array[]::new);
        List<Array> expected = new Session(SEED, Type.FLOAT64).eagerly(Scope.Mode.EVAL, valueAndGradients, inputs);
        Step step = new Session(SEED, Type.FLOAT64).step(op.name(), Scope.Mode.EVAL, valueAndGradients);
        Rounding rounding =
                Rounding.of(step.plan(Arrays.stream(inputs).map(Array::type).toList()), Type.FLOAT64);
        for (int run = 0; run < 2; run++) {
            List<Array> found = step.run(inputs);
            for (int i = 0; i < expected.size(); i++) {
                String what = op + ", result " + i + " of run " + run + ", seed " + SEED;
                rounding.check(what, found.get(i), expected.get(i));
            }
        }
    }
}
