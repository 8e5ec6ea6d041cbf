package org.gradus.data;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.jspecify.annotations.Nullable;

/// The labels of a table as they come, row by row. Whether they are classes or numbers to predict, often only the last row
/// tells: until then a label is kept as a whole number, or as the number of its text.
final class CsvLabels {
    private static final Pattern WHOLE = Pattern.compile("([+-]?\\d{1,18})(\\.0*)?");
    private static final int MOST_NUMBERED_CLASSES = 20;
    private static final int LEAST_OF_A_CLASS = 3; // one for each part of a split
    private static final long TEXT = 1L << 62; // more than any whole number of 18 digits

    private final CsvFile table;
    private final List<Integer> columns;
    private final List<String> given; // the classes, if they are known
    private final boolean open; // whether the rows tell what they are
    private boolean numbers; // that they are
    private final Floats values = new Floats();
    private long[] codes = new long[64];
    private int size;
    private final Map<String, Integer> texts = new HashMap<>();
    private @Nullable Label text; // the first that is no number

    private record Label(String text, long line) {}

    /// @param columns where they stand; several are numbers
    CsvLabels(CsvFile table, List<Integer> columns, Reading reading) {
        this.table = table;
        this.columns = columns;
        this.numbers = reading.target() == Reading.Target.NUMBERS || columns.size() > 1;
        this.given = numbers ? List.of() : reading.classes();
        this.open = reading.target() == Reading.Target.AUTOMATIC && given.isEmpty();
        given.forEach(name -> texts.putIfAbsent(name, texts.size()));
    }

    /// The labels of one more row.
    ///
    /// @throws GradusException when they are none
    void add(CsvRecord row) {
        columns.forEach(column -> add(row, column));
    }

    private void add(CsvRecord row, int column) {
        String field = row.getField(column).strip();
        if (field.isEmpty() || field.equalsIgnoreCase("nan")) {
            throw bad(field, row.getStartingLineNumber(), column, field.isEmpty() ? "is missing" : "is no value");
        }
        boolean whole = WHOLE.matcher(field).matches();
        if (open && !numbers && !whole && !Float.isNaN(Decimal.parse(field))) {
            becomeNumbers();
        }
        if (numbers) {
            values.add(table.number(row, column));
            return;
        }
        if (open && !whole && text == null) {
            text = new Label(field, row.getStartingLineNumber());
        }
        if (size == codes.length) {
            codes = Arrays.copyOf(codes, size + size / 2);
        }
        codes[size++] =
                given.isEmpty() && whole ? number(field) : code(whole ? String.valueOf(number(field)) : field, row);
    }

    private long code(String name, CsvRecord row) {
        if (given.isEmpty()) {
            return TEXT + texts.computeIfAbsent(name, _ -> texts.size());
        }
        Integer place = texts.get(name);
        if (place == null) {
            throw bad(
                    name,
                    row.getStartingLineNumber(),
                    columns.getFirst(),
                    "is none of the classes " + CsvFile.listed(given));
        }
        return place;
    }

    /// The labels of all rows.
    ///
    /// @param numbers class numbers `int64[rows]`, or numbers to predict `float32[rows, columns]`
    /// @param classes by number; none when they are numbers to predict
    record Known(Array numbers, List<String> classes) {}

    /// What all are together.
    ///
    /// @throws GradusException when they can be neither classes nor numbers
    Known all() {
        long[] different = different();
        if (open && texts.isEmpty() && different.length > MOST_NUMBERED_CLASSES) {
            becomeNumbers();
        }
        if (numbers) {
            return new Known(
                    Array.of(Shape.of(values.size() / columns.size(), columns.size()), values.all()), List.of());
        }
        if (!given.isEmpty()) {
            return new Known(Array.of(Shape.of(size), Arrays.copyOf(codes, size)), given);
        }
        if (open) {
            demandAreClasses(different);
        }
        Map<Long, String> names = new HashMap<>();
        texts.forEach((name, code) -> names.put(TEXT + code, name));
        List<String> classes = Arrays.stream(different)
                .mapToObj(code -> names.getOrDefault(code, String.valueOf(code)))
                .toList();
        if (!texts.isEmpty()) {
            classes = classes.stream().sorted().toList();
        }
        Map<String, Long> places = new HashMap<>();
        classes.forEach(name -> places.put(name, (long) places.size()));
        long[] classOf = Arrays.stream(different)
                .map(code -> places.getOrDefault(names.getOrDefault(code, String.valueOf(code)), 0L))
                .toArray();
        long[] labels = new long[size];
        Arrays.setAll(labels, i -> classOf[Arrays.binarySearch(different, codes[i])]);
        return new Known(Array.of(Shape.of(size), labels), classes);
    }

    /// The codes without repetitions, in their order.
    private long[] different() {
        long[] sorted = Arrays.copyOf(codes, given.isEmpty() ? size : 0);
        Arrays.sort(sorted);
        int count = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[count++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    private void becomeNumbers() {
        if (text != null) {
            throw table.noNumber(text.text(), text.line(), columns.getFirst());
        }
        for (int i = 0; i < size; i++) {
            values.add((float) codes[i]);
        }
        codes = new long[0];
        numbers = true;
    }

    /// Whole numbers, hardly any twice, are no classes because a text is among them.
    private void demandAreClasses(long[] different) {
        long distinct = Arrays.stream(different).filter(code -> code < TEXT).count();
        long whole = Arrays.stream(codes, 0, size).filter(code -> code < TEXT).count();
        boolean classes = distinct <= MOST_NUMBERED_CLASSES || distinct * LEAST_OF_A_CLASS <= whole;
        if (text == null || classes || 2 * whole <= size) {
            return;
        }
        throw new GradusException(
                "csv-label",
                table.place(text.line(), columns.getFirst()) + ": the label `"
                        + text.text() + "` is no number, but " + whole + " of " + size
                        + " are; so all would be classes, with fewer than " + LEAST_OF_A_CLASS
                        + " examples on average. Mend the row or take it out to have numbers to predict, or say"
                        + " `target = \"classes\"` in [data].");
    }

    private GradusException bad(String label, long line, int column, String why) {
        return new GradusException(
                "csv-label",
                table.place(line, column) + ": the label " + (label.isEmpty() ? "" : "`" + label + "` ") + why
                        + ". Mend the row, or take it out.");
    }

    /// A whole number, without the decimal point that it may have.
    private static long number(String text) {
        int point = text.indexOf('.');
        return Long.parseLong(point < 0 ? text : text.substring(0, point));
    }
}
