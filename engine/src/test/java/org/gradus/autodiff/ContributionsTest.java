package org.gradus.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Node;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.ops.Views;
import org.junit.jupiter.api.Test;

/// How many contributions to one cotangent become a sum.
class ContributionsTest {
    private static final int STEPS = 6;

    /// Each slice of the last axis is used in its own way, in another order than they lie.
    private static Tensor slices(Tensor x) {
        Tensor sum = Views.select(x, 1, 3).tanh().sum();
        for (int i : new int[] {5, 0, 2, 4, 1}) {
            sum = sum.plus(Views.select(x, 1, i).tanh().times(i + 1).sum());
        }
        return sum;
    }

    /// The first slice is used twice, and the last one not at all.
    private static Tensor overlapping(Tensor x) {
        Tensor sum = Views.select(x, 1, 0).times(Views.select(x, 1, 0)).sum();
        for (int i = 0; i < STEPS - 1; i++) {
            sum = sum.plus(Views.select(x, 1, i).tanh().sum());
        }
        return sum;
    }

    /// A state of 2 rows that goes through the same weight again and again.
    private static Tensor loop(Tensor weight) {
        Tensor state =
                weight.tracer().constant(Array.of(Shape.of(2, 6), .1, -.2, .3, .5, .7, -.4, .2, .6, -.1, .4, -.3, .8));
        for (int i = 0; i < STEPS; i++) {
            state = state.matmul(weight).tanh();
        }
        return state.sum();
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        for (UnaryOperator<Tensor> f : List.<UnaryOperator<Tensor>>of(
                ContributionsTest::slices, ContributionsTest::overlapping, ContributionsTest::loop)) {
            GradientCheck.of(f, Eager.tensor(numbers())).demand(1e-6);
        }
    }

    @Test
    void partsAreJoinedInsteadOfFilledUp() {
        assertThat(ops(ContributionsTest::slices)).contains("concat").doesNotContain("pad");
        assertThat(ops(ContributionsTest::overlapping)).doesNotContain("concat").contains("pad");
    }

    @Test
    void productsOfOneWeightAreOneProduct() {
        long forward = STEPS;
        long toStates = STEPS - 1;
        assertThat(ops(ContributionsTest::loop).stream().filter("matmul"::equals))
                .hasSize((int) (forward + toStates + 1));
    }

    private static Array numbers() {
        Array array = Array.zeros(new TensorType(Type.FLOAT64, Shape.of(6, STEPS)));
        Random random = new Random(3);
        for (int i = 0; i < array.count(); i++) {
            array.set(i, random.nextGaussian() / 2);
        }
        return array;
    }

    /// The ops of a function's gradient.
    private static List<String> ops(UnaryOperator<Tensor> f) {
        Trace trace = new Trace();
        Tensor x = trace.input("x", new TensorType(Type.FLOAT64, Shape.of(6, STEPS)));
        return trace.finish(Reverse.gradients(f.apply(x), List.of(x))).live().stream()
                .map(Node::op)
                .map(org.gradus.graph.Op::name)
                .toList();
    }
}
