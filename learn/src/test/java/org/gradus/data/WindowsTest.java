package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowsTest {
    @TempDir
    private Path folder;

    @Test
    void theNextElementIsTheLabel() {
        Examples windows = Windows.ofNext(Array.of(Shape.of(8), 0L, 1, 2, 3, 4, 5, 6, 7), 3, 2, List.of());

        assertThat(windows.features().shape()).isEqualTo(Shape.of(3, 3));
        assertThat(windows.features().toLongs()).containsExactly(0, 1, 2, 2, 3, 4, 4, 5, 6);
        assertThat(windows.labels().toLongs()).containsExactly(1, 2, 3, 3, 4, 5, 5, 6, 7);
        assertThat(Windows.ofNext(Array.of(Shape.of(3, 2), 0L, 1, 2, 3, 4, 5), 2, 1, List.of())
                        .labels()
                        .toLongs())
                .containsExactly(2, 3, 4, 5);
    }

    @Test
    void aForecastIsOfALaterTime() {
        Array known = Array.of(Shape.of(6, 2), 0f, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15);
        Array target = Array.of(Shape.of(6), 0f, 100, 200, 300, 400, 500);
        Examples windows = Windows.forecasting(known, target, 2, 1, 3);

        assertThat(windows.size()).isEqualTo(2);
        assertThat(windows.features().shape()).isEqualTo(Shape.of(2, 2, 2));
        assertThat(windows.features().toDoubles()).containsExactly(0, 10, 1, 11, 1, 11, 2, 12);
        assertThat(windows.labels().shape()).isEqualTo(Shape.of(2, 1));
        assertThat(windows.labels().toDoubles()).containsExactly(400, 500);
        assertThat(Windows.forecasting(known, known, 5, 1, 1).labels().toDoubles())
                .containsExactly(5, 15);
    }

    @Test
    void aSeriesHasRoomForAWindow() {
        Array four = Array.of(Shape.of(4), 0L, 1, 2, 3);
        assertThatThrownBy(() -> Windows.ofNext(four, 2, 1, List.of("a", "b", "c")))
                .hasMessageContaining("Example 3 has the label 3, but there are 3 classes");
        assertThat(Windows.ofNext(four, 3, 9, List.of()).size()).isEqualTo(1);
        for (int[] wrong : new int[][] {{4, 1}, {0, 1}, {2, 0}}) {
            assertThatThrownBy(() -> Windows.ofNext(four, wrong[0], wrong[1], List.of()))
                    .isInstanceOfSatisfying(
                            GradusException.class, e -> assertThat(e.kind()).isEqualTo("window-size"));
        }
        assertThatThrownBy(() -> Windows.forecasting(four, Array.of(Shape.of(3), 0L, 1, 2), 1, 1, 1))
                .hasMessageContaining("int64[4]")
                .hasMessageContaining("int64[3]");
    }

    @Test
    void aTextIsCutInOrder() throws IOException {
        Path file = Files.writeString(folder.resolve("t.txt"), "abcab€\nabcabcabc€a\nabc");
        DataFiles data = DataFiles.read(file, Reading.DEFAULT.withWindow(3));

        assertThat(data.form()).isEqualTo(new Form.Text(List.of("\n", "a", "b", "c", "€"), 3));
        assertThat(data.training().size()).isEqualTo(7); // the last of 22 characters is a label alone
        assertThat(data.training().batch(1).features().toLongs()).containsExactly(1, 2, 4);
        assertThat(data.training().batch(1).labels().toLongs()).containsExactly(2, 4, 0);
        Split split = data.split(5);
        assertThat(split).hasToString("[4, 2, 1] examples");
        assertThat(split.training().features().toLongs())
                .isEqualTo(data.training().part(0, 1, 2, 3).features().toLongs());
        assertThat(data.form().read(file).toLongs()).containsExactly(1, 2, 3);
        assertThat(data.form()
                        .read(Files.writeString(folder.resolve("s.txt"), "ba"))
                        .shape())
                .isEqualTo(Shape.of(1, 2));
    }

    @Test
    void aTableIsASeries() throws IOException {
        StringBuilder rows = new StringBuilder("t,x,y\n");
        for (int i = 0; i < 30; i++) {
            rows.append(i)
                    .append(',')
                    .append(10 * i)
                    .append(',')
                    .append(100 * i)
                    .append(".5\n");
        }
        Path file = Files.writeString(folder.resolve("s.csv"), rows);
        DataFiles data = DataFiles.read(file, Reading.DEFAULT.withWindow(3).withAhead(2));

        assertThat(data.form()).isEqualTo(new Form.Series(List.of("t", "x"), 3, 2));
        assertThat(data.training().size()).isEqualTo(26);
        Batch last = data.training().batch(25);
        assertThat(last.features().toDoubles()).containsExactly(25, 250, 26, 260, 27, 270);
        assertThat(last.labels().toDoubles()).containsExactly(2900.5);
        assertThat(data.split(1)).hasToString("[16, 5, 5] examples");
        assertThat(data.split(1).test().batch(4).features().toDoubles())
                .isEqualTo(last.features().toDoubles());
        assertThat(data.form().read(file).toDoubles()).containsExactly(27, 270, 28, 280, 29, 290);
        Scaling scaling = Scaling.standardizing(data.training());
        assertThat(scaling.centers()).containsExactly(new double[] {13.5, 135}, within(1e-9));
        assertThat(scaling.apply(data.training()).batch(25).features().get(1))
                .isCloseTo((250 - 135) / scaling.spreads()[1], within(1e-6));
        for (int most : new int[] {1, 2, 3, 7, 100}) { // rows are read so many at a time
            List<Double> each = new ArrayList<>();
            ((Form.Series) data.form()).readEach(file, most, pieces -> {
                assertThat(pieces.shape().part(1, 3)).isEqualTo(Shape.of(3, 2));
                Arrays.stream(pieces.toDoubles()).forEach(each::add);
            });
            assertThat(each).hasSize(28 * 6).startsWith(0.0, 0.0, 1.0, 10.0, 2.0, 20.0, 1.0, 10.0);
            assertThat(each.subList(27 * 6, 28 * 6)).containsExactly(27.0, 270.0, 28.0, 280.0, 29.0, 290.0);
        }
        Path few = Files.writeString(folder.resolve("few.csv"), "t,x\n1,2\n");
        assertThatThrownBy(() -> ((Form.Series) data.form()).readEach(few, 5, pieces -> {}))
                .hasMessageContaining("has 1 rows, but the model sees 3");
        assertThatThrownBy(() -> data.form().read(few)).hasMessageContaining("has 1 rows, but the model sees 3");
        assertThatThrownBy(
                        () -> DataFiles.read(few, Reading.DEFAULT.withLabel("x").withWindow(3)))
                .hasMessageContaining("were asked of a series of 1");
    }

    @Test
    void badTextsAreTold() throws IOException {
        Path known = Files.writeString(folder.resolve("k.txt"), "ab\nabd");
        assertThatThrownBy(() -> new Form.Text(List.of("a", "b", "\n"), 2).read(known))
                .hasMessage("`" + known + "`, line 2, has the character `d`, which is none of the 3 that the model"
                        + " knows. Replace it.");
        assertThatThrownBy(() -> DataFiles.read(known, Reading.DEFAULT))
                .hasMessageContaining("has 6 characters, but windows of 64");
        Path latin = Files.write(folder.resolve("l.txt"), "größe".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> DataFiles.read(latin, Reading.DEFAULT)).hasMessageContaining("is no text in UTF-8");
        assertThatThrownBy(() -> DataFiles.read(known, Reading.DEFAULT.withChannels(3)))
                .hasMessageContaining("a text, but images");
        assertThatThrownBy(() -> Reading.DEFAULT.withWindow(-1)).hasMessageContaining("windows of 1 or more");
    }

    @Test
    void partsInOrder() {
        Examples ten = new Examples(
                Array.of(Shape.of(10, 1), new float[10]), Array.of(Shape.of(10, 1), new float[10]), List.of());
        assertThat(Split.inOrder(ten, 0.6, 0.2)).hasToString("[6, 2, 2] examples");
        assertThat(Split.inOrder(ten, 0.99, 0.01)).hasToString("[8, 1, 1] examples");
        assertThatThrownBy(() -> Split.inOrder(ten.part(0, 1), 0.6, 0.2)).hasMessageContaining("2 examples");
        assertThatThrownBy(() -> Split.inOrder(ten, 0.9, 0.2)).hasMessageContaining("at most 1 together");
    }
}
