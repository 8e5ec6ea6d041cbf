package org.gradus.formats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.gradus.base.GradusException;

/// One pass over a TOML text, character by character.
final class TomlParser {
    private static final char END = '\0';
    private static final Pattern WHOLE = Pattern.compile("[+-]?(0|[1-9](_?\\d)*)");
    private static final Pattern BASED =
            Pattern.compile("0x[\\da-fA-F](_?[\\da-fA-F])*|0o[0-7](_?[0-7])*|0b[01](_?[01])*");
    private static final Pattern FLOAT =
            Pattern.compile("[+-]?(0|[1-9](_?\\d)*)(\\.\\d(_?\\d)*)?([eE][+-]?\\d(_?\\d)*)?");
    private static final String ESCAPES = "btnfr\"\\";
    private static final String ESCAPED = "\b\t\n\f\r\"\\";

    private final String name;
    private final String text;
    private final Set<Object> closed = Collections.newSetFromMap(
            new IdentityHashMap<>()); // paths of tables that have a heading or are written inline
    private final Map<String, TomlValue> root = new LinkedHashMap<>();
    private int at;
    private int line = 1;
    private int list; // the line in which the list begins that is being read; 0 for none

    TomlParser(String name, String text) {
        this.name = name;
        this.text = (text.startsWith("\uFEFF") ? text.substring(1) : text).replace("\r\n", "\n");
    }

    TomlValue parse() {
        demandText();
        Map<String, TomlValue> table = root;
        blank();
        while (peek() != END) {
            if (peek() == '[') {
                table = heading();
            } else {
                pair(table);
            }
            endOfLine();
            blank();
        }
        return new TomlValue(root, 1);
    }

    /// Refuses control characters but tabs and ends of lines, wherever they stand.
    private void demandText() {
        for (int i = 0, where = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t' && c != '\n') || c == 0x7f) {
                throw failure(String.format("the character 0x%02x is no text", (int) c), where);
            }
            where += c == '\n' ? 1 : 0;
        }
    }

    /// `[a.b]` or `[[a.b]]`: the table that follows.
    private Map<String, TomlValue> heading() {
        int begun = line;
        at++;
        boolean list = peek() == '[';
        at += list ? 1 : 0;
        List<String> path = keys();
        expect(list ? "]]" : "]");
        Map<String, TomlValue> parent = root;
        for (String key : path.subList(0, path.size() - 1)) {
            parent = inside(parent, key, begun);
        }
        String last = path.getLast();
        Map<String, TomlValue> table = new LinkedHashMap<>();
        TomlValue known = parent.get(last);
        if (list) {
            if (known == null) {
                known = new TomlValue(new ArrayList<TomlValue>(), begun);
                parent.put(last, known);
            } else if (!(known.value() instanceof ArrayList<?>)) {
                throw twice(last, known.line(), begun);
            }
            known.list().add(new TomlValue(table, begun));
            return table;
        }
        if (known == null) {
            parent.put(last, new TomlValue(table, begun));
        } else if (known.value() instanceof LinkedHashMap<?, ?> && !closed.contains(known.value())) {
            table = known.table();
        } else {
            throw twice(last, known.line(), begun);
        }
        closed.add(table);
        return table;
    }

    /// The table behind a key, made if it is new; of a list of tables the last one.
    private Map<String, TomlValue> inside(Map<String, TomlValue> parent, String key, int begun) {
        TomlValue known =
                parent.computeIfAbsent(key, _ -> new TomlValue(new LinkedHashMap<String, TomlValue>(), begun));
        if (known.value() instanceof ArrayList<?>) {
            return known.list().getLast().table();
        }
        if (!(known.value() instanceof LinkedHashMap<?, ?>)) {
            throw twice(key, known.line(), begun);
        }
        return known.table();
    }

    /// `a.b = value`
    private void pair(Map<String, TomlValue> into) {
        int begun = line;
        List<String> path = keys();
        expect("=");
        spaces();
        Map<String, TomlValue> table = into;
        for (String key : path.subList(0, path.size() - 1)) {
            table = inside(table, key, begun);
        }
        TomlValue known = table.putIfAbsent(path.getLast(), new TomlValue(value(), begun));
        if (known != null) {
            throw twice(path.getLast(), known.line(), begun);
        }
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        do {
            at += keys.isEmpty() ? 0 : 1;
            spaces();
            keys.add(key());
            spaces();
        } while (peek() == '.');
        return keys;
    }

    private String key() {
        if (peek() == '"' || peek() == '\'') {
            return quoted(false);
        }
        int from = at;
        while (isBare(peek())) {
            at++;
        }
        if (at == from) {
            throw wrong("a key is missing before " + shown());
        }
        return text.substring(from, at);
    }

    private static boolean isBare(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    /// A value; lists and tables that are written inline cannot be added to later.
    private Object value() {
        char c = peek();
        return switch (c) {
            case '"', '\'' -> quoted(true);
            case '[' -> List.copyOf(list());
            case '{' -> Collections.unmodifiableMap(inlineTable());
            default -> word();
        };
    }

    private List<TomlValue> list() {
        List<TomlValue> items = new ArrayList<>();
        int outer = list;
        list = line;
        at++;
        blank();
        while (peek() != ']') {
            int begun = line;
            if (peek() == END) {
                throw unclosed(begun);
            }
            items.add(new TomlValue(value(), begun));
            blank();
            if (peek() == ',') {
                at++;
                blank();
            } else if (peek() != ']') {
                throw unclosed(begun);
            }
        }
        at++;
        list = outer;
        return items;
    }

    /// @param last the line of the last item
    private GradusException unclosed(int last) {
        return failure(
                "`" + (line > last || peek() == END ? "]" : ",") + "` is missing before " + shown() + " in line " + line
                        + ", in the list that begins with `[` here",
                list);
    }

    private Map<String, TomlValue> inlineTable() {
        Map<String, TomlValue> table = new LinkedHashMap<>();
        at++;
        spaces();
        while (peek() != '}') {
            pair(table);
            spaces();
            if (peek() != '}') {
                expect(",");
                spaces();
            }
        }
        at++;
        return table;
    }

    /// A number or a truth value.
    private Object word() {
        int from = at;
        while (isBare(peek()) || peek() == '+' || peek() == '.') {
            at++;
        }
        String word = text.substring(from, at);
        String digits = word.replace("_", "");
        try {
            if (WHOLE.matcher(word).matches()) {
                return Long.parseLong(digits);
            }
            if (BASED.matcher(word).matches()) {
                int base = word.charAt(1) == 'x' ? 16 : word.charAt(1) == 'o' ? 8 : 2;
                return Long.parseLong(digits.substring(2), base);
            }
        } catch (NumberFormatException _) {
            throw wrong(word + " is too large a number");
        }
        if (FLOAT.matcher(word).matches()) {
            return Double.parseDouble(digits);
        }
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan", "+nan", "-nan" -> Double.NaN;
            case "" -> throw wrong("a value is missing before " + shown());
            default ->
                throw wrong(word + " is no value. Texts stand in quotes: \"" + word + "\""
                        + (list > 0 && list < line ? "; or is the list open that begins in line " + list + "?" : ""));
        };
    }

    /// A text in single or double quotes, or in three of them.
    private String quoted(boolean mayHaveLines) {
        char quote = text.charAt(at);
        String three = String.valueOf(quote).repeat(3);
        if (mayHaveLines && text.startsWith(three, at)) {
            return lines(quote, three);
        }
        at++;
        StringBuilder string = new StringBuilder();
        while (peek() != quote) {
            if (peek() == END || peek() == '\n') {
                throw wrong("a text does not end before the line does");
            }
            string.append(quote == '"' ? character() : text.substring(at, ++at));
        }
        at++;
        return string.toString();
    }

    private String lines(char quote, String three) {
        at += 3;
        skipNewline();
        StringBuilder string = new StringBuilder();
        while (!text.startsWith(three, at) || text.startsWith(three + quote, at)) {
            if (peek() == END) {
                throw wrong("a text in three quotes does not end");
            }
            if (quote == '"'
                    && text.startsWith("\\", at)
                    && text.substring(at + 1).matches("(?s)[ \\t]*\\R.*")) {
                at++;
                while (Character.isWhitespace(peek())) {
                    next();
                }
            } else if (quote == '"' && peek() == '\\') {
                string.append(character());
            } else {
                string.append(next());
            }
        }
        at += 3;
        return string.toString();
    }

    /// One character of a text, which may be escaped.
    private String character() {
        char c = text.charAt(at++);
        if (c != '\\') {
            return String.valueOf(c);
        }
        char escape = peek();
        at++;
        int simple = ESCAPES.indexOf(escape);
        if (simple >= 0) {
            return ESCAPED.substring(simple, simple + 1);
        }
        int length = escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
        String digits = text.substring(at, Math.min(text.length(), at + length));
        if (length == 0 || !digits.matches("[0-9a-fA-F]{" + length + "}")) {
            throw wrong("\\" + escape + " is no escape. A backslash itself is written \\\\, or use single quotes");
        }
        at += length;
        int code = Integer.parseUnsignedInt(digits, 16);
        if (!Character.isValidCodePoint(code)) {
            throw wrong("\\" + escape + digits + " is no character");
        }
        return Character.toString(code);
    }

    private void spaces() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    /// Spaces, comments and ends of lines.
    private void blank() {
        spaces();
        while (peek() == '#' || peek() == '\n') {
            comment();
            skipNewline();
            spaces();
        }
    }

    private void comment() {
        while (peek() != END && peek() != '\n') {
            at++;
        }
    }

    private void endOfLine() {
        spaces();
        if (peek() == '#') {
            comment();
        }
        if (peek() == ',' && text.substring(at - 1).matches("(?s)\\d,\\d.*")) {
            throw wrong("the comma after " + text.charAt(at - 1) + " does not belong there. A number is written with a"
                    + " decimal point, such as 0.05");
        }
        if (peek() != END && peek() != '\n') {
            throw wrong("a new line is missing before " + shown());
        }
    }

    private void skipNewline() {
        if (peek() == '\n') {
            next();
        }
    }

    private char next() {
        char c = text.charAt(at++);
        line += c == '\n' ? 1 : 0;
        return c;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private void expect(String wanted) {
        spaces();
        if (!text.startsWith(wanted, at)) {
            throw wrong("`" + wanted + "` is missing before " + shown());
        }
        at += wanted.length();
    }

    private String shown() {
        char c = peek();
        return c == END ? "the end" : c == '\n' ? "the end of the line" : "`" + c + "`";
    }

    private GradusException twice(String key, int first, int second) {
        return failure("`" + key + "` is there already, from line " + first, second);
    }

    private GradusException wrong(String what) {
        return failure(what, line);
    }

    private GradusException failure(String what, int where) {
        return new GradusException("toml", "`" + name + "`, line " + where + ": " + what + ".");
    }
}
