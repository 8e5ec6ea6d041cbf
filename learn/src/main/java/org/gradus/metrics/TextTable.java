package org.gradus.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A table as text: lines of cells, the first column to the left, the others to the right. Line breaks and lonely blanks,
/// which are characters that a model of texts predicts, are made visible.
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    /// A table without lines.
    public TextTable() {}

    /// Adds a line.
    public void row(List<String> cells) {
        rows.add(cells.stream().map(TextTable::visible).toList());
    }

    private static String visible(String cell) {
        return cell.equals(" ")
                ? "' '"
                : cell.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    }

    /// A number with four decimals, `-` for none.
    static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    @Override
    public String toString() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String space = " ".repeat(widths.get(i) - row.get(i).length());
                line.append(i == 0 ? row.get(i) + space : "  " + space + row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
