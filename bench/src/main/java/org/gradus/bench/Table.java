package org.gradus.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Lines of cells that print as a Markdown table with aligned columns.
final class Table {
    private final List<List<String>> lines = new ArrayList<>();

    Table(List<String> header) {
        lines.add(List.copyOf(header));
    }

    void add(List<String> cells) {
        if (cells.size() != lines.getFirst().size()) {
            throw new IllegalArgumentException(cells + " are not as many as " + lines.getFirst() + ".");
        }
        lines.add(List.copyOf(cells));
    }

    /// A number with three digits that count.
    static String number(double value) {
        double size = Math.abs(value);
        return !Double.isFinite(value) || size == 0
                ? "-"
                : String.format(
                        Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3g", value);
    }

    @Override
    public String toString() {
        int[] widths = IntStream.range(0, lines.getFirst().size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElseThrow())
                .toArray();
        List<String> printed = new ArrayList<>(lines.stream()
                .map(line -> IntStream.range(0, widths.length)
                        .mapToObj(column -> padded(line.get(column), widths[column], column))
                        .collect(Collectors.joining(" | ", "| ", " |")))
                .toList());
        printed.add(
                1,
                IntStream.range(0, widths.length)
                        .mapToObj(column -> "-".repeat(widths[column] + 1) + (column == 0 ? "-" : ":"))
                        .collect(Collectors.joining("|", "|", "|")));
        return String.join(System.lineSeparator(), printed) + System.lineSeparator();
    }

    /// The first column names things and stands left, the others right.
    private static String padded(String cell, int width, int column) {
        String space = " ".repeat(width - cell.length());
        return column == 0 ? cell + space : space + cell;
    }
}
