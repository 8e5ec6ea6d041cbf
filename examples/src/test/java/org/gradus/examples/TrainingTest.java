package org.gradus.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.gradus.data.DataFiles;
import org.gradus.data.Examples;
import org.gradus.data.Reading;
import org.gradus.data.Split;
import org.junit.jupiter.api.Test;

/// The examples that train, each at a small size: the loss that it must reach.
class TrainingTest {
    private static final Path DATA =
            Path.of("").toAbsolutePath().getParent().resolveSibling("shared").resolve("data");

    @Test
    void irises() {
        assertThat(TrainIris.train(60).get("loss")).isLessThan(0.25);
    }

    @Test
    void aLayerOfOnesOwn() {
        assertThat(CustomLayer.train(8).get("loss")).isLessThan(0.25);
    }

    @Test
    void mnist() {
        assertThat(TrainMnist.train(some("mnist", 3000, 500), 1).get("loss")).isLessThan(0.6);
    }

    /// After three epochs over 400 photos little is learnt, but less is wrong than by chance, which is log(10) = 2.3.
    @Test
    void cifar() {
        assertThat(TrainCifar.train(some("cifar-10", 600, 200), 8, 4).get("loss"))
                .isLessThan(2.3);
    }

    /// The first examples of a data set.
    private static Split some(String name, int training, int rest) {
        Path folder = DATA.resolve(name);
        assumeTrue(Files.isDirectory(folder), () -> "Skipped: " + folder + " is not there.");
        DataFiles files = DataFiles.read(folder, Reading.DEFAULT);
        return new Split(
                part(files.training(), 0, training),
                part(files.training(), training, training + rest),
                part(files.training(), training + rest, training + 2 * rest));
    }

    private static Examples part(Examples all, int from, int to) {
        return all.part(IntStream.range(from, to).toArray());
    }
}
