package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Scope;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Indexing;
import org.gradus.ops.Linalg;
import org.gradus.ops.Standardization;
import org.gradus.plan.Computation;
import org.gradus.plan.Plan;
import org.gradus.plan.Slot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A step that fails leaves every state and the step count as they were, whatever fails, wherever it is recorded.
class FailingStepTest {
    private static final int ROWS = 512;
    private static final int COLUMNS = 96; // with ROWS worth a stage
    private static final List<TensorType> INPUTS =
            List.of(TensorType.of(Type.FLOAT32, ROWS, COLUMNS), TensorType.of(Type.INT64, 1));

    /// Something that fails for the second of two numbers.
    private record Trap(String name, long good, long bad, BinaryOperator<Tensor> use) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Trap> TRAPS = List.of(
            new Trap(
                    "a place outside of its axis",
                    1,
                    COLUMNS,
                    (y, n) -> Indexing.gather(y, 1, n.broadcastTo(Shape.of(ROWS, 1)))),
            new Trap(
                    "an integer division by zero",
                    3,
                    0,
                    (y, n) -> y.plus(Elementwise.floorDivide(n.tracer().constant(Array.of(Shape.of(1), 7L)), n)
                            .to(y.type().type()))),
            new Trap(
                    "a matrix that is not positive definite",
                    1,
                    -1,
                    (y, n) ->
                            Linalg.cholesky(n.to(y.type().type()).reshape(1, 1)).plus(y)));

    /// Normalisation with running statistics, a weight that is trained with momentum, a counter; all of them are written
    /// in place. The trap sees what the first pass has made, the loss does not need it.
    private static StepFunction step(Trap trap) {
        return (scope, in) -> {
            Tensor x = in.get(0);
            Standardization.Result batch = Standardization.standardize(x, 1e-5, 1);
            Tensor running = zeros(scope, "running", ROWS);
            scope.assign(
                    running, running.times(0.9).plus(batch.mean().reshape(ROWS).times(0.1)));
            Tensor weight = scope.parameter("weight", StateKey.Role.WEIGHT, (type, _) -> Array.zeros(type), ROWS);
            Tensor y = batch.values().times(weight.plus(1).reshape(ROWS, 1));
            Tensor loss = y.squared().mean();
            Tensor momentum = zeros(scope, "momentum", ROWS);
            Tensor moved = momentum.times(0.9)
                    .plus(Reverse.gradients(loss, List.of(weight)).get(0));
            scope.assign(momentum, moved);
            scope.assign(weight, weight.minus(moved.times(0.1)));
            Tensor count = zeros(scope, "count", 1);
            scope.assign(count, count.plus(1));
            return List.of(loss, trap.use.apply(y, in.get(1)));
        };
    }

    private static Tensor zeros(Scope scope, String name, int size) {
        return scope.buffer(name, TensorType.of(scope.type(), size), (type, _) -> Array.zeros(type));
    }

    @ParameterizedTest
    @FieldSource("TRAPS")
    void compiled(Trap trap) {
        Session session = new Session(3, Type.FLOAT32, 2);
        Step step = session.step("train", Mode.TRAIN, step(trap));
        check(trap, session, step::run);
        Plan plan = step.plan(INPUTS);
        assertThat(plan.entries().stream()
                        .flatMap(entry -> entry.writes().stream())
                        .map(place -> plan.slots().get(place.slot())))
                .filteredOn(slot -> slot instanceof Slot.Held)
                .as("states written in place")
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(plan.entries()).anyMatch(entry -> entry.work() instanceof Computation.Stage);
    }

    @ParameterizedTest
    @FieldSource("TRAPS")
    void eager(Trap trap) {
        Session session = new Session(3, Type.FLOAT32, 2);
        check(trap, session, inputs -> session.eagerly(Mode.TRAIN, step(trap), inputs));
    }

    private interface Run {
        List<Array> run(Array... inputs);
    }

    private static void check(Trap trap, Session session, Run run) {
        Array x = Networks.batch(Type.FLOAT32, ROWS, COLUMNS)[0];
        run.run(x, Array.of(Shape.of(1), trap.good));
        Map<String, String> before = states(session);
        assertThat(before).hasSize(4).doesNotContainValue("0");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> run.run(x, Array.of(Shape.of(1), trap.bad)))
                    .isInstanceOf(GradusException.class);
            assertThat(states(session)).isEqualTo(before);
            assertThat(session.steps()).isEqualTo(1);
        }
        run.run(x, Array.of(Shape.of(1), trap.good));
        assertThat(session.state("count").get(0)).isEqualTo(2);
    }

    /// All bits of each state.
    private static Map<String, String> states(Session session) {
        Map<String, String> bits = new TreeMap<>();
        session.states()
                .forEach(key -> bits.put(
                        key.path(),
                        Long.toHexString(Networks.mixed(
                                0, Stream.of(session.state(key.path())).toList()))));
        return bits;
    }
}
