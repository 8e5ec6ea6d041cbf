package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.data.Reading.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsColumnsOfNumbersAndALabel() throws IOException {
        DataFiles data = read("a,label,b\n1,x,-2.5e1\n\n.5,y,+3\n 4 ,\"x\",5.\n", Reading.DEFAULT);

        assertThat(data.form()).isEqualTo(new Form.Row(List.of("a", "b")));
        assertThat(data.training().features().type()).isEqualTo(TensorType.of(Type.FLOAT32, 3, 2));
        assertThat(data.training().features().toDoubles()).containsExactly(1, -25, 0.5, 3, 4, 5);
        assertThat(data.training().labels().toLongs()).containsExactly(0, 1, 0);
        assertThat(data.classes()).containsExactly("x", "y");
        assertThat(data.test()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "label,target,c|label",
                "a,Target,class|Target",
                "a,CLASS,c|CLASS",
                "a,b,c|c",
            })
    void theLabelIsTheColumnThatIsCalledSoOrTheLast(String header, String label) throws IOException {
        List<String> features = List.of(header.split(",", -1)).stream()
                .filter(name -> !name.equals(label))
                .toList();
        assertThat(read(header + "\n1,2,3\n", Reading.DEFAULT).form()).isEqualTo(new Form.Row(features));
        assertThat(read("a,b,c\n1,2,3\n", Reading.DEFAULT.withLabel("b")).form())
                .isEqualTo(new Form.Row(List.of("a", "c")));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aColumnMayHaveTheWeightsOfRows(boolean stream) throws IOException {
        Reading weighted = Reading.DEFAULT.withWeights("w").withStream(stream);
        DataFiles data = read("a,kind,w\n1,x,0.5\n2,y,0\n3,x,4\n", weighted);

        assertThat(data.form()).isEqualTo(new Form.Row(List.of("a")));
        assertThat(data.classes()).containsExactly("x", "y");
        assertThat(data.training().weights()).containsExactly(0.5, 0, 4);
        Reading series = weighted.withWindow(2);
        assertThat(read("a,w,label\n1,5,10.5\n2,6,20.5\n3,7,30.5\n4,8,40.5\n", series)
                        .training()
                        .weights())
                .containsExactly(7, 8); // of the rows of the labels
        assertThatThrownBy(() -> read("a,kind,w\n1,x,0.5\n2,y,-1\n", weighted))
                .hasMessageEndingWith(
                        "line 3, column `w`: the weight -1.0 is less than 0. A row that is not to count has"
                                + " the weight 0. Mend it.");
        assertThatThrownBy(() -> read("a,kind\n1,x\n2,y\n", weighted)).hasMessageContaining("has no column `w`");
    }

    @Test
    void rowsComeSomeAtATime() throws IOException {
        StringBuilder text = new StringBuilder("a,b\n");
        for (int i = 0; i < 10; i++) {
            text.append(i).append(',').append(i + 0.5).append('\n');
        }
        Path file = Files.writeString(folder.resolve("many.csv"), text);
        Form form = new Form.Row(List.of("b"));
        List<Double> all = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();

        form.read(file, 4, rows -> {
            sizes.add(rows.shape().size(0));
            Arrays.stream(rows.toDoubles()).forEach(all::add);
        });

        assertThat(sizes).containsExactly(4, 4, 2);
        assertThat(all)
                .containsExactlyElementsOf(
                        Arrays.stream(form.read(file).toDoubles()).boxed().toList());
        for (int window : new int[] {1, 4, 6, 10}) {
            assertThat(CsvFile.end(file, List.of("a"), window).toDoubles())
                    .isEqualTo(IntStream.range(10 - window, 10).asDoubleStream().toArray());
        }
        assertThatThrownBy(() -> CsvFile.end(file, List.of("a"), 11))
                .hasMessageContaining("has 10 rows, but the model");
    }

    @Test
    void columnsCanBeChosen() throws IOException {
        DataFiles data = read("id,city,a,b,label\n7,Rome,1,2,x\n", Reading.DEFAULT.withColumns(List.of("b", "a")));

        assertThat(data.training().features().toDoubles()).containsExactly(2, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x y x|x,y",
                "10 9 9.0 -1|-1,9,10", // in the order of numbers
                "b10 b9 1|1,b10,b9", // in the order of text
                "1.5 2 2|", // numbers to predict
                "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21|",
            })
    void classesAreTextsOrFewWholeNumbers(String labels, String classes) throws IOException {
        String rows = List.of(labels.split(" ", -1)).stream()
                .map(label -> "0," + label + "\n")
                .collect(Collectors.joining());
        DataFiles data = read("a,label\n" + rows, Reading.DEFAULT);

        assertThat(data.classes()).isEqualTo(classes == null ? List.of() : List.of(classes.split(",", -1)));
        if (classes == null) {
            assertThat(data.training().labels().type())
                    .isEqualTo(TensorType.of(Type.FLOAT32, labels.split(" ", -1).length, 1));
        }
    }

    @Test
    void whatLabelsAreCanBeSaid() throws IOException {
        String text = "a,label\n1,3\n2,1\n";

        assertThat(read(text, Reading.DEFAULT.withTarget(Target.NUMBERS))
                        .training()
                        .labels()
                        .toDoubles())
                .containsExactly(3, 1);
        assertThat(read("a,label\n1,1.5\n2,0.5\n", Reading.DEFAULT.withTarget(Target.CLASSES))
                        .classes())
                .containsExactly("0.5", "1.5");
        DataFiles named = read(text, Reading.DEFAULT.withClasses(List.of("3", "2", "1")));
        assertThat(named.training().labels().toLongs()).containsExactly(0, 2);
        assertThatThrownBy(() -> read(text, Reading.DEFAULT.withClasses(List.of("1", "2"))))
                .hasMessageContaining("line 2, column `label`: the label `3` is none of the classes 1, 2");
        assertThatThrownBy(() -> read("a,label\n1,x\n", Reading.DEFAULT.withTarget(Target.NUMBERS)))
                .hasMessageContaining("line 2, column `label`: `x` is no number");
    }

    @Test
    void severalLabelsAreNumbers() throws IOException {
        String text = "a,x,b,y\n1,10,2,0\n3,30,4,1\n";
        DataFiles data = read(text, Reading.DEFAULT.withLabel("y", "x"));

        assertThat(data.form()).isEqualTo(new Form.Row(List.of("a", "b")));
        assertThat(data.labels()).containsExactly("y", "x");
        assertThat(data.classes()).isEmpty();
        assertThat(data.training().labels().type()).isEqualTo(TensorType.of(Type.FLOAT32, 2, 2));
        assertThat(data.training().labels().toDoubles()).containsExactly(0, 10, 1, 30);
        DataFiles series = read(text, Reading.DEFAULT.withLabel("y", "x").withWindow(1));
        assertThat(series.training().labels().toDoubles()).containsExactly(1, 30);
        assertThatThrownBy(() -> read(text, Reading.DEFAULT.withLabel("y", "z")))
                .hasMessageContaining("has no column `z`");
        assertThatThrownBy(() -> read("a,x,y\n1,2,3\n1,2,z\n", Reading.DEFAULT.withLabel("x", "y")))
                .hasMessageContaining(", line 3, column `y`: `z` is no number");
        assertThatThrownBy(() -> read("a,x,y\n1,,3\n", Reading.DEFAULT.withLabel("x", "y")))
                .hasMessageContaining(", line 2, column `x`: the label is missing");
        assertThatThrownBy(() -> read(text, Reading.DEFAULT.withLabel("x", "y").withColumns(List.of("a", "y"))))
                .hasMessageContaining("has the label in the column `y`, and the features would be that column too");
        assertThatThrownBy(() -> Reading.DEFAULT.withTarget(Target.CLASSES).withLabel("x", "y"))
                .hasMessageContaining("with the labels [x, y]");
        assertThatThrownBy(() -> Reading.DEFAULT.withLabel("x", "x")).hasMessageContaining("each once");
    }

    @Test
    void readsOtherSeparatorsAndPackedFiles() throws IOException {
        for (String text :
                List.of("a;b,c;label\n1;2;x\n", "a\tb,c\tlabel\r\n1\t2\tx", "\uFEFFa,\"b,c\",label\n1,2,x\n")) {
            DataFiles data = read(text, Reading.DEFAULT);
            assertThat(data.form()).isEqualTo(new Form.Row(List.of("a", "b,c")));
        }
        Path packed = Files.write(
                folder.resolve("x.csv.gz"), ImageFiles.gzip("a,label\n1,x\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(DataFiles.read(packed, Reading.DEFAULT).training().size()).isEqualTo(1);
    }

    /// The rest of the message is for people; kind, line and column are what they need.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "a,b,label~1,2,x~3,NaN,y~4,5|csv-number|, line 3, column `b`: `NaN` is no number",
                "a,b,label~1,2,x~4,5|csv-fields|, line 3, has 2 fields, but the file has 3 columns: a, b, label",
                "a,b,label~1,2,3,x|csv-fields|, line 2, has 4 fields",
                "a,b,label~1,,x|csv-number|, line 2, column `b`: nothing where a number should be",
                "a,b,label~1,Rome,x|csv-number|column `b`: `Rome` is no number",
                "a,b,label~1,Infinity,x|csv-number|`Infinity` is no number",
                "a,b,label~1,1e99,x|csv-number|`1e99` is no number",
                "a,b,label~1,0x10,x|csv-number|`0x10` is no number",
                "a,b,label~1,2f,x|csv-number|`2f` is no number",
                "a,b,label~1,2, |csv-label|, line 2, column `label`: the label is missing",
                "a,label~1,2.5~1,nan|csv-label|, line 3, column `label`: the label `nan` is no value",
                "a,label~1,2.5~1,many|csv-number|, line 3, column `label`: `many` is no number",
                "a,a,label~1,2,x|csv-header|, line 1: column 2 is called `a` as column 1 is",
                ",a,label~1,2,x|csv-header|, line 1: column 1 has no name",
                "1,2,x~3,4,y|csv-header|begins with 1, 2, x, which looks like a row",
                "a,b,label|examples-none|has no rows",
                "~~|examples-none|has no rows",
                "label~x|csv-column|has the label in the column `label`, and the features would be none",
                "a,label~\"1,x~2,y|csv-syntax|cannot be read as CSV",
            })
    void badFilesAreTold(String text, String kind, String message) throws IOException {
        Path file = write(text.replace('~', '\n'));
        assertThatThrownBy(() -> DataFiles.read(file, Reading.DEFAULT))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageStartingWith("`" + file + "`")
                .hasMessageContaining(message);
    }

    @Test
    void textIsUtf8() throws IOException {
        Path file = folder.resolve("latin.csv");
        // So long that the wrong byte is met only after the header.
        String rows = IntStream.range(0, 40_000).mapToObj(i -> i + ",x\n").collect(Collectors.joining());
        for (String text : List.of("a,label\n1,\u00fc\n", "a,label\n" + rows + "1,\u00fc\n")) {
            Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
            assertThatThrownBy(() -> DataFiles.read(file, Reading.DEFAULT)).hasMessageContaining("it is no UTF-8 text");
        }
    }

    @Test
    void aPackedFileThatBreaksOffIsTold() throws IOException {
        String rows = IntStream.range(0, 40_000)
                .mapToObj(i -> i * 7919 % 10007 + ",x\n")
                .collect(Collectors.joining());
        byte[] packed = ImageFiles.gzip(("a,label\n" + rows).getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("half.csv.gz"), Arrays.copyOf(packed, packed.length / 2));

        assertThatThrownBy(() -> DataFiles.read(file, Reading.DEFAULT))
                .hasMessageContaining("its gzip data break off before their end");
    }

    @Test
    void anUnknownColumnIsToldWithTheNearest() throws IOException {
        String text = "width,height,label\n1,2,x\n";

        assertThatThrownBy(() -> read(text, Reading.DEFAULT.withLabel("Lable")))
                .hasMessageContaining(
                        "has no column `Lable`; did you mean `label`? Its columns are width, height, label.");
        assertThatThrownBy(() -> read(text, Reading.DEFAULT.withColumns(List.of("hight"))))
                .hasMessageContaining("did you mean `height`?");
        assertThatThrownBy(() -> read(text, Reading.DEFAULT.withColumns(List.of("width", "label"))))
                .hasMessageContaining("the features would be that column too");
        assertThatThrownBy(() -> read(text, Reading.like(new Form.Image(1, 8, 8), List.of())))
                .hasMessageContaining("has a table, but images of 1 channels, height 8 and width 8");
    }

    /// Rows to predict for have the columns in another order, others too, and perhaps no label.
    @Test
    void rowsAreReadInTheFormOfAModel() throws IOException {
        Form form = read("a,b,label\n1,2,x\n", Reading.DEFAULT).form();

        assertThat(form.shape()).isEqualTo(Shape.of(2));
        assertThat(form.read(write("b,name,a\n2,Rome,1\n4,Bonn,3\n")).toDoubles())
                .containsExactly(1, 2, 3, 4);
        assertThatThrownBy(() -> form.read(write("a,c\n1,2\n"))).hasMessageContaining("has no column `b`");
        assertThatThrownBy(() -> new Form.Row(List.of("a", "a"))).hasMessageContaining("a name of its own");

        DataFiles again = read("b,name,label,a\n2,Rome,y,1\n", Reading.like(form, List.of("x", "y")));
        assertThat(again.form()).isEqualTo(form);
        assertThat(again.training().features().toDoubles()).containsExactly(1, 2);
        assertThat(again.training().labels().toLongs()).containsExactly(1);
    }

    @Test
    void readsIrisAndBreastCancer() {
        DataFiles iris = DataFiles.read(Shared.data("iris").resolve("iris.csv.gz"), Reading.DEFAULT);
        assertThat(iris.training()).hasToString("150 examples [4]");
        assertThat(iris.classes()).containsExactly("0", "1", "2");

        DataFiles wdbc =
                DataFiles.read(Shared.data("wdbc").resolve("breastcancer.csv"), Reading.DEFAULT.withLabel("diagnosis"));
        assertThat(wdbc.training()).hasToString("569 examples [31]"); // with the column `id`
        assertThat(wdbc.classes()).containsExactly("B", "M");
        assertThat(Arrays.stream(wdbc.training().labels().toLongs()).sum()).isEqualTo(212);
    }

    private DataFiles read(String text, Reading reading) throws IOException {
        return DataFiles.read(write(text), reading);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("data.csv"), text);
    }
}
