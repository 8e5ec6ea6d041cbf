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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every op, its value and its gradients, planned and replayed, twice: the numbers of the interpreter in `float64` up to
/// rounding. In `float32`, too, the interpreter gets the same rounded inputs and computes in `float64`.
class CompiledOpsTest {
    private static final long SEED = Long.getLong("gradus.seed", 31);

    static Stream<Arguments> all() {
        return OpCases.all()
                .filter(op -> !op.name().equals("masked-select")) // its shape depends on numbers
                .flatMap(op -> Stream.of(Type.FLOAT64, Type.FLOAT32).map(type -> Arguments.of(op, type)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void compiledEqualsEager(OpCase op, Type type) {
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
        Array[] inputs = op.point(SEED).stream().map(x -> to(type, x.array())).toArray(Array[]::new);
        Array[] wide = Arrays.stream(inputs).map(x -> to(Type.FLOAT64, x)).toArray(Array[]::new);
        List<Array> expected = new Session(SEED, Type.FLOAT64).eagerly(Scope.Mode.EVAL, valueAndGradients, wide);
        Step step = new Session(SEED, type).step(op.name(), Scope.Mode.EVAL, valueAndGradients);
        Rounding rounding =
                Rounding.of(step.plan(Arrays.stream(inputs).map(Array::type).toList()), type);
        for (int run = 0; run < 2; run++) {
            List<Array> found = step.run(inputs);
            for (int i = 0; i < expected.size(); i++) {
                String what = op + " in " + type + ", result " + i + " of run " + run + ", seed " + SEED;
                rounding.check(what, found.get(i), to(type, expected.get(i)));
            }
        }
    }

    /// The same numbers, floating-point ones rounded to a type.
    private static Array to(Type type, Array x) {
        if (!x.type().type().isFloating()) {
            return x;
        }
        Array rounded = Array.zeros(x.type().with(type));
        for (int i = 0; i < x.count(); i++) {
            rounded.set(i, x.get(i));
        }
        return rounded;
    }
}
