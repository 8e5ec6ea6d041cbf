package org.gradus.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Nearest;
import org.gradus.base.Shape;

/// A CSV file with the names of its columns in the first line: rows of numbers, and perhaps a label in each.
final class CsvFile {
    private static final Pattern NAME = Pattern.compile("(?i).+\\.(csv|tsv)(\\.gz)?");
    private static final Pattern WHOLE = Pattern.compile("([+-]?\\d{1,18})(\\.0*)?");
    private static final List<String> LABELS = List.of("label", "target", "class");
    private static final int MOST_NUMBERED_CLASSES = 20;
    private static final int LEAST_OF_A_CLASS = 3; // one for each part of a split
    private static final int MOST_LISTED = 12;
    private static final int PEEK = 1 << 16; // characters of the first line

    private final Path file;
    private final List<String> names;
    private final Columns columns;
    private final List<float[]> rows = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();

    /// Which columns are features, in which order, and which is the label; -1 for none.
    private record Columns(List<Integer> features, int label) {}

    private record Label(String text, long line) {}

    private CsvFile(Path file, List<String> names, Columns columns) {
        this.file = file;
        this.names = names;
        this.columns = columns;
    }

    /// Whether this is a file with such a name.
    static boolean isOne(Path path) {
        return Files.isRegularFile(path)
                && NAME.matcher(path.getFileName().toString()).matches();
    }

    static DataFiles read(Path file, Reading reading) {
        CsvFile table = parse(file, names -> {
            int label = label(file, names, reading.label());
            List<Integer> features = reading.columns().isEmpty()
                    ? IntStream.range(0, names.size())
                            .filter(i -> i != label)
                            .boxed()
                            .toList()
                    : places(file, names, reading.columns());
            if (features.isEmpty() || features.contains(label)) {
                throw new GradusException(
                        "csv-column",
                        "`" + file + "` has the label in the column `" + names.get(label)
                                + "`, and the features would be "
                                + (features.isEmpty() ? "none" : "that column too")
                                + ". Its columns are " + listed(names) + "; name another column as label, or others as"
                                + " features.");
            }
            return new Columns(features, label);
        });
        List<String> features =
                table.columns.features().stream().map(table.names::get).toList();
        String label = table.names.get(table.columns.label());
        Examples rows = table.examples(reading);
        if (reading.window() == 0) {
            return new DataFiles(new Form.Row(features), rows, null, label);
        }
        Examples windows = Windows.forecasting(rows.features(), rows.labels(), reading.window(), 1, reading.ahead());
        return new DataFiles(
                new Form.Series(features, reading.window(), reading.ahead()),
                new Examples(windows.features(), windows.labels(), rows.classes()),
                null,
                label);
    }

    /// The last rows of these columns, `float32[1, count, columns]`.
    static Array end(Path file, List<String> columns, int count) {
        Array rows = rows(file, columns);
        int size = rows.shape().size(0);
        if (size < count) {
            throw new GradusException(
                    "window-size",
                    "`" + file + "` has " + size + " rows, but the model sees " + count + " at a time. Give more.");
        }
        return Features.Numbers.rows(rows, IntStream.range(size - count, size).toArray())
                .reshaped(Shape.of(1, count, columns.size()));
    }

    /// The numbers of these columns, `float32[rows, columns]`.
    static Array rows(Path file, List<String> columns) {
        return parse(file, names -> new Columns(places(file, names, columns), -1))
                .features();
    }

    private static CsvFile parse(Path file, Function<List<String>, Columns> choice) {
        return InputFile.read(file, in -> parse(file, in, choice));
    }

    private static CsvFile parse(Path file, InputStream in, Function<List<String>, Columns> choice) throws IOException {
        Reader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), PEEK);
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .fieldSeparator(separator(text))
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .ofCsvRecord(text)) {
            Iterator<CsvRecord> records = reader.iterator();
            List<String> names = records.hasNext() ? names(file, records.next()) : List.of();
            if (!records.hasNext()) {
                throw new GradusException(
                        "examples-none",
                        "`" + file + "` has no rows below the names of its columns. Is it the right file?");
            }
            CsvRecord first = records.next();
            demandHeader(file, names, first);
            CsvFile table = new CsvFile(file, names, choice.apply(names));
            table.add(first);
            records.forEachRemaining(table::add);
            return table;
        } catch (UncheckedIOException e) {
            IOException cause = e.getCause();
            if (cause instanceof CharacterCodingException) {
                throw malformed(file, "it is no UTF-8 text", e);
            }
            throw cause;
        } catch (CharacterCodingException e) {
            throw malformed(file, "it is no UTF-8 text", e);
        } catch (CsvParseException e) {
            Throwable cause = e.getCause();
            throw malformed(file, String.valueOf((cause == null ? e : cause).getMessage()), e);
        }
    }

    private static GradusException malformed(Path file, String why, Exception cause) {
        return new GradusException(
                "csv-syntax",
                "`" + file + "` cannot be read as CSV: " + why
                        + ". Are all quotes closed, and is it plain text in UTF-8? Save it again.",
                cause);
    }

    /// Comma, semicolon or tab: what is most frequent in the first line.
    private static char separator(Reader text) throws IOException {
        text.mark(PEEK);
        int[] counts = new int[3];
        int read = 0;
        for (int c = text.read(); c >= 0 && c != '\n' && c != '\r' && ++read < PEEK; c = text.read()) {
            int which = ",;\t".indexOf(c);
            if (which >= 0) {
                counts[which]++;
            }
        }
        text.reset();
        int best = counts[1] > counts[0] ? 1 : 0;
        return ",;\t".charAt(counts[2] > counts[best] ? 2 : best);
    }

    private static List<String> names(Path file, CsvRecord header) {
        List<String> names = new ArrayList<>();
        for (String field : header.getFields()) {
            String name = field.replace("\uFEFF", "").strip();
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

    private static int label(Path file, List<String> names, String wanted) {
        if (!wanted.isEmpty()) {
            return place(file, names, wanted, " If the labels are in another one, give `--label COLUMN`.");
        }
        for (String usual : LABELS) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).equalsIgnoreCase(usual)) {
                    return i;
                }
            }
        }
        return names.size() - 1;
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

    private void add(CsvRecord row) {
        long line = row.getStartingLineNumber();
        if (row.getFieldCount() != names.size()) {
            throw new GradusException(
                    "csv-fields",
                    "`" + file + "`, line " + line + ", has " + row.getFieldCount() + " fields, but the file has "
                            + names.size() + " columns: " + listed(names)
                            + ". Fill in what is missing, or put quotes around fields with separators in them.");
        }
        float[] numbers = new float[columns.features().size()];
        for (int i = 0; i < numbers.length; i++) {
            int column = columns.features().get(i);
            numbers[i] = number(row.getField(column), line, column);
        }
        rows.add(numbers);
        if (columns.label() >= 0) {
            String label = row.getField(columns.label()).strip();
            if (label.isEmpty() || label.equalsIgnoreCase("nan")) {
                throw badLabel(new Label(label, line), label.isEmpty() ? "is missing" : "is no value");
            }
            labels.add(new Label(isWhole(label) ? whole(label) : label, line));
        }
    }

    private float number(String field, long line, int column) {
        float number = parsed(field);
        if (!Float.isFinite(number)) {
            throw new GradusException(
                    "csv-number",
                    "`" + file + "`, line " + line + ", column `" + names.get(column) + "`: "
                            + (field.isBlank()
                                    ? "nothing where a number should be"
                                    : "`" + field.strip() + "` is no number")
                            + ". Features, and labels that are not classes, are finite numbers. Mend the row or take it"
                            + " out" + (field.isBlank() || column == columns.label() ? "." : without(column)));
        }
        return number;
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

    private Array features() {
        int width = columns.features().size();
        long count = (long) rows.size() * width;
        if (count > InputFile.MOST_BYTES) {
            throw new GradusException(
                    "data-size",
                    "`" + file + "` has " + rows.size() + " rows of " + width + " numbers; " + InputFile.MOST_BYTES
                            + " numbers fit. Cut it in parts.");
        }
        float[] numbers = new float[(int) count];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, numbers, i * width, width);
        }
        return Array.of(Shape.of(rows.size(), width), numbers);
    }

    private Examples examples(Reading reading) {
        if (!areClasses(reading)) {
            float[] numbers = new float[labels.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = number(labels.get(i).text(), labels.get(i).line(), columns.label());
            }
            return new Examples(features(), Array.of(Shape.of(numbers.length, 1), numbers), List.of());
        }
        List<String> classes = reading.classes().isEmpty() ? classes() : reading.classes();
        long[] numbers = new long[labels.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = classes.indexOf(labels.get(i).text());
            if (numbers[i] < 0) {
                throw badLabel(labels.get(i), "is none of the classes " + listed(classes));
            }
        }
        return new Examples(features(), Array.of(Shape.of(numbers.length), numbers), classes);
    }

    private boolean areClasses(Reading reading) {
        return switch (reading.target()) {
            case CLASSES -> true;
            case NUMBERS -> false;
            case AUTOMATIC -> {
                boolean are = !reading.classes().isEmpty() || lookLikeClasses();
                if (are && reading.classes().isEmpty()) {
                    demandAreClasses();
                }
                yield are;
            }
        };
    }

    /// Whole numbers, hardly any twice, are no classes because a text is among them.
    private void demandAreClasses() {
        List<String> numbers =
                labels.stream().map(Label::text).filter(CsvFile::isWhole).toList();
        long different = numbers.stream().distinct().count();
        boolean classes = different <= MOST_NUMBERED_CLASSES || different * LEAST_OF_A_CLASS <= numbers.size();
        if (classes || 2 * numbers.size() <= labels.size()) {
            return;
        }
        Label text = labels.stream()
                .filter(label -> !isWhole(label.text()))
                .findFirst()
                .orElseThrow();
        throw new GradusException(
                "csv-label",
                "`" + file + "`, line " + text.line() + ", column `" + names.get(columns.label()) + "`: the label `"
                        + text.text() + "` is no number, but " + numbers.size() + " of " + labels.size()
                        + " are; so all would be classes, with fewer than " + LEAST_OF_A_CLASS
                        + " examples on average. Mend the row or take it out to have numbers to predict, or say"
                        + " `target = \"classes\"` in [data].");
    }

    private boolean lookLikeClasses() {
        boolean fractions = labels.stream().anyMatch(label -> isNumber(label.text()) && !isWhole(label.text()));
        return !fractions && (!areWhole() || classes().size() <= MOST_NUMBERED_CLASSES);
    }

    private boolean areWhole() {
        return labels.stream().allMatch(label -> isWhole(label.text()));
    }

    /// The different labels, in order.
    private List<String> classes() {
        Comparator<String> order = areWhole() ? Comparator.comparingLong(Long::parseLong) : Comparator.naturalOrder();
        return labels.stream().map(Label::text).distinct().sorted(order).toList();
    }

    private GradusException badLabel(Label label, String why) {
        return new GradusException(
                "csv-label",
                "`" + file + "`, line " + label.line() + ", column `" + names.get(columns.label()) + "`: the label "
                        + (label.text().isEmpty() ? "" : "`" + label.text() + "` ") + why
                        + ". Mend the row, or take it out.");
    }

    private static boolean isWhole(String label) {
        return WHOLE.matcher(label).matches();
    }

    private static boolean isNumber(String field) {
        return !Float.isNaN(parsed(field));
    }

    /// A decimal number, or NaN for all else: Java also takes `0x1p3`, `2f` and `Infinity`.
    private static float parsed(String field) {
        String text = field.strip();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                return Float.NaN;
            }
        }
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException _) {
            return Float.NaN;
        }
    }

    /// A whole number without sign, leading zeros and decimal point: `2` for `2.0`.
    private static String whole(String text) {
        int point = text.indexOf('.');
        return String.valueOf(Long.parseLong(point < 0 ? text : text.substring(0, point)));
    }

    static String listed(List<String> names) {
        String start = String.join(", ", names.subList(0, Math.min(MOST_LISTED, names.size())));
        return names.size() > MOST_LISTED ? start + ", … (" + names.size() + ")" : start;
    }
}
