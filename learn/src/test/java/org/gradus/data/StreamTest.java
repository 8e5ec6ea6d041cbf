package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.GradusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Images that stay in their files are the same as those in memory.
@Timeout(60)
class StreamTest {
    private static final Reading STREAM = Reading.DEFAULT.withStream(true);

    @TempDir
    private Path folder;

    @Test
    void cifarOfSeveralFilesPackedAndNot() throws IOException {
        Files.write(folder.resolve("data_batch_1.bin"), distinct(ImageFiles.cifar(1, 0, 2, 1, 0)));
        Files.write(folder.resolve("data_batch_2.bin.gz"), ImageFiles.gzip(distinct(ImageFiles.cifar(2, 1, 0, 2))));
        Files.write(folder.resolve("test_batch.bin"), distinct(ImageFiles.cifar(2)));

        same(9);
    }

    @Test
    void idx() throws IOException {
        int[] pixels = new int[18];
        Arrays.setAll(pixels, i -> 13 * i);
        ImageFiles.idxPair(folder, "train", pixels, 0, 1, 2, 0, 1, 2, 0, 1, 2);
        Path images = folder.resolve("train-images-idx3-ubyte");
        same(9);

        Files.write(folder.resolve("train-images-idx3-ubyte.gz"), ImageFiles.gzip(Files.readAllBytes(images)));
        Files.delete(images);
        same(9);
    }

    @Test
    void pictures() throws IOException {
        for (int i = 0; i < 4; i++) {
            ImageFiles.picture(
                    folder.resolve("a/" + i + ".png"), BufferedImage.TYPE_INT_RGB, 0x102030 * (i + 1), 0x334455);
            ImageFiles.picture(
                    folder.resolve("b/" + i + ".png"), BufferedImage.TYPE_INT_RGB, 0x0a0b0c * (i + 1), 0x665544);
        }
        same(8);
        Path broken = Files.writeString(folder.resolve("b/3.png"), "no picture");

        Dataset stream = DataFiles.read(folder, STREAM).training(); // is decoded when it is asked for
        assertThat(stream.batch(0, 6).size()).isEqualTo(2);
        assertThatThrownBy(() -> stream.batch(7)).hasMessageContaining(broken.toString());
    }

    @Test
    void damagedFilesAreTold() throws IOException {
        ImageFiles.idxPair(folder, "train", new int[] {1, 2, 3}, 0, 1);
        assertThatThrownBy(() -> DataFiles.read(folder, STREAM))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo("idx-length"))
                .hasMessageContaining(
                        "train-images-idx3-ubyte` should have 20 bytes for 4 bytes [2, 1, 2], but has 19");
        Path cifar = Files.createDirectory(folder.resolve("cifar"));
        Files.write(cifar.resolve("data_batch_1.bin"), new byte[4000]);
        assertThatThrownBy(() -> DataFiles.read(cifar, STREAM)).hasMessageContaining("927 are left over");
        byte[] packed = ImageFiles.gzip(ImageFiles.cifar(1));
        Files.delete(cifar.resolve("data_batch_1.bin"));
        Files.write(cifar.resolve("data_batch_1.bin.gz"), Arrays.copyOf(packed, packed.length / 2));
        assertThatThrownBy(() -> DataFiles.read(cifar, STREAM)).hasMessageContaining("break off");
    }

    /// 2.4 GB that are not there: most of the file is a hole. No array could hold them.
    @Test
    void moreThanAnArrayCanHold() throws IOException {
        int count = 600_000;
        int side = 64;
        try (RandomAccessFile images =
                new RandomAccessFile(folder.resolve("train-images-idx3-ubyte").toFile(), "rw")) {
            images.write(ByteBuffer.allocate(16)
                    .putInt(0x803)
                    .putInt(count)
                    .putInt(side)
                    .putInt(side)
                    .array());
            images.setLength(16 + (long) count * side * side);
            images.seek(16 + (long) (count - 1) * side * side);
            images.write(new byte[] {51, (byte) 255});
        }
        byte[] labels = new byte[8 + count];
        ByteBuffer.wrap(labels).putInt(0x801).putInt(count);
        Arrays.fill(labels, 8 + count / 2, labels.length, (byte) 1);
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels);

        DataFiles data = DataFiles.read(folder, STREAM);

        assertThat(data.training().size()).isEqualTo(count);
        Batch batch = data.training().batch(count - 1, 0);
        assertThat(batch.features().get(0)).isEqualTo(51 / 255f);
        assertThat(batch.features().get(1)).isEqualTo(1);
        assertThat(batch.labels().toLongs()).containsExactly(1, 0);
        Split split = data.split(1);
        assertThat(split.training().size()).isEqualTo(360_000);
        assertThat(split.test().batch(119_999).size()).isEqualTo(1);
        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT)).hasMessageContaining("stream = true");
    }

    private void same(int size) {
        DataFiles memory = DataFiles.read(folder, Reading.DEFAULT);
        DataFiles stream = DataFiles.read(folder, STREAM);

        assertThat(stream.form()).isEqualTo(memory.form());
        assertThat(stream.classes()).isEqualTo(memory.classes());
        assertThat(stream.training().size()).isEqualTo(size);
        same(stream.training(), memory.training());
        if (memory.test() != null) {
            same(stream.test(), memory.test());
        }
        Scaling scaling = Scaling.standardizing(memory.training());
        assertThat(Scaling.standardizing(stream.training()).centers()).isEqualTo(scaling.centers());
        Split some = Split.of(stream.training(), 1, 0.5, 0.5);
        Split expected = Split.of(memory.training(), 1, 0.5, 0.5);
        same(scaling.apply(some.training()), scaling.apply(expected.training()));
        same(scaling.apply(some.validation()), scaling.apply(expected.validation()));
        assertThatThrownBy(() -> some.training().batch(size)).hasMessageContaining("Example " + size + " was asked");
    }

    private static void same(Examples one, Examples other) {
        int[] backwards = new int[one.size()];
        Arrays.setAll(backwards, i -> one.size() - 1 - i);
        List<int[]> batches = Order.batches(backwards, 2);
        for (int threads : new int[] {1, 3}) {
            try (Prefetch ahead = new Prefetch(one, batches, 3, threads)) {
                for (int[] positions : batches) {
                    Batch batch = ahead.next();
                    Batch expected = other.batch(positions);
                    assertThat(batch.features().storage())
                            .isEqualTo(expected.features().storage());
                    assertThat(batch.labels().storage())
                            .isEqualTo(expected.labels().storage());
                }
            }
        }
    }

    /// The records with other pixels each.
    private static byte[] distinct(byte[] records) {
        for (int i = 0; i < records.length; i++) {
            if (i % 3073 != 0) {
                records[i] = (byte) (i * 31 + i / 3073 * 7);
            }
        }
        return records;
    }
}
