package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.gradus.base.Shape;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.gradus.ops.Views;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every update rule against trajectories of PyTorch's optimizers: a convex quadratic of `w` and Rosenbrock's function
/// of `x`, moved together for 25 steps.
class TorchReferenceTest {
    private static TorchReference reference;

    @BeforeAll
    static void find() {
        Optional<TorchReference> found = TorchReference.find("optim", "clip");
        assumeTrue(found.isPresent(), "Skipped: there is no ../shared/suites/torch-reference.tar.gz to compare with.");
        reference = found.orElseThrow();
    }

    static Stream<Arguments> optimizers() {
        return Stream.of(
                Arguments.of("sgd", 2e-4, Sgd.of()),
                Arguments.of("sgd_wd", 2e-4, new Sgd(0, 0, false, 0.1)),
                Arguments.of("sgd_momentum", 1e-4, Sgd.of(0.9)),
                Arguments.of("sgd_momentum_dampening_wd", 1e-4, new Sgd(0.9, 0.5, false, 0.01)),
                Arguments.of("sgd_nesterov", 1e-4, new Sgd(0.9, 0, true, 0)),
                Arguments.of("sgd_nesterov_wd", 1e-4, new Sgd(0.9, 0, true, 0.1)),
                Arguments.of("sgd_maximize", 1e-5, new Ascend().then(Sgd.of())));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void trajectoriesAreTheSame(String name, double learningRate, Rule rule) {
        String folder = "optim/" + name + "/";
        double[] trajectory = reference.numbers(folder + "trajectory");
        Map<String, double[]> starts = new LinkedHashMap<>();
        starts.put("w", reference.numbers(folder + "w0"));
        starts.put("x", reference.numbers(folder + "x0"));
        Tensor a = Eager.tensor(reference.array(folder + "A"));
        Tensor b = Eager.tensor(reference.array(folder + "b"));
        Descent descent = new Descent(
                Optimizer.of(learningRate, rule),
                starts,
                v -> quadratic(v.get("w"), a, b).plus(rosenbrock(v.get("x"))));

        for (int step = 1; step <= 25; step++) {
            descent.step();
            double[] expected = Arrays.copyOfRange(trajectory, 6 * step, 6 * step + 6);
            double[] position = descent.position();
            for (int i = 0; i < 6; i++) {
                assertThat(position[i])
                        .as("%s, step %d, element %d", name, step, i)
                        .isCloseTo(expected[i], within(1e-12 * Math.max(1, Math.abs(expected[i]))));
            }
        }
    }

    static Stream<Arguments> clips() {
        return Stream.of(
                Arguments.of("norm2", new ClipByGlobalNorm(1)),
                Arguments.of("norm1", new ClipByGlobalNorm(1, 1)),
                Arguments.of("norminf", new ClipByGlobalNorm(0.5, Double.POSITIVE_INFINITY)),
                Arguments.of("noclip", new ClipByGlobalNorm(1000)));
    }

    @ParameterizedTest
    @MethodSource("clips")
    void clippedGradientsAreTheSame(String name, Rule rule) {
        double[] g0 = reference.numbers("clip/" + name + "/g0");
        double[] g1 = reference.numbers("clip/" + name + "/g1");
        Map<String, double[]> starts = new LinkedHashMap<>();
        starts.put("g0", new double[g0.length]);
        starts.put("g1", new double[g1.length]);
        Descent descent = new Descent( // whose gradients are minus the given ones, so that it ends where they point
                Optimizer.of(1, rule), starts, v -> slope(v.get("g0"), g0).plus(slope(v.get("g1"), g1)));
        descent.step();

        double[] expected = Stream.of("c0", "c1")
                .flatMapToDouble(c -> Arrays.stream(reference.numbers("clip/" + name + "/" + c)))
                .toArray();
        assertThat(descent.position()).containsExactly(expected, within(1e-14));
    }

    private static Tensor slope(Tensor x, double[] gradient) {
        return x.times(Eager.tensor(gradient)).sum().negated();
    }

    private static Tensor quadratic(Tensor w, Tensor a, Tensor b) {
        Tensor aw = a.matmul(w.reshape(Shape.of(4, 1))).reshape(Shape.of(4));
        return w.times(aw).sum().times(0.5).minus(b.times(w).sum());
    }

    private static Tensor rosenbrock(Tensor x) {
        Tensor x0 = Views.select(x, 0, 0);
        Tensor x1 = Views.select(x, 0, 1);
        Tensor one = x0.negated().plus(1);
        return x1.minus(x0.squared()).squared().times(100).plus(one.squared());
    }
}
