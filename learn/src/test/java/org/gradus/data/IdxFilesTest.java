package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {
    private static final int[] PIXELS = {0, 51, 102, 153, 204, 255};

    @TempDir
    private Path folder;

    @Test
    void readsAFolder() throws IOException {
        ImageFiles.idxPair(folder, "train", PIXELS, 0, 2, 1);
        ImageFiles.idxPair(folder, "t10k", new int[] {255, 0}, 3);

        DataFiles data = DataFiles.read(folder, Reading.DEFAULT);

        assertThat(data.form()).isEqualTo(new Form.Image(1, 1, 2)).hasToString("2x1 gray");
        assertThat(data.classes()).containsExactly("0", "1", "2", "3");
        assertThat(data.training().features().shape()).isEqualTo(Shape.of(3, 1, 1, 2));
        assertThat(data.training().features().storage())
                .isEqualTo(new float[] {0, 51 / 255f, 102 / 255f, 153 / 255f, 204 / 255f, 1});
        assertThat(data.training().labels().toLongs()).containsExactly(0, 2, 1);
        assertThat(data.test().features().toDoubles()).containsExactly(1, 0);
        assertThat(data.test().labels().toLongs()).containsExactly(3);
    }

    @Test
    void readsPackedFilesAndPairsOfThem() throws IOException {
        Path images = folder.resolve("my-images.idx3-ubyte.gz");
        Path labels = folder.resolve("my-labels.idx1-ubyte");
        Files.write(images, ImageFiles.gzip(ImageFiles.idx(new int[] {3, 1, 2}, PIXELS)));
        Files.write(labels, ImageFiles.idx(new int[] {3}, 0, 1, 0));

        for (Path file : List.of(images, labels)) {
            DataFiles data = DataFiles.read(file, Reading.DEFAULT.withClasses(List.of("no", "yes", "perhaps")));
            assertThat(data.training().size()).isEqualTo(3);
            assertThat(data.classes()).containsExactly("no", "yes", "perhaps");
            assertThat(data.test()).isNull();
        }
    }

    @Test
    void wrongAndDamagedFilesAreTold() throws IOException {
        byte[] images = ImageFiles.idx(new int[] {3, 1, 2}, PIXELS);
        byte[] labels = ImageFiles.idx(new int[] {3}, 0, 1, 0);

        rejected(new byte[] {'X', 'X', 'X', 'X'}, labels, "idx-magic")
                .hasMessageContaining("begins with the bytes 58 58 58 58 instead of 00 00 08 03");
        rejected(labels, labels, "idx-magic").hasMessageContaining("train-images-idx3-ubyte` is no IDX file of images");
        rejected(images, images, "idx-magic").hasMessageContaining("train-labels-idx1-ubyte` is no IDX file of labels");
        rejected(new byte[0], labels, "file-empty").hasMessageContaining("train-images-idx3-ubyte` is empty");
        rejected(Arrays.copyOf(images, 10), labels, "idx-length").hasMessageContaining("within its header");
        rejected(Arrays.copyOf(images, images.length - 2), labels, "idx-length")
                .hasMessageContaining("should hold 6 bytes [3, 1, 2], but ends after 4 of them");
        rejected(Arrays.copyOf(images, images.length + 1), labels, "idx-length")
                .hasMessageContaining("goes on behind them");
        rejected(images, ImageFiles.idx(new int[] {4}, 0, 1, 0, 1), "idx-pair")
                .hasMessageContaining("has 3 images, but `")
                .hasMessageContaining("has 4 labels");
        rejected(ImageFiles.idx(new int[] {0, 28, 28}), labels, "examples-none").hasMessageContaining("0 x 28 x 28");
        rejected(images, ImageFiles.idx(new int[] {3}, 0, 200, 1), "label-range")
                .hasMessageContaining("record 1, has the label 200, but no image has the label 2.");
    }

    /// What a header claims costs nothing: the largest array that fits would be 2 GB.
    @Test
    void aHeaderIsNotBelieved() throws IOException {
        byte[] labels = ImageFiles.idx(new int[] {3}, 0, 1, 0);

        rejected(ImageFiles.idx(new int[] {-1, -1, -1}, PIXELS), labels, "data-size")
                .hasMessageContaining("4294967295 x 4294967295 x 4294967295 bytes");
        for (boolean packed : new boolean[] {false, true}) {
            byte[] claim = ImageFiles.idx(new int[] {2_000_000, 32, 32}, PIXELS);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            rejected(packed ? ImageFiles.gzip(claim) : claim, labels, "idx-length")
                    .hasMessageContaining("should hold 2048000000 bytes [2000000, 32, 32], but ends after 6 of them");
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
        }
    }

    @Test
    void damagedGzipIsTold() throws IOException {
        byte[] labels = ImageFiles.idx(new int[] {3}, 0, 1, 0);
        byte[] packed = ImageFiles.gzip(ImageFiles.idx(new int[] {3, 1, 2}, PIXELS));

        for (int length = 2; length < packed.length; length++) {
            rejected(Arrays.copyOf(packed, length), labels, "gzip-damaged").hasMessageContaining("before their end");
        }
        packed[packed.length - 7] ^= 1; // its checksum
        rejected(packed, labels, "gzip-damaged").hasMessageContaining("cannot be unpacked");
    }

    @Test
    void labelsLieBesideImages() throws IOException {
        ImageFiles.idxPair(folder, "train", PIXELS, 0, 2, 1);
        Files.delete(folder.resolve("train-labels-idx1-ubyte"));

        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT))
                .hasMessageContaining("train-images-idx3-ubyte` has images, but no file of labels lies beside it:"
                        + " `train-labels-idx1-ubyte`, with or without `.gz`");
    }

    @Test
    void testImagesAreOfTheSameFormAndClasses() throws IOException {
        ImageFiles.idxPair(folder, "train", PIXELS, 0, 2, 1);
        ImageFiles.idxPair(folder, "t10k", new int[] {1, 2}, 3);

        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT.withClasses(List.of("a", "b", "c"))))
                .hasMessageContaining("t10k-labels-idx1-ubyte`, record 0, has the label 3, but there are 3 classes");
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), ImageFiles.idx(new int[] {1, 1, 3}, 1, 2, 3));
        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT))
                .hasMessageContaining("has images of 3x1 pixels, but")
                .hasMessageContaining("of 2x1");
    }

    @Test
    void readsMnist() {
        DataFiles data = DataFiles.read(Shared.data("mnist"), Reading.DEFAULT);

        assertThat(data.form()).isEqualTo(new Form.Image(1, 28, 28));
        assertThat(data.training()).hasToString("60000 examples [1, 28, 28]");
        assertThat(data.test()).hasToString("10000 examples [1, 28, 28]");
        assertThat(counts(data.training())).containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
        assertThat(counts(data.test())).containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
        Scaling scaling = Scaling.standardizing(data.training());
        assertThat(scaling.centers()).containsExactly(new double[] {0.1307}, within(5e-5));
        assertThat(scaling.spreads()).containsExactly(new double[] {0.3081}, within(5e-5));
        assertThat(data.split(0)).hasToString("[48000, 12000, 10000] examples");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> rejected(byte[] images, byte[] labels, String kind)
            throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), images);
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels);
        return assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(folder.toString());
    }

    private static long[] counts(Examples examples) {
        long[] counts = new long[10];
        for (long label : examples.labels().toLongs()) {
            counts[(int) label]++;
        }
        return counts;
    }
}
