package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Reduce;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.plan.Computation;
import org.gradus.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/// Folds with a body over every choice of axes, of arguments that are broadcast along every other choice, against the
/// interpreter. All numbers are small powers of two, those that are broadcast signs alone, so that sums and products are
/// exact in any order, and must be equal.
class FoldsTest {
    private static final List<Reduce.Kind> KINDS =
            List.of(Reduce.Kind.SUM, Reduce.Kind.PROD, Reduce.Kind.MAX, Reduce.Kind.MIN);

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void everyChoiceOfAxes(Type type) {
        int folds = 0;
        for (Shape shape : List.of(
                Shape.of(67), Shape.of(7, 19), Shape.of(5, 3, 17), Shape.of(3, 4, 1, 7), Shape.of(2, 3, 4, 5, 3))) {
            for (int chosen = 1; chosen < 1 << shape.rank(); chosen++) {
                folds += check(type, shape, axes(shape, chosen), KINDS);
            }
        }
        assertThat(folds).isGreaterThan(200);
    }

    /// Long enough to be folded in parts: by rows, by columns, from both sides, and of nothing.
    static final List<Shape> LONG = List.of(
            Shape.of(32_771),
            Shape.of(3, 20_011),
            Shape.of(20_011, 3),
            Shape.of(97, 2, 211),
            Shape.of(11, 61, 67),
            Shape.of(0, 5),
            Shape.of(5, 0));

    @ParameterizedTest
    @FieldSource("LONG")
    void inParts(Shape shape) {
        for (int chosen = 1; chosen < 1 << shape.rank(); chosen++) {
            List<Integer> axes = axes(shape, chosen);
            boolean isEmpty = axes.stream().anyMatch(axis -> shape.size(axis) == 0);
            check(
                    Type.FLOAT32,
                    shape,
                    axes,
                    isEmpty
                            ? List.of(Reduce.Kind.SUM, Reduce.Kind.PROD)
                            : List.of(Reduce.Kind.SUM, Reduce.Kind.MAX, Reduce.Kind.MIN));
        }
    }

    /// A literal may be read by a kernel that was made for one number for each row: with the same bits, whether that one
    /// was there or not.
    @Test
    void literalsGoByKernelsForRows() {
        int[] sizes = {300, 700};
        Array[] inputs = {Networks.batch(Type.FLOAT32, sizes)[0], Networks.batch(Type.FLOAT32, 300, 1)[0]};
        StepFunction literal =
                (scope, in) -> List.of(Elementwise.abs(in.get(0).plus(0.3)).sum(1));
        StepFunction byRow = (scope, in) ->
                List.of(Elementwise.abs(in.get(0).plus(in.get(1))).sum(1));
        double[] before = run(literal, inputs[0]).toDoubles();
        run(byRow, inputs);

        assertThat(run(literal, inputs[0]).toDoubles()).containsExactly(before);
        Array expected = new Session(1, Type.FLOAT32)
                .eagerly(Mode.EVAL, literal, inputs[0])
                .getFirst();
        assertThat(before).containsExactly(expected.toDoubles(), within(700 * 700 * 0x1p-23));
    }

    private static Array run(StepFunction function, Array... inputs) {
        return new Session(1, Type.FLOAT32, 1)
                .step("folds", Mode.EVAL, function)
                .run(inputs)
                .getFirst();
    }

    private static List<Integer> axes(Shape shape, int chosen) {
        return IntStream.range(0, shape.rank())
                .filter(axis -> (chosen >> axis & 1) == 1)
                .boxed()
                .toList();
    }

    /// Folds negative products with an argument that is broadcast along each choice of axes, which are no factors to be
    /// multiplied later, and gives the number of folds.
    private static int check(Type type, Shape shape, List<Integer> axes, List<Reduce.Kind> kinds) {
        Random random = new Random(shape.hashCode() * 31L + axes.hashCode());
        List<Array> inputs = new ArrayList<>(List.of(values(type, shape, random, -2, -1, -0.5, 0.5, 1, 2)));
        for (int still = 0; still < 1 << shape.rank(); still++) {
            Shape narrow = shape;
            for (int axis : axes(shape, still)) {
                narrow = narrow.with(axis, Math.min(1, shape.size(axis)));
            }
            inputs.add(values(type, narrow, random, -1, 1));
        }
        StepFunction function = (scope, in) -> {
            List<Tensor> results = new ArrayList<>();
            for (Reduce.Kind kind : kinds) {
                for (Tensor other : in.subList(1, in.size())) {
                    results.add(fold(kind, axes, in.get(0).times(other).times(-1)));
                }
                results.add(fold(kind, axes, in.get(0).permute(backwards(shape)).permute(backwards(shape))));
            }
            return results;
        };
        Array[] given = inputs.toArray(Array[]::new);
        List<Array> expected = new Session(1, type).eagerly(Mode.EVAL, function, given);
        Step step = new Session(1, type, 3).step("folds", Mode.EVAL, function);
        List<Array> found = step.run(given);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).toDoubles())
                    .as("%s %s over %s, result %d", type, shape, axes, i)
                    .containsExactly(expected.get(i).toDoubles());
        }
        List<TensorType> types = Arrays.stream(given).map(Array::type).toList();
        assertThat(step.explain(types)).contains("all on kernels");
        Plan plan = step.plan(types);
        return (int) plan.entries().stream()
                .filter(entry -> entry.work() instanceof Computation.Fold)
                .count();
    }

    private static Tensor fold(Reduce.Kind kind, List<Integer> axes, Tensor x) {
        return x.tracer().applyOne(new Reduce(kind, axes), x);
    }

    private static int[] backwards(Shape shape) {
        return IntStream.range(0, shape.rank())
                .map(axis -> shape.rank() - 1 - axis)
                .toArray();
    }

    private static Array values(Type type, Shape shape, Random random, double... powers) {
        Array values = Array.zeros(new TensorType(type, shape));
        for (int i = 0; i < values.count(); i++) {
            values.set(i, powers[random.nextInt(powers.length)]);
        }
        return values;
    }
}
