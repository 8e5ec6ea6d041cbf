package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Tensor;
import org.gradus.ops.Softmax;
import org.gradus.ops.Standardization;
import org.gradus.plan.Computation;
import org.gradus.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Stages over slices that are not divided evenly by what runs at a time, against the interpreter, with the same bits
/// for any number of threads.
class SlicesTest {
    /// What is kept is the axes from one to another.
    private record Case(Shape shape, int from, int to) {
        int[] gone() {
            return IntStream.range(0, shape.rank())
                    .filter(axis -> axis < from || axis >= to)
                    .toArray();
        }

        /// Else passes run one after the other.
        boolean isInOnePlace() {
            return shape.part(0, from).count() == 1;
        }
    }

    static final List<Case> CASES = List.of(
            new Case(Shape.of(257, 131), 0, 1),
            new Case(Shape.of(131, 257), 0, 1),
            new Case(Shape.of(3, 121, 93), 1, 2),
            new Case(Shape.of(3, 121, 93), 0, 2),
            new Case(Shape.of(67, 33, 17), 1, 2),
            new Case(Shape.of(1, 37, 1009), 1, 2),
            new Case(Shape.of(2, 3, 5, 1201), 1, 3),
            new Case(Shape.of(5, 7, 31, 37), 1, 2),
            new Case(Shape.of(1031, 2, 1, 16), 0, 1));

    @ParameterizedTest
    @FieldSource("CASES")
    void slicesAddUp(Case shape) {
        StepFunction function = (scope, in) -> {
            Tensor y = Standardization.standardize(in.get(0), 0.1, shape.gone()).values();
            Tensor loss = y.times(in.get(1)).sigmoid().mean();
            Tensor dx = Reverse.gradients(loss, List.of(in.get(0))).get(0);
            return List.of(y, loss, dx.times(in.get(0).shape().count()));
        };
        check(Type.FLOAT32, shape, function);
        if (shape.gone().length == 1) {
            check(Type.FLOAT32, shape, (scope, in) -> List.of(Softmax.softmax(in.get(0), shape.gone()[0])));
        }
    }

    static final List<Case> FOLDED = List.of(
            new Case(Shape.of(257, 131), 0, 1),
            new Case(Shape.of(1, 2053, 19), 1, 2),
            new Case(Shape.of(31, 37, 67), 0, 1),
            new Case(Shape.of(31, 37, 67), 0, 2),
            new Case(Shape.of(19, 40_009), 0, 1)); // too wide for sums of parts

    /// What lies at the same place of all slices is folded, too, while they are gone over.
    @ParameterizedTest
    @FieldSource("FOLDED")
    void slicesAreFolded(Case shape) {
        int[] kept = IntStream.range(shape.from, shape.to).toArray();
        for (Type type : List.of(Type.FLOAT32, Type.FLOAT64)) {
            var plan = check(type, shape, (scope, in) -> {
                Tensor y = Standardization.standardize(in.get(0), 0.1, shape.gone())
                        .values();
                return List.of(y.times(in.get(1)).sum(kept), in.get(1).sum(kept));
            });
            assertThat(plan.entries())
                    .as("%s", plan)
                    .anyMatch(entry -> entry.work() instanceof Computation.Stage stage
                            && stage.passes().stream()
                                    .anyMatch(pass -> pass.work().isClosing()));
        }
    }

    private static Plan check(Type type, Case shape, StepFunction function) {
        int[] sizes = shape.shape.sizes();
        Array[] inputs = {Networks.batch(type, sizes)[0], Networks.batch(type, sizes)[0]};
        List<Array> expected = new Session(1, type).eagerly(Mode.EVAL, function, inputs);
        List<Array> first = List.of();
        List<Plan> plans = new ArrayList<>();
        for (int threads : new int[] {1, 3}) {
            Step step = new Session(1, type, threads).step("slices", Mode.EVAL, function);
            Plan plan = step.plan(Stream.of(inputs).map(Array::type).toList());
            assertThat(plan.entries().stream().anyMatch(entry -> entry.work() instanceof Computation.Stage))
                    .as("%s", plan)
                    .isEqualTo(shape.isInOnePlace());
            List<Array> found = step.run(inputs);
            for (int i = 0; i < found.size(); i++) {
                Rounding.of(plan, type).check(shape + " " + threads, found.get(i), expected.get(i));
                if (threads > 1) {
                    assertThat(found.get(i).toDoubles())
                            .as("%s, %d threads", shape, threads)
                            .containsExactly(first.get(i).toDoubles());
                }
            }
            first = found;
            plans.add(plan);
        }
        return plans.getFirst();
    }

    /// The exponentials of a softmax are stored where the result will be, in working memory or in a state, bits being the same.
    @Test
    void exponentialsWaitWhereTheResultWillBe() {
        Array x = Networks.batch(Type.FLOAT32, 257, 131)[0];
        for (int threads : new int[] {1, 3}) {
            Session session = new Session(1, Type.FLOAT32, threads);
            Step plain = session.step("softmax", Mode.EVAL, (_, in) -> List.of(Softmax.softmax(in.get(0), 1)));
            Step kept = session.step("kept", Mode.TRAIN, (scope, in) -> {
                Tensor y = Softmax.softmax(in.get(0), 1);
                scope.assign(scope.buffer("y", y.type(), Initial.constant(0)), y);
                return List.of();
            });
            for (Step step : List.of(plain, kept)) {
                Plan plan = step.plan(List.of(x.type()));
                List<Plan.Entry> passes = plan.passes();
                assertThat(passes)
                        .as("%s", plan)
                        .extracting(Plan.Entry::label)
                        .anyMatch(label -> label.startsWith("sub exp"));
                Plan.Entry exponentials = passes.stream()
                        .filter(pass -> pass.label().startsWith("sub exp"))
                        .findFirst()
                        .orElseThrow();
                assertThat(exponentials.writes())
                        .as("%s", plan)
                        .isEqualTo(passes.getLast().writes());
            }
            kept.run(x);
            assertThat(session.state("y").toDoubles())
                    .as("%d threads", threads)
                    .containsExactly(plain.run(x).getFirst().toDoubles());
        }
    }

    /// What may fail runs before any state is written, even if it could run with the stage that writes one.
    @Test
    void exponentialsDoNotWaitInAStateBeforeWhatMayFail() {
        Array x = Networks.batch(Type.FLOAT32, 257, 131)[0];
        Array counts = Array.zeros(new TensorType(Type.INT32, x.shape()));
        Session session = new Session(1, Type.FLOAT32, 3);
        Step step = session.step("kept", Mode.TRAIN, (scope, in) -> {
            Tensor y = Softmax.softmax(in.get(0), 1);
            scope.assign(scope.buffer("y", y.type(), Initial.constant(0)), y);
            return List.of(in.get(1).plus(1));
        });
        assertThat(step.run(x, counts).getFirst().toDoubles()).containsOnly(1);
        double[] sums = new double[257];
        double[] y = session.state("y").toDoubles();
        for (int i = 0; i < y.length; i++) {
            sums[i / 131] += y[i];
        }
        assertThat(sums).usingComparatorWithPrecision(1e-5).containsOnly(1);
    }
}
