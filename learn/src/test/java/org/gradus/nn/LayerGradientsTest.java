package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autodiff.GradientCheck;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.States;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.gradus.nn.LayerCases.LayerCase;
import org.gradus.run.Session;
import org.gradus.run.StepFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every layer: gradients of its input and parameters against finite differences in both modes of differentiation, the
/// same numbers compiled as eagerly, and whether training differs from evaluation.
class LayerGradientsTest {
    private static final Shape KEY = Shape.of(2);

    /// As for ops: central differences are off by 6e-12 third derivatives and 4e-11 values, and both stay below 1e3.
    private static final double DIFFERENCE = 1e-7;

    /// 4 halves of an ulp for each of at most 2000 elementwise steps, relative to the largest number.
    private static final double ROUNDING = 4 * 0x1p-53 * 2000;

    static Stream<LayerCase> all() {
        return LayerCases.all();
    }

    static Stream<LayerCase> withNetworks() {
        return LayerCases.withNetworks();
    }

    @Test
    void everyLayerIsInTheTable() throws IOException, URISyntaxException, ClassNotFoundException {
        assertThat(LayerCases.types()).containsAll(Declared.publicly(Layer.class));
    }

    /// The paths of a layer's parameters, once it has run.
    static List<String> parameters(Session session) {
        return session.states().stream()
                .filter(key -> key.role().isTrained())
                .map(StateKey::path)
                .toList();
    }

    /// Where derivatives are taken: the input, unless it is words, and the parameters.
    static List<Tensor> point(LayerCase given, Session session, List<String> parameters) {
        List<Tensor> point = new ArrayList<>(given.words() > 0 ? List.of() : List.of(Eager.tensor(given.point())));
        parameters.forEach(path -> point.add(Eager.tensor(session.state(path))));
        return point;
    }

    /// A number that a layer makes of these.
    static Function<List<Tensor>, Tensor> function(
            LayerCase given, Session session, Scope.Mode mode, Shape out, List<String> parameters) {
        boolean words = given.words() > 0;
        return xs -> {
            Tracer tracer = Tracer.of(xs);
            Tensor key = tracer.constant(Array.of(KEY, 3L, 0L));
            States states = new States(tracer, key, state -> {
                int place = parameters.indexOf(state.path());
                return place >= 0 ? xs.get(place + (words ? 0 : 1)) : tracer.constant(session.state(state.path()));
            });
            Tensor y = given.layer()
                    .forward(
                            Scope.root(states, mode, Type.FLOAT64), words ? tracer.constant(given.point()) : xs.get(0));
            return y.times(tracer.constant(noise(out))).sum();
        };
    }

    @ParameterizedTest
    @MethodSource("all")
    void gradientsAgreeWithCentralDifferences(LayerCase given) {
        for (Scope.Mode mode :
                given.differs() ? List.of(Scope.Mode.TRAIN, Scope.Mode.EVAL) : List.of(Scope.Mode.TRAIN)) {
            Session session = new Session(3, Type.FLOAT64);
            Shape out = given.shape(session, mode);
            List<String> parameters = parameters(session);

            GradientCheck check = GradientCheck.of(
                    function(given, session, mode, out, parameters), point(given, session, parameters));

            assertThat(check.error()).as("%s, %s: %s", given, mode, check).isLessThan(DIFFERENCE);
        }
    }

    @ParameterizedTest
    @MethodSource("withNetworks")
    void compiledEqualsEager(LayerCase given) {
        StepFunction step = (scope, in) -> {
            Tensor y = given.layer().forward(scope, in.get(0));
            List<Tensor> xs = new ArrayList<>(scope.parameters().values());
            if (given.words() == 0) {
                xs.add(in.get(0));
            }
            List<Tensor> all = new ArrayList<>(List.of(y));
            all.addAll(Reverse.pullback(List.of(y), List.of(y.sigmoid()), xs));
            return all;
        };
        for (Scope.Mode mode : Scope.Mode.values()) {
            Session eager = new Session(3, Type.FLOAT64);
            Session compiled = new Session(3, Type.FLOAT64);
            List<Array> expected = eager.eagerly(mode, step, given.point());
            List<Array> found = compiled.step(given.name(), mode, step).run(given.point());
            for (int i = 0; i < expected.size(); i++) {
                close(given + ", " + mode + ", result " + i, expected.get(i), found.get(i));
            }
            for (StateKey key : eager.states()) {
                close(given + ", " + mode + ", " + key, eager.state(key.path()), compiled.state(key.path()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("withNetworks")
    void trainingDiffersFromEvaluationWhereTheTableSays(LayerCase given) {
        List<Array> outputs = Stream.of(Scope.Mode.TRAIN, Scope.Mode.EVAL)
                .map(mode -> new Session(3, Type.FLOAT64)
                        .eagerly(mode, (scope, in) -> List.of(given.layer().forward(scope, in.get(0))), given.point())
                        .get(0))
                .toList();

        assertThat(Arrays.equals(outputs.get(0).toDoubles(), outputs.get(1).toDoubles()))
                .as("training and evaluation give the same")
                .isEqualTo(!given.differs());
    }

    private static void close(String what, Array expected, Array found) {
        assertThat(found.type()).as(what).isEqualTo(expected.type());
        double largest = Math.max(
                1, Arrays.stream(expected.toDoubles()).map(Math::abs).max().orElse(0));
        assertThat(IntStream.range(0, expected.count())
                        .filter(i -> !(Math.abs(expected.get(i) - found.get(i)) <= ROUNDING * largest)))
                .as("%s: elements that differ; %s, %s", what, expected, found)
                .isEmpty();
    }

    private static Array noise(Shape shape) {
        Philox random = Philox.of(5, Philox.stream("noise", 0), 0);
        Array noise = Array.zeros(new TensorType(Type.FLOAT64, shape));
        for (int i = 0; i < noise.count(); i++) {
            noise.set(i, random.normal(Type.FLOAT64, i));
        }
        return noise;
    }
}
