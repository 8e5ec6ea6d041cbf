package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.kernel.Kernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The last batch of an epoch is shorter than the others, and must not wait for a compiler.
class ShorterBatchTest {
    private enum Case {
        MLP(Networks.perceptron(512, 256, 10), 784),
        LENET(Networks.lenet(), 1, 28, 28),
        CONVNET(Networks.normalised(32, 64, 128), 3, 32, 32),
        RESNET20(Networks.residual(3), 3, 32, 32);

        private final Networks.Model model;
        private final List<Integer> example;

        Case(Networks.Model model, Integer... example) {
            this.model = model;
            this.example = List.of(example);
        }

        Array[] batch(int size) {
            int[] sizes = new int[example.size() + 1];
            sizes[0] = size;
            for (int i = 0; i < example.size(); i++) {
                sizes[i + 1] = example.get(i);
            }
            return Networks.batch(Type.FLOAT32, sizes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void makesNoKernel(Case network) {
        Step step = new Session(1, Type.FLOAT32).step("train", Mode.TRAIN, Networks.training(network.model));
        plan(step, network.batch(64));
        for (int size : new int[] {17, 1, 63}) {
            long before = Kernels.made();
            plan(step, network.batch(size));
            assertThat(Kernels.made() - before)
                    .as("kernels for a batch of " + size)
                    .isZero();
        }
    }

    /// Nor do the steps themselves, once they run.
    @ParameterizedTest
    @EnumSource(names = {"MLP", "LENET"})
    void runsWithoutNewKernels(Case network) {
        Step step = new Session(1, Type.FLOAT32).step("train", Mode.TRAIN, Networks.training(network.model));
        step.run(network.batch(64));
        long before = Kernels.made();
        for (int size : new int[] {17, 1, 63}) {
            step.run(network.batch(size));
        }
        assertThat(Kernels.made()).isEqualTo(before);
    }

    /// Makes all kernels, and runs none: what a step computes does not matter here.
    private static void plan(Step step, Array... batch) {
        step.plan(Arrays.stream(batch).map(Array::type).toList());
    }
}
