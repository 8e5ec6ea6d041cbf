package org.gradus.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.gradus.bench.side.Numbers;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Weights;
import org.gradus.bench.side.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {
    @TempDir
    private Path folder;

    /// The others take too long for a build; a wrong one shows when it is timed.
    @ParameterizedTest
    @ValueSource(strings = {"gemm-64", "gemm-64x10x256-nt", "gemm-10x256x64-tn", "mlp", "lenet", "lenet-infer-1"})
    void aRowRunsAndGivesNumbers(String name) {
        Work work = GradusSide.work(Row.of(name), 2, folder.resolve(name));

        float[] check = work.check();

        assertThat(check).isNotEmpty().doesNotContain(0f, Float.NaN);
        assertThat(work.flops()).isPositive();
    }

    @Test
    void trainingLowersTheLossAndWritesTheWeightsThatItStartsWith() {
        Path file = folder.resolve("mlp");

        float[] losses = GradusSide.work(Row.of("mlp"), 1, file).check();

        assertThat(losses).hasSize(Numbers.STEPS);
        assertThat(losses[Numbers.STEPS - 1]).isLessThan(losses[0]);
        assertThat(Weights.read(file))
                .containsOnlyKeys("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias");
        assertThat(Weights.read(file).get("2.weight").sizes()).containsExactly(256, 512);
    }

    @Test
    void aColdStartWritesNothing() {
        GradusSide.work(Row.COLD, 1, folder.resolve("cold")).run();

        assertThat(Files.exists(folder.resolve("cold"))).isFalse();
    }

    @Test
    void theProductOfARowIsReadFromItsName() {
        assertThat(org.gradus.bench.side.Product.of(Row.of("gemm-64x512x784-nt"))
                        .right())
                .containsExactly(512, 784);
        assertThat(org.gradus.bench.side.Product.of(Row.of("gemm-128")).left()).containsExactly(128, 128);
    }

    @Test
    void axesArePutInAnotherOrder() {
        float[] numbers = {0, 1, 2, 3, 4, 5};

        assertThat(Numbers.permuted(numbers, new int[] {2, 3}, 1, 0)).containsExactly(0, 3, 1, 4, 2, 5);
    }
}
