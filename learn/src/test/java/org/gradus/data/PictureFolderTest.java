package org.gradus.data;

import static java.awt.image.BufferedImage.TYPE_3BYTE_BGR;
import static java.awt.image.BufferedImage.TYPE_BYTE_BINARY;
import static java.awt.image.BufferedImage.TYPE_BYTE_GRAY;
import static java.awt.image.BufferedImage.TYPE_INT_ARGB;
import static java.awt.image.BufferedImage.TYPE_USHORT_GRAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFolderTest {
    @TempDir
    private Path folder;

    @Test
    void readsAFolderForEachClass() throws IOException {
        ImageFiles.picture(folder.resolve("dog/1.png"), TYPE_BYTE_GRAY, 0, 7);
        ImageFiles.picture(folder.resolve("cat/2.PNG.png"), TYPE_BYTE_GRAY, 100, 200);
        ImageFiles.picture(folder.resolve("cat/1.png"), TYPE_BYTE_GRAY, 50, 255);
        Files.writeString(folder.resolve("cat/notes.txt"), "no picture");
        Files.createDirectory(folder.resolve(".hidden"));

        DataFiles data = DataFiles.read(folder, Reading.DEFAULT);

        assertThat(data.form()).isEqualTo(new Form.Image(1, 1, 2));
        assertThat(data.classes()).containsExactly("cat", "dog");
        assertThat(data.training().labels().toLongs()).containsExactly(0, 0, 1);
        assertThat(bytes(data.training().features())).containsExactly(50, 255, 100, 200, 0, 7);
        assertThat(data.test()).isNull();
    }

    @Test
    void readsTrainAndTest() throws IOException {
        ImageFiles.picture(folder.resolve("train/a/1.png"), TYPE_BYTE_GRAY, 1, 2);
        ImageFiles.picture(folder.resolve("train/b/1.png"), TYPE_BYTE_GRAY, 3, 4);
        ImageFiles.picture(folder.resolve("test/b/1.png"), TYPE_BYTE_GRAY, 5, 6);

        DataFiles data = DataFiles.read(folder, Reading.DEFAULT);
        assertThat(data.training().size()).isEqualTo(2);
        assertThat(data.test().labels().toLongs()).containsExactly(1);
        assertThat(data.test().classes()).containsExactly("a", "b");

        Path large = ImageFiles.picture(folder.resolve("test/b/2.png"), TYPE_BYTE_GRAY, 5, 6, 7);
        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT))
                .hasMessageContaining("is a picture of 3x1 pixels, but 2x1 are needed");
        Files.delete(large);
        ImageFiles.picture(folder.resolve("test/c/1.png"), TYPE_BYTE_GRAY, 5, 6);
        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT))
                .hasMessageStartingWith(
                        "`" + folder.resolve("test/c") + "` is named after none of the classes [a, b].");
    }

    @Test
    void theFirstPictureOrTheReadingDecidesOnColours() throws IOException {
        ImageFiles.picture(folder.resolve("a/1.png"), TYPE_3BYTE_BGR, 0xff0000, 0x0000ff);
        ImageFiles.picture(folder.resolve("a/2.png"), TYPE_BYTE_GRAY, 10, 20);

        DataFiles coloured = DataFiles.read(folder, Reading.DEFAULT);
        assertThat(coloured.form()).isEqualTo(new Form.Image(3, 1, 2));
        assertThat(bytes(coloured.training().features())).containsExactly(255, 0, 0, 0, 0, 255, 10, 20, 10, 20, 10, 20);
        DataFiles gray = DataFiles.read(folder, Reading.DEFAULT.withChannels(1));
        assertThat(bytes(gray.training().features())).containsExactly(76, 29, 10, 20); // 0.299 and 0.114 of 255
    }

    /// As they stand in the file: Java's own conversion would make 50 of gray into 122.
    @Test
    void valuesAreThoseOfTheFile() throws IOException {
        int[] all = new int[256];
        Arrays.setAll(all, i -> i);
        Path gray = ImageFiles.picture(folder.resolve("gray.png"), TYPE_BYTE_GRAY, all);
        assertThat(bytes(Picture.read(gray, 0).features())).isEqualTo(all);

        BufferedImage deep = new BufferedImage(2, 1, TYPE_USHORT_GRAY);
        deep.getRaster().setSample(0, 0, 0, 0x7f33);
        deep.getRaster().setSample(1, 0, 0, 0xffff);
        ImageIO.write(deep, "png", folder.resolve("deep.png").toFile());
        assertThat(bytes(Picture.read(folder.resolve("deep.png"), 0).features()))
                .containsExactly(0x7f, 0xff);

        Path bits = ImageFiles.picture(folder.resolve("bits.png"), TYPE_BYTE_BINARY, 0xffffff, 0, 0xffffff);
        assertThat(bytes(Picture.read(bits, 0).features())).containsExactly(255, 0, 255);

        Path clear = ImageFiles.picture(folder.resolve("clear.png"), TYPE_INT_ARGB, 0x80102030, 0xff405060);
        assertThat(bytes(Picture.read(clear, 0).features())).containsExactly(0x10, 0x40, 0x20, 0x50, 0x30, 0x60);

        Path jpeg = ImageFiles.picture(folder.resolve("gray.jpg"), TYPE_BYTE_GRAY, 90, 90, 90, 90);
        assertThat(bytes(Picture.read(jpeg, 0).features())).containsExactly(90, 90, 90, 90);
    }

    /// Worked out by hand: a triangle of two old pixels' reach to either side, cut at the edges.
    @Test
    void picturesAreResizedWhenAsked() throws IOException {
        ImageFiles.picture(folder.resolve("a/1.png"), TYPE_BYTE_GRAY, 0, 80, 160, 240);
        ImageFiles.picture(folder.resolve("a/2.png"), TYPE_BYTE_GRAY, 100, 100);

        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT))
                .hasMessageStartingWith(
                        "`" + folder.resolve("a/2.png") + "` is a picture of 2x1 pixels, but 4x1 are needed.");

        DataFiles small = DataFiles.read(folder, Reading.DEFAULT.withSize(1, 2));
        // Weights 3, 3, 1 of 7 (at distances 1/2, 1/2, 3/2 of 2), and the same from the other side.
        assertThat(bytes(small.training().features()))
                .containsExactly(Math.round((3 * 80 + 160) / 7f), Math.round((80 + 3 * 160 + 3 * 240) / 7f), 100, 100);
        DataFiles large = DataFiles.read(folder, Reading.DEFAULT.withSize(2, 8));
        assertThat(Arrays.copyOf(bytes(large.training().features()), 16))
                .containsExactly(0, 20, 60, 100, 140, 180, 220, 240, 0, 20, 60, 100, 140, 180, 220, 240);
    }

    @Test
    void aPictureIsReadInTheFormOfAModel() throws IOException {
        Path file = ImageFiles.picture(folder.resolve("1.png"), TYPE_3BYTE_BGR, 0xff0000, 0x0000ff);
        Form.Image form = new Form.Image(1, 1, 2);

        assertThat(form.read(file).shape()).isEqualTo(Shape.of(1, 1, 1, 2));
        assertThat(form.read(file).storage()).isEqualTo(new float[] {76 / 255f, 29 / 255f});
        assertThatThrownBy(() -> new Form.Image(1, 1, 1).read(file)).hasMessageContaining("2x1 pixels, but 1x1");
        assertThat(new Form.Image(3, 4, 4).readResized(file).shape()).isEqualTo(Shape.of(1, 3, 4, 4));
        assertThatThrownBy(() -> new Form.Image(2, 1, 2).read(file)).hasMessageContaining("with 2 channels");
        assertThatThrownBy(() -> new Form.Image(0, 1, 2)).hasMessageContaining("0, 1 and 2");
    }

    @Test
    void damagedPicturesAreTold() throws IOException {
        int[] noise = new int[4096];
        Arrays.setAll(noise, i -> i * 7919 % 256);
        for (String name : List.of("1.png", "1.jpg")) {
            Path file = ImageFiles.picture(folder.resolve(name), TYPE_BYTE_GRAY, noise);
            byte[] whole = Files.readAllBytes(file);
            for (int length : List.of(3, 20, 40, whole.length / 2, whole.length - 40)) {
                Files.write(file, Arrays.copyOf(whole, length));
                unreadable(file);
            }
        }
        unreadable(Files.write(folder.resolve("2.png"), "no picture".getBytes(StandardCharsets.US_ASCII)));
        Path empty = Files.createFile(folder.resolve("3.png"));
        assertThatThrownBy(() -> Picture.read(empty, 0)).hasMessageStartingWith("`" + empty + "` is empty.");
    }

    /// A header of 60,000 x 60,000 pixels, which would take gigabytes.
    @Test
    void aHeaderIsNotBelieved() throws IOException {
        Path file = ImageFiles.picture(folder.resolve("1.png"), TYPE_BYTE_GRAY, 1, 2);
        byte[] bytes = Files.readAllBytes(file);
        for (int at : new int[] {16, 20}) { // width and height
            bytes[at + 2] = (byte) (60_000 >> 8);
            bytes[at + 3] = (byte) 60_000;
        }
        Files.write(file, bytes);

        assertThatThrownBy(() -> Picture.read(file, 0)).hasMessageContaining("is a picture of 60000x60000 pixels");
    }

    @Test
    void aClassHasPictures() throws IOException {
        ImageFiles.picture(folder.resolve("a/1.png"), TYPE_BYTE_GRAY, 1, 2);
        Files.createDirectory(folder.resolve("b"));

        assertThatThrownBy(() -> DataFiles.read(folder, Reading.DEFAULT))
                .hasMessageStartingWith(
                        "`" + folder.resolve("b") + "` should hold the pictures of one class, but has no");
    }

    @Test
    void askedForAreColoursAndSizesThatExist() {
        assertThatThrownBy(() -> Reading.DEFAULT.withChannels(2)).hasMessageContaining("with 2 channels");
        assertThatThrownBy(() -> Reading.DEFAULT.withSize(8, 0)).hasMessageContaining("height 8 and width 0");
        assertThatThrownBy(() -> Reading.DEFAULT.withSize(100_000, 100_000)).hasMessageContaining("at most 67108864");
    }

    private static void unreadable(Path file) {
        assertThatThrownBy(() -> Picture.read(file, 0))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo("picture-unreadable"))
                .hasMessageStartingWith("`" + file + "` could not be read as a picture");
    }

    private static int[] bytes(Array features) {
        return Arrays.stream(features.toDoubles())
                .mapToInt(value -> (int) Math.round(value * 255))
                .toArray();
    }
}
