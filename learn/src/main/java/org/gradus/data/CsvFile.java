package org.gradus.data;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Nearest;
import org.gradus.base.Shape;
import org.jspecify.annotations.Nullable;

/// A CSV file with the names of its columns in the first line: rows of numbers, and perhaps a label in each.
final class CsvFile {
    private static final Pattern NAME = Pattern.compile("(?i).+\\.(csv|tsv)(\\.gz)?");
    private static final List<String> LABELS = List.of("label", "target", "class");
    private static final int MOST_LISTED = 12;

    private final Path file;
    private final List<String> names;
    private final Columns columns;
    private final CsvRecord first;

    /// Which columns are features, in which order, which are labels, and which has the weights of rows, if any: none or one.
    private record Columns(List<Integer> features, List<Integer> labels, List<Integer> weights) {}

    /// The numbers of all rows, and what was found of their labels.
    private record Contents(CsvFile table, Series rows, CsvLabels labels, Floats weights) {
        /// With the weights of these rows, if there are any.
        Examples weighted(Examples examples, int first) {
            float[] all = weights.all();
            double[] each = new double[examples.size()];
            Arrays.setAll(each, i -> all.length == 0 ? 1 : all[first + i]);
            return all.length == 0 ? examples : examples.weighted(each);
        }
    }

    private CsvFile(Path file, List<String> names, Columns columns, CsvRecord first) {
        this.file = file;
        this.names = names;
        this.columns = columns;
        this.first = first;
    }

    /// Whether this is a file with such a name.
    static boolean isOne(Path path) {
        return Files.isRegularFile(path)
                && NAME.matcher(path.getFileName().toString()).matches();
    }

    static DataFiles read(Path file, Reading reading) {
        Contents contents = parse(file, reading, names -> {
            List<Integer> weights =
                    reading.weights().isEmpty() ? List.of() : places(file, names, List.of(reading.weights()));
            List<Integer> labels = labels(file, names, reading.labels(), weights);
            List<Integer> features = reading.columns().isEmpty()
                    ? IntStream.range(0, names.size())
                            .filter(i -> !labels.contains(i) && !weights.contains(i))
                            .boxed()
                            .toList()
                    : places(file, names, reading.columns());
            List<Integer> both = labels.stream().filter(features::contains).toList();
            if (features.isEmpty() || !both.isEmpty()) {
                List<Integer> shown = both.isEmpty() ? labels : both;
                throw new GradusException(
                        "csv-column",
                        "`" + file + "` has the label in the column `"
                                + String.join(
                                        "`, `", shown.stream().map(names::get).toList())
                                + "`, and the features would be "
                                + (features.isEmpty() ? "none" : "that column too")
                                + ". Its columns are " + listed(names) + "; name another column as label, or others as"
                                + " features.");
            }
            return new Columns(features, labels, weights);
        });
        CsvFile table = contents.table();
        List<String> features =
                table.columns.features().stream().map(table.names::get).toList();
        List<String> named =
                table.columns.labels().stream().map(table.names::get).toList();
        CsvLabels.Known labels = contents.labels().all();
        return reading.window() == 0
                ? new DataFiles(
                        new Form.Row(features),
                        contents.weighted(
                                new Examples(
                                        contents.rows().each(),
                                        new Features.Numbers(labels.numbers()),
                                        labels.classes()),
                                0),
                        null,
                        named)
                : new DataFiles(
                        new Form.Series(features, reading.window(), reading.ahead()),
                        contents.weighted(
                                Windows.forecasting(
                                        contents.rows(),
                                        labels.numbers(),
                                        reading.window(),
                                        1,
                                        reading.ahead(),
                                        labels.classes()),
                                reading.window() + reading.ahead() - 1),
                        null,
                        named);
    }

    /// The last rows of these columns, `float32[1, count, columns]`.
    static Array end(Path file, List<String> columns, int count) {
        float[] last = new float[Math.multiplyExact(count, columns.size())];
        long[] size = {0};
        rows(file, columns, count, rows -> {
            System.arraycopy(last, rows.count(), last, 0, last.length - rows.count());
            System.arraycopy(rows.storage(), 0, last, last.length - rows.count(), rows.count());
            size[0] += rows.shape().size(0);
        });
        if (size[0] < count) {
            throw new GradusException(
                    "window-size",
                    "`" + file + "` has " + size[0] + " rows, but the model sees " + count + " at a time. Give more.");
        }
        return Array.of(Shape.of(1, count, columns.size()), last);
    }

    /// Hands over the numbers of these columns, `float32[rows, columns]`, some rows at a time.
    ///
    /// @param most how many
    static void rows(Path file, List<String> columns, int most, Consumer<Array> taker) {
        InputFile.read(file, in -> {
            CsvRecords records = new CsvRecords(file, in);
            CsvFile table =
                    opened(file, records, names -> new Columns(places(file, names, columns), List.of(), List.of()));
            CsvRecord row = table.first;
            while (row != null) {
                float[] numbers = new float[Math.multiplyExact(most, columns.size())];
                int count = 0;
                for (; row != null && count < most; row = records.next()) {
                    records.place(row);
                    table.demandFields(row);
                    for (int i = 0; i < columns.size(); i++) {
                        numbers[count * columns.size() + i] =
                                table.number(row, table.columns.features().get(i));
                    }
                    count++;
                }
                taker.accept(Array.of(Shape.of(count, columns.size()), Arrays.copyOf(numbers, count * columns.size())));
            }
            return table;
        });
    }

    /// The numbers of these columns, `float32[rows, columns]`.
    static Array rows(Path file, List<String> columns) {
        return parse(file, Reading.DEFAULT, names -> new Columns(places(file, names, columns), List.of(), List.of()))
                .rows()
                .each()
                .whole();
    }

    private static Contents parse(Path file, Reading reading, Function<List<String>, Columns> choice) {
        if (!reading.stream()) {
            return InputFile.read(file, in -> parse(file, null, in, reading, choice));
        }
        StoredFile stored = new StoredFile(file);
        return stored.read(in -> parse(file, stored, in, reading, choice));
    }

    /// Goes over all rows, whether their numbers are to be kept or to stay in the file.
    private static Contents parse(
            Path file,
            @Nullable StoredFile stored,
            InputStream in,
            Reading reading,
            Function<List<String>, Columns> choice)
            throws IOException {
        CsvRecords records = new CsvRecords(file, in);
        CsvFile table = opened(file, records, choice);
        CsvLabels labels = new CsvLabels(table, table.columns.labels(), reading);
        FileIndex index = new FileIndex();
        Floats numbers = new Floats();
        Floats weights = new Floats();
        int width = table.columns.features().size();
        int rows = 0;
        for (CsvRecord row = table.first; row != null; row = records.next()) {
            if ((long) ++rows * (stored == null ? width : 1) > InputFile.MOST_BYTES) {
                throw new GradusException(
                        "data-size",
                        table.place(row.getStartingLineNumber()) + ": " + rows + " rows"
                                + (stored == null ? " of " + width + " numbers" : "") + " are more than fit, "
                                + InputFile.MOST_BYTES + (stored == null ? " numbers" : " rows") + ". Cut it in parts"
                                + (stored == null ? ", or leave it on the disk with `stream = true`." : "."));
            }
            index.add(rows - 1, records.place(row));
            table.demandFields(row);
            for (int column : table.columns.features()) {
                float number = table.number(row, column);
                if (stored == null) {
                    numbers.add(number);
                }
            }
            labels.add(row);
            for (int column : table.columns.weights()) {
                weights.add(table.weight(row, column));
            }
        }
        index.end(rows, records.end());
        return new Contents(
                table,
                stored == null
                        ? new Series.InMemory(Array.of(Shape.of(rows, width), numbers.all()))
                        : new StoredRows(
                                stored, index, records.separator(), table.columns.features(), table.names.size()),
                labels,
                weights);
    }

    /// A table that is read as far as its first row.
    private static CsvFile opened(Path file, CsvRecords records, Function<List<String>, Columns> choice)
            throws IOException {
        CsvRecord header = records.next();
        List<String> names = header == null ? List.of() : names(file, header);
        CsvRecord first = records.next();
        if (first == null) {
            throw new GradusException(
                    "examples-none",
                    "`" + file + "` has no rows below the names of its columns. Is it the right file?");
        }
        demandHeader(file, names, first);
        return new CsvFile(file, names, choice.apply(names), first);
    }

    private static List<String> names(Path file, CsvRecord header) {
        List<String> names = new ArrayList<>();
        for (String field : header.getFields()) {
            String name = field.strip();
            if (name.isEmpty() || names.contains(name)) {
                throw new GradusException(
                        "csv-header",
                        "`" + file + "`, line " + header.getStartingLineNumber() + ": column " + (names.size() + 1)
                                + (name.isEmpty()
                                        ? " has no name"
                                        : " is called `" + name + "` as column " + (names.indexOf(name) + 1) + " is")
                                + ". Give each column a name of its own.");
            }
            names.add(name);
        }
        return names;
    }

    /// A first line with numbers and texts just where the second one has them is no header.
    private static void demandHeader(Path file, List<String> names, CsvRecord first) {
        List<Boolean> above = names.stream().map(CsvFile::isNumber).toList();
        List<Boolean> below = first.getFields().stream().map(CsvFile::isNumber).toList();
        if (above.contains(true) && above.equals(below)) {
            throw new GradusException(
                    "csv-header",
                    "`" + file + "` begins with " + listed(names)
                            + ", which looks like a row and not like the names of the columns. Put a line with the"
                            + " names before it, such as `a,b,label`.");
        }
    }

    private static List<Integer> labels(Path file, List<String> names, List<String> wanted, List<Integer> weights) {
        if (!wanted.isEmpty()) {
            return wanted.stream()
                    .map(name -> place(file, names, name, " If the labels are in another one, give `--label COLUMN`."))
                    .toList();
        }
        for (String usual : LABELS) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).equalsIgnoreCase(usual) && !weights.contains(i)) {
                    return List.of(i);
                }
            }
        }
        int last = names.size() - 1;
        return List.of(weights.contains(last) && last > 0 ? last - 1 : last);
    }

    private static List<Integer> places(Path file, List<String> names, List<String> wanted) {
        return wanted.stream().map(name -> place(file, names, name, "")).toList();
    }

    private static int place(Path file, List<String> names, String name, String remedy) {
        if (!names.contains(name)) {
            throw new GradusException(
                    "csv-column",
                    "`" + file + "` has no column `" + name + "`" + Nearest.guess(name, names) + " Its columns are "
                            + listed(names) + "." + remedy);
        }
        return names.indexOf(name);
    }

    private void demandFields(CsvRecord row) {
        if (row.getFieldCount() != names.size()) {
            throw new GradusException(
                    "csv-fields",
                    place(row.getStartingLineNumber()) + ", has " + row.getFieldCount() + " fields, but the file has "
                            + names.size() + " columns: " + listed(names)
                            + ". Fill in what is missing, or put quotes around fields with separators in them.");
        }
    }

    /// @throws GradusException when there is no finite number
    float number(CsvRecord row, int column) {
        float number = Decimal.parse(row.getField(column));
        if (!Float.isFinite(number)) {
            throw noNumber(row.getField(column), row.getStartingLineNumber(), column);
        }
        return number;
    }

    private float weight(CsvRecord row, int column) {
        float weight = number(row, column);
        if (weight < 0) {
            throw new GradusException(
                    "csv-weight",
                    place(row.getStartingLineNumber(), column) + ": the weight " + weight
                            + " is less than 0. A row that is not to count has the weight 0. Mend it.");
        }
        return weight;
    }

    GradusException noNumber(String field, long line, int column) {
        return new GradusException(
                "csv-number",
                place(line, column) + ": "
                        + (field.isBlank()
                                ? "nothing where a number should be"
                                : "`" + field.strip() + "` is no number")
                        + ". Features, and labels that are not classes, are finite numbers. Mend the row or take it"
                        + " out" + (field.isBlank() || columns.labels().contains(column) ? "." : without(column)));
    }

    /// Such as "`t.csv`, line 3".
    private String place(long line) {
        return "`" + file + "`, line " + line;
    }

    /// Such as "`t.csv`, line 3, column `b`".
    String place(long line, int column) {
        return place(line) + ", column `" + names.get(column) + "`";
    }

    /// How to do without a column that has texts.
    private String without(int column) {
        List<String> others = columns.features().stream()
                .filter(other -> other != column)
                .map(names::get)
                .toList();
        return others.isEmpty() || others.size() > MOST_LISTED
                ? "; a column of texts can be left out, with `columns` in [data]."
                : "; if it is a column of texts, leave it out: with `columns = [\"" + String.join("\", \"", others)
                        + "\"]` in [data], or `--columns " + String.join(",", others) + "`.";
    }

    private static boolean isNumber(String field) {
        return !Float.isNaN(Decimal.parse(field));
    }

    static String listed(List<String> names) {
        String start = String.join(", ", names.subList(0, Math.min(MOST_LISTED, names.size())));
        return names.size() > MOST_LISTED ? start + ", … (" + names.size() + ")" : start;
    }
}
