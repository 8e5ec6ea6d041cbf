package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.autodiff.Reverse;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.graph.View;
import org.gradus.ops.Activations;
import org.gradus.ops.Softmax;
import org.gradus.ops.Views;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static Plan plan(UnaryOperator<Tensor> f) {
        Trace trace = new Trace();
        Tensor x = trace.input("x", TensorType.of(Type.FLOAT32, 4, 6));
        return Plan.of(trace.finish(List.of(f.apply(x))));
    }

    private static String firstOp(Plan.Entry entry) {
        return entry.label().substring(0, entry.label().indexOf(' '));
    }

    /// A fusion decision shows up here as a difference.
    @Test
    void aChainOfMapsAndItsGradientAreOneKernel() {
        Trace trace = new Trace();
        TensorType type = TensorType.of(Type.FLOAT32, 1024);
        Tensor x = trace.input("x", type);
        Tensor a = trace.input("a", type);
        Tensor y = x.times(a).plus(1).tanh().times(x.sigmoid());
        Plan plan = Plan.of(
                trace.finish(List.of(y, Reverse.gradients(y.sum(), List.of(x)).get(0))));
        assertThat(plan.toString().replaceAll("\\w+\\.java:\\d+", "").replaceAll(" +", " "))
                .isEqualTo("""
                 # kernel output bytes flop
                 0 mul add tanh sigmoid mul mul-gradient mul-gradient sigmoi… float32[1024] 16,388 16,384
                1 kernels, 2 values in, 2 out, 0 states written, 8,192 bytes of working memory
                """);
    }

    @Test
    void viewsAreReadByStrides() {
        Plan plan = plan(x -> Views.flip(x.permute(1, 0), 0).plus(1));
        assertThat(plan.entries()).hasSize(1);
        Computation.Loop loop = (Computation.Loop) plan.entries().get(0).work();
        assertThat(loop.reads().get(0).start()).isEqualTo(5);
        assertThat(loop.reads().get(0).strides()).containsExactly(-1, 6);
    }

    @Test
    void whatStridesCannotSayIsCopiedOnce() {
        Plan plan = plan(x ->
                x.permute(1, 0).reshape(24).plus(x.permute(1, 0).reshape(24).times(2)));
        assertThat(plan.entries()).extracting(PlanTest::firstOp).containsExactly("copy", "mul");
    }

    @Test
    void equalNodesAndOnesThatChangeNothingDisappear() {
        Plan plan = plan(x -> x.exp().sum(1).plus(x.exp().reshape(4, 6).sum(1)));
        assertThat(plan.entries()).extracting(PlanTest::firstOp).containsExactly("exp", "add");
    }

    @Test
    void turnedMatricesAreNotCopied() {
        Plan plan = plan(x -> x.matmul(x.transposed()));
        assertThat(plan.entries()).hasSize(1);
    }

    @Test
    void aFoldLeavesContractionsAlone() {
        Plan plan = plan(
                x -> Activations.relu(x.matmul(x.transposed()).plus(x.sum(1))).sum(1));
        assertThat(plan.entries()).extracting(PlanTest::firstOp).containsExactly("sum", "matmul", "sum");
        assertThat(plan.entries().get(1).label()).startsWith("matmul add relu");
    }

    @Test
    void definitionsAreExpanded() {
        assertThat(plan(x -> Softmax.softmax(x, 1)).entries())
                .noneMatch(entry -> entry.label().startsWith("softmax"));
    }

    @Test
    void memoryIsReused() {
        Plan plan = plan(x -> {
            Tensor y = x;
            for (int i = 0; i < 20; i++) {
                y = y.sum(1).reshape(4, 1).broadcastTo(x.shape()).plus(y);
            }
            return y;
        });
        assertThat(plan.arenaBytes()).isLessThanOrEqualTo(4 * (2 * 32 + 2 * 16));
    }

    @Test
    void aLoopWritesOverWhatItReadsLast() {
        Plan plan = plan(x -> x.matmul(x.transposed()).tanh().matmul(x));
        assertThat(plan.entries()).extracting(PlanTest::firstOp).containsExactly("matmul", "tanh", "matmul");
        assertThat(plan.entries().get(1).writes())
                .isEqualTo(plan.entries().get(1).reads());
    }

    @Test
    void aLoopLeavesWhatIsReadOnceMoreOrElsewhere() {
        List<UnaryOperator<Tensor>> functions = List.of(y -> y.tanh().matmul(y), y -> {
            Tensor sum = y.plus(Views.flip(y, 0));
            return sum.matmul(sum);
        });
        for (UnaryOperator<Tensor> function : functions) {
            Plan plan = plan(x -> function.apply(x.matmul(x.transposed())));
            assertThat(plan.entries()).hasSize(3);
            assertThat(plan.entries().get(1).writes())
                    .doesNotContainAnyElementsOf(plan.entries().get(1).reads());
        }
    }

    @Test
    void walksComposeThroughViews() {
        Walk walk = Walk.of(new Value(TensorType.of(Type.FLOAT32, 4, 6), Order.rows(2), false));
        Walk slice = walk.through(new View.Slice(List.of(1, 0), List.of(2, 3), List.of(1, 2)));
        assertThat(slice).isNotNull();
        assertThat(slice.start()).isEqualTo(6);
        assertThat(slice.strides()).containsExactly(6, 2);
        assertThat(slice.order()).isEqualTo(Order.rows(2));
        Walk flipped = slice.through(new View.Flip(List.of(1)));
        assertThat(flipped).isNotNull();
        assertThat(flipped.start()).isEqualTo(10);
        assertThat(flipped.strides()).containsExactly(6, -2);
        assertThat(flipped.order()).isNull();
        assertThat(flipped.through(new View.Reshape(org.gradus.base.Shape.of(6))))
                .isNull();
    }
}
