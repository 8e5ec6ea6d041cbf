package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Source.Distribution;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Indexing;
import org.gradus.ops.Products;
import org.gradus.plan.Plan;
import org.gradus.plan.Slot;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final Initial NORMAL = (type, random) -> {
        Array values = Array.zeros(type);
        for (int i = 0; i < values.count(); i++) {
            values.set(i, random.normal(type.type(), i));
        }
        return values;
    };
    private static final Layer DENSE = (scope, x) ->
            x.matmul(scope.parameter("weight", Role.WEIGHT, NORMAL, x.shape().size(-1), 2));

    private static Array ones(int... sizes) {
        return Array.full(TensorType.of(Type.FLOAT64, sizes), 1);
    }

    /// Linear regression by gradient descent: the same numbers compiled and eagerly, up to the order of sums.
    @Test
    void compiledAndEagerTrainTheSame() {
        StepFunction train = (scope, in) -> {
            Tensor loss =
                    scope.call("model", DENSE, in.get(0)).minus(1).squared().mean();
            List<Tensor> parameters = List.copyOf(scope.parameters().values());
            List<Tensor> gradients = Reverse.gradients(loss, parameters);
            for (int i = 0; i < parameters.size(); i++) {
                scope.assign(
                        parameters.get(i),
                        parameters.get(i).minus(gradients.get(i).times(in.get(1))));
            }
            return List.of(loss);
        };
        Array x = Array.of(Shape.of(3, 2), 1.0, 2, 0.5, -1, 3, 1);
        Array rate = Array.of(Shape.SCALAR, 0.1);
        Session compiled = new Session(3, Type.FLOAT64);
        Session eager = new Session(3, Type.FLOAT64);
        Step step = compiled.step("train", Mode.TRAIN, train);
        double last = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 20; i++) {
            double loss = step.run(x, rate).get(0).get(0);
            assertThat(eager.eagerly(Mode.TRAIN, train, x, rate).get(0).get(0)).isCloseTo(loss, within(1e-13));
            assertThat(loss).isLessThan(last);
            last = loss;
        }
        assertThat(compiled.state("model.weight").toDoubles())
                .containsExactly(eager.state("model.weight").toDoubles(), within(1e-13));
        assertThat(compiled.steps()).isEqualTo(20);
    }

    @Test
    void statesStartFromSeedAndPathAlone() {
        Session one = new Session(5, Type.FLOAT32);
        Session two = new Session(5, Type.FLOAT32);
        one.step(
                        "a",
                        Mode.EVAL,
                        (scope, in) -> List.of(
                                scope.call("a", DENSE, in.get(0)).sum(),
                                scope.call("b", DENSE, in.get(0)).sum()))
                .run(Array.of(Shape.of(1, 2), 1f, 2f));
        two.step("b", Mode.EVAL, (scope, in) -> List.of(scope.call("b", DENSE, in.get(0))))
                .run(Array.of(Shape.of(1, 2), 1f, 2f));
        assertThat(two.state("b.weight").toDoubles())
                .containsExactly(one.state("b.weight").toDoubles());
        assertThat(one.state("a.weight").toDoubles())
                .isNotEqualTo(one.state("b.weight").toDoubles());
        assertThat(one.states()).extracting(key -> key.path()).containsExactly("a.weight", "b.weight");
    }

    @Test
    void theSamePathIsOneSharedState() {
        Session session = new Session(5, Type.FLOAT64);
        Layer twice = (scope, x) -> scope.call("cell", DENSE, scope.call("cell", DENSE, x));
        Array y = session.step("s", Mode.EVAL, (scope, in) -> List.of(twice.forward(scope, in.get(0))))
                .run(ones(1, 2))
                .get(0);
        double[] w = session.state("cell.weight").toDoubles();
        double a = w[0] + w[2];
        double b = w[1] + w[3];
        assertThat(y.get(0)).isCloseTo(a * w[0] + b * w[2], within(1e-15));
        assertThat(session.states()).hasSize(1);
    }

    @Test
    void readsSeeTheStartAndWritesCommitAtTheEnd() {
        Session session = new Session(0, Type.FLOAT64);
        TensorType scalar = TensorType.of(Type.FLOAT64);
        Step swap = session.step("swap", Mode.TRAIN, (scope, in) -> {
            Tensor a = scope.buffer("a", scalar, Initial.constant(1));
            Tensor b = scope.buffer("b", scalar, Initial.constant(2));
            scope.assign(a, b);
            scope.assign(b, a);
            return List.of(a, b);
        });
        assertThat(swap.run()).extracting(v -> v.get(0)).containsExactly(1.0, 2.0);
        assertThat(swap.run()).extracting(v -> v.get(0)).containsExactly(2.0, 1.0);
        assertThat(session.state("a").get(0)).isEqualTo(1);
        assertThat(session.state("b").get(0)).isEqualTo(2);
    }

    @Test
    void assigningTwiceIsAnErrorUnlessChained() {
        Session session = new Session(0, Type.FLOAT64);
        TensorType scalar = TensorType.of(Type.FLOAT64);
        assertThatThrownBy(() -> session.step("twice", Mode.TRAIN, (scope, in) -> {
                            Tensor n = scope.buffer("n", scalar, Initial.constant(0));
                            scope.assign(n, n.plus(1));
                            scope.assign(n, n.plus(1));
                            return List.of();
                        })
                        .run())
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("`n` is assigned twice");
        Session chained = new Session(0, Type.FLOAT64);
        chained.step("chained", Mode.TRAIN, (scope, in) -> {
                    Tensor n = scope.buffer("n", scalar, Initial.constant(0));
                    scope.update(n, old -> old.plus(1));
                    scope.update(n, old -> old.times(10));
                    return List.of();
                })
                .run();
        assertThat(chained.state("n").get(0)).isEqualTo(10);
    }

    @Test
    void aStepThatFailsLeavesNothingDeclared() {
        Session session = new Session(0, Type.FLOAT64);
        Step failing = session.step("s", Mode.EVAL, (scope, in) -> {
            scope.parameter("w", Role.WEIGHT, NORMAL, 2);
            throw new IllegalStateException("of the user's own");
        });
        assertThatThrownBy(failing::run).isInstanceOf(IllegalStateException.class);
        assertThat(session.states()).isEmpty();
        session.step("s", Mode.EVAL, (scope, in) -> List.of(scope.parameter("w", Role.WEIGHT, NORMAL, 5)))
                .run();
        assertThat(session.state("w").count()).isEqualTo(5);
    }

    /// A weight is read by the products too, which all come before its update.
    @Test
    void newValuesAreWrittenOverTheOldOnes() {
        Session session = new Session(0, Type.FLOAT32);
        TensorType type = TensorType.of(Type.FLOAT32, 6, 4);
        Step step = session.step("train", Mode.TRAIN, (scope, in) -> {
            Tensor w = scope.buffer("w", type, Initial.constant(0.5));
            Tensor v = scope.buffer("v", type, Initial.constant(0));
            Tensor loss = Products.matmul(in.get(0), w).squared().sum();
            Tensor gradient = Reverse.gradients(loss, List.of(w)).get(0);
            Tensor velocity = v.times(0.9).plus(gradient);
            scope.assign(v, velocity);
            scope.assign(w, w.minus(velocity.times(0.01)));
            return List.of(loss);
        });
        Plan plan = step.plan(List.of(TensorType.of(Type.FLOAT32, 3, 6)));
        assertThat(plan.commits())
                .hasSize(2)
                .allSatisfy(commit ->
                        assertThat(plan.slots().get(commit.place().slot())).isEqualTo(new Slot.Held(commit.key())));
    }

    /// What follows from weights alone (here their turning and packing, by all ways to convolve) is done once, and again
    /// whenever a state has been written, by whom ever.
    @Test
    void anInferenceSeesEachChangeOfTheWeights() {
        Session session = new Session(7, Type.FLOAT32, 2);
        Networks.Model model = Networks.inferring();
        Step inference = session.step("infer", Mode.EVAL, (scope, in) -> List.of(model.logits(scope, in.get(0))));
        Step training = session.step("train", Mode.TRAIN, Networks.momentum(model));
        Array[] batch = Networks.batch(Type.FLOAT32, 3, 1, 12, 12);
        Plan plan = inference.plan(List.of(batch[0].type()));
        assertThat(plan.standing()).isBetween(2, plan.entries().size() - 5);
        List<Runnable> changes = List.of(
                () -> {},
                () -> training.run(batch),
                () -> session.setState("last.weight", doubled(session.state("last.weight"))),
                () -> session.setState("wide.weight", doubled(session.state("wide.weight"))),
                () -> session.eagerly(Mode.TRAIN, Networks.momentum(model), batch),
                () -> {});
        for (Runnable change : changes) {
            change.run();
            Session fresh = new Session(7, Type.FLOAT32, 1);
            session.states().forEach(key -> fresh.setState(key.path(), session.state(key.path())));
            Step once = fresh.step("once", Mode.EVAL, (scope, in) -> List.of(model.logits(scope, in.get(0))));
            for (int run = 0; run < 2; run++) {
                assertThat(inference.run(batch[0]).get(0).toDoubles())
                        .containsExactly(once.run(batch[0]).get(0).toDoubles());
            }
        }
    }

    private static Array doubled(Array array) {
        Array twice = Array.zeros(array.type());
        for (int i = 0; i < array.count(); i++) {
            twice.set(i, 2 * array.get(i));
        }
        return twice;
    }

    @Test
    void aStateThatAPlanIsBoundToIsNeverForgotten() {
        Session session = new Session(0, Type.FLOAT64);
        TensorType scalar = TensorType.of(Type.FLOAT64);
        Step inner = session.step("inner", Mode.TRAIN, (scope, in) -> {
            Tensor n = scope.buffer("n", scalar, Initial.constant(1));
            scope.assign(n, n.plus(1));
            return List.of(n);
        });
        Step failing = session.step("failing", Mode.TRAIN, (scope, in) -> {
            inner.run();
            throw new IllegalStateException("of the user's own");
        });
        assertThatThrownBy(failing::run).isInstanceOf(IllegalStateException.class);
        inner.run();
        assertThat(session.state("n").get(0)).isEqualTo(3);
    }

    @Test
    void capturedNumbersAreFrozen() {
        Array numbers = Array.of(Shape.of(1), 1.0);
        Step step = new Session(0, Type.FLOAT64)
                .step("s", Mode.EVAL, (scope, in) -> List.of(in.get(0).plus(Eager.tensor(numbers))));
        assertThat(step.run(ones(1)).get(0).get(0)).isEqualTo(2);
        numbers.set(0, 100);
        assertThat(step.run(ones(1)).get(0).get(0)).isEqualTo(2);
    }

    @Test
    void errorsOfAStepNameTheLineThatWroteTheOp() {
        Step step = new Session(0, Type.FLOAT64)
                .step("s", Mode.EVAL, (scope, in) -> List.of(Indexing.take(in.get(0), in.get(1))));
        assertThatThrownBy(() -> step.run(ones(3, 2), Array.of(Shape.of(1), 7L)))
                .hasMessageContaining("the place 7 at [0")
                .hasMessageContaining("In this step it is `gather")
                .hasMessageContaining("SessionTest.java:");
    }

    @Test
    void onePathIsOneDeclaration() {
        Session session = new Session(0, Type.FLOAT64);
        assertThatThrownBy(() -> session.step("s", Mode.EVAL, (scope, in) -> {
                            scope.parameter("w", Role.WEIGHT, NORMAL, 2);
                            return List.of(scope.parameter("w", Role.WEIGHT, NORMAL, 3));
                        })
                        .run())
                .hasMessageContaining("`w` is declared as");
    }

    @Test
    void setStatesAreKeptForTheStepThatDeclaresThem() {
        Session session = new Session(0, Type.FLOAT64);
        session.setState("model.weight", Array.of(Shape.of(2, 2), 1.0, 0, 0, 1));
        Step step = session.step("s", Mode.EVAL, (scope, in) -> List.of(scope.call("model", DENSE, in.get(0))));
        assertThat(step.run(Array.of(Shape.of(1, 2), 3.0, 4.0)).get(0).toDoubles())
                .containsExactly(3, 4);
        assertThatThrownBy(() -> session.setState("model.weight", ones(3, 2)))
                .hasMessageContaining("model.weight")
                .hasMessageContaining("[3, 2]");
        Session other = new Session(0, Type.FLOAT64);
        other.setState("model.weight", ones(3, 2));
        assertThatThrownBy(() -> other.step(
                                "s", Mode.EVAL, (scope, in) -> List.of(scope.call("model", DENSE, in.get(0))))
                        .run(ones(1, 2)))
                .hasMessageContaining("from another model");
    }

    @Test
    void randomNumbersChangeWithTheStepAndThePlaceAndNothingElse() {
        StepFunction draw = (scope, in) -> List.of(
                scope.random().draw(Distribution.UNIFORM, Type.FLOAT32, Shape.of(4)),
                scope.random().draw(Distribution.UNIFORM, Type.FLOAT32, Shape.of(4)));
        Session session = new Session(9, Type.FLOAT32);
        Step step = session.step("draw", Mode.TRAIN, draw);
        List<Array> first = step.run();
        List<Array> second = step.run();
        assertThat(first.get(0).toDoubles()).isNotEqualTo(first.get(1).toDoubles());
        assertThat(first.get(0).toDoubles()).isNotEqualTo(second.get(0).toDoubles());
        Session again = new Session(9, Type.FLOAT32);
        assertThat(again.eagerly(Mode.TRAIN, draw).get(1).toDoubles())
                .containsExactly(first.get(1).toDoubles());
        assertThat(new Session(10, Type.FLOAT32)
                        .eagerly(Mode.TRAIN, draw)
                        .get(1)
                        .toDoubles())
                .isNotEqualTo(first.get(1).toDoubles());
    }

    @Test
    void evaluationCountsNoStep() {
        Session session = new Session(0, Type.FLOAT32);
        session.step("e", Mode.EVAL, (scope, in) -> in).run(ones(1));
        assertThat(session.steps()).isZero();
    }

    @Test
    void eachSignatureIsTracedOnceAndListed() {
        int[] traced = {0};
        Step step = new Session(0, Type.FLOAT64).step("s", Mode.EVAL, (scope, in) -> {
            traced[0]++;
            return List.of(in.get(0).sum());
        });
        for (int size : new int[] {4, 4, 3, 4, 3}) {
            assertThat(step.run(ones(size)).get(0).get(0)).isEqualTo(size);
        }
        assertThat(traced[0]).isEqualTo(2);
        assertThat(step.signatures()).hasSize(2);
        assertThat(step.traces()).containsExactly("first: [float64[4]]", "input 0 is float64[3], was float64[4]");
    }

    @Test
    void resultsAreCopies() {
        Step step = new Session(0, Type.FLOAT64)
                .step("s", Mode.EVAL, (scope, in) -> List.of(in.get(0).times(2)));
        Array first = step.run(ones(2)).get(0);
        step.run(Array.full(TensorType.of(Type.FLOAT64, 2), 7));
        assertThat(first.toDoubles()).containsExactly(2, 2);
    }

    @Test
    void readingANumberWhileTracingIsAnErrorAtTheUsersLine() {
        assertThatThrownBy(() -> new Session(0, Type.FLOAT64)
                        .step("s", Mode.EVAL, (scope, in) -> in.get(0).item() > 0 ? in : List.of())
                        .run(ones()))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("has no numbers yet")
                .satisfies(e -> assertThat(e.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().startsWith(SessionTest.class.getName())));
    }

    @Test
    void scopesKnowTheirPathModeAndType() {
        new Session(0, Type.FLOAT64)
                .step(
                        "s",
                        Mode.CALIBRATE,
                        (scope, in) -> List.of(
                                scope.call("a", (inner, x) -> inner.call("b", SessionTest::seen, x), in.get(0))))
                .run(ones(1));
    }

    private static Tensor seen(Scope scope, Tensor x) {
        assertThat(scope.path()).isEqualTo("a.b");
        assertThat(scope.mode()).isEqualTo(Mode.CALIBRATE);
        assertThat(scope.type()).isEqualTo(Type.FLOAT64);
        assertThat(x.plus(1).node().path()).isEqualTo("a.b");
        return x;
    }
}
