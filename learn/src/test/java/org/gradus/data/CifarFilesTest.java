package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarFilesTest {
    @TempDir
    private Path folder;

    @Test
    void readsTheBatchesInTheOrderOfTheirNumbers() throws IOException {
        Files.write(folder.resolve("data_batch_10.bin"), ImageFiles.cifar(4));
        Files.write(folder.resolve("data_batch_2.bin.gz"), ImageFiles.gzip(ImageFiles.cifar(3, 2)));
        Files.write(folder.resolve("data_batch_1.bin"), ImageFiles.cifar(1));
        Files.write(folder.resolve("data_batch_1.bin.gz"), ImageFiles.gzip(ImageFiles.cifar(1)));
        Files.write(folder.resolve("test_batch.bin"), ImageFiles.cifar(0, 9));
        Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");

        DataFiles data = DataFiles.read(folder, Reading.DEFAULT);

        assertThat(data.form()).isEqualTo(new Form.Image(3, 32, 32)).hasToString("32x32 RGB");
        assertThat(data.classes()).containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        assertThat(data.training().labels().toLongs()).containsExactly(1, 3, 2, 4);
        assertThat(data.training().batch(1).features().shape()).isEqualTo(Shape.of(1, 3, 32, 32));
        assertThat(data.training().batch(1).features().toDoubles()).containsOnly(30 / 255f);
        assertThat(data.test().labels().toLongs()).containsExactly(0, 9);
    }

    @Test
    void readsOneFile() throws IOException {
        Path file = Files.write(folder.resolve("test_batch.bin"), ImageFiles.cifar(0, 9));
        DataFiles data = DataFiles.read(file, Reading.DEFAULT);

        assertThat(data.training().size()).isEqualTo(2);
        assertThat(data.test()).isNull();
        assertThat(data.classes()).startsWith("airplane").endsWith("truck").hasSize(10);
    }

    @Test
    void damagedFilesAreTold() throws IOException {
        Path file = folder.resolve("data_batch_1.bin");
        Files.write(file, Arrays.copyOf(ImageFiles.cifar(1, 2), 6000));
        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT))
                .hasMessageStartingWith("`" + file + "` has 6000 bytes, but CIFAR-10 has records of 3073 bytes, and"
                        + " 2927 are left over.");
        Files.write(file, ImageFiles.cifar(1, 2, 10));
        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT))
                .hasMessageStartingWith("`" + file + "`, record 2, has the label 10, but there are 10 classes");
    }

    @Test
    void imagesAreNotRecoloured() throws IOException {
        Files.write(folder.resolve("data_batch_1.bin"), ImageFiles.cifar(1));
        Reading mnist = Reading.like(new Form.Image(1, 28, 28), List.of());

        assertThatThrownBy(() -> DataFiles.read(folder, mnist))
                .hasMessageStartingWith("`" + folder + "` has images of 32x32 RGB, but images of 1 channels, height 28"
                        + " and width 28 (0: any) are asked for.");
        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT.withColumns(List.of("a"))))
                .hasMessageContaining("but the columns [a] are asked for");
    }

    @Test
    void readsCifar() {
        DataFiles data = DataFiles.read(Shared.data("cifar-10"), Reading.DEFAULT);

        assertThat(data.training()).hasToString("10000 examples [3, 32, 32]");
        assertThat(data.test()).hasToString("10000 examples [3, 32, 32]");
        assertThat(data.classes()).startsWith("airplane", "automobile").hasSize(10);
        assertThat(data.test().labels().toLongs()).startsWith(3, 8, 8, 0, 6); // cat, ship, ship, airplane, frog
        // The means that are told of all 50,000 images; of 10,000 they differ by a few standard errors of about 0.0015.
        assertThat(Scaling.standardizing(data.training()).centers())
                .containsExactly(new double[] {0.4914, 0.4822, 0.4465}, within(0.006));
    }
}
