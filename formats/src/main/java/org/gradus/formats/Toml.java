package org.gradus.formats;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// TOML files (<https://toml.io>, version 1.0): tables of texts, numbers and lists for people to write. Each value knows
/// its line. Dates are left out.
public final class Toml {
    private Toml() {}

    /// What a file says: a table.
    ///
    /// @throws org.gradus.base.GradusException when there is no such file, or naming the line that is wrong
    public static TomlValue read(Path file) {
        byte[] bytes = WholeFile.read(file, in -> in.readAllBytes());
        return parse(file.toString(), new String(bytes, StandardCharsets.UTF_8));
    }

    /// What a text says: a table.
    ///
    /// @param name what errors call it
    /// @throws org.gradus.base.GradusException naming the line that is wrong
    public static TomlValue parse(String name, String text) {
        return new TomlParser(name, text).parse();
    }

    /// A table as text: what is plain first, then a section for each table and each table of a list of tables.
    ///
    /// @param table from keys to texts, numbers, truth values, lists and such tables
    public static String text(Map<String, ?> table) {
        StringBuilder text = new StringBuilder();
        write(text, "", table);
        return text.toString().strip() + "\n";
    }

    private static void write(StringBuilder text, String path, Map<String, ?> table) {
        Map<String, Object> sections = new LinkedHashMap<>();
        table.forEach((key, value) -> {
            if (value instanceof Map<?, ?> || tables(value) != null) {
                sections.put(key, value);
            } else {
                text.append(key(key)).append(" = ").append(inline(value)).append('\n');
            }
        });
        sections.forEach((key, value) -> {
            String inner = path.isEmpty() ? key(key) : path + "." + key(key);
            List<Map<String, ?>> tables = tables(value);
            if (tables == null) {
                text.append("\n[").append(inner).append("]\n");
                write(text, inner, map(value));
            } else {
                for (Map<String, ?> one : tables) {
                    text.append("\n[[").append(inner).append("]]\n");
                    write(text, inner, one);
                }
            }
        });
    }

    /// The tables of a list of nothing else; null for other values.
    private static @Nullable List<Map<String, ?>> tables(Object value) {
        if (!(value instanceof List<?> list) || list.isEmpty() || !list.stream().allMatch(Map.class::isInstance)) {
            return null;
        }
        List<Map<String, ?>> tables = new ArrayList<>();
        list.forEach(item -> tables.add(map(item)));
        return tables;
    }

    @SuppressWarnings("unchecked") // tables have texts as keys
    private static Map<String, ?> map(Object value) {
        return (Map<String, ?>) value;
    }

    /// A value as text in one line.
    ///
    /// @param value a text, number, truth value, or list or table of such
    public static String inline(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case List<?> list -> list.stream().map(Toml::inline).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> key((String) entry.getKey()) + " = " + inline(entry.getValue()))
                        .collect(Collectors.joining(", ", "{ ", " }"));
            case Double number when number.isNaN() -> "nan";
            case Double number when number.isInfinite() -> number > 0 ? "inf" : "-inf";
            default -> value.toString();
        };
    }

    private static String key(String key) {
        return key.matches("[A-Za-z0-9_-]+") ? key : quoted(key);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }
}
