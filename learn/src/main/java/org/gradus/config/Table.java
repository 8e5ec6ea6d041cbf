package org.gradus.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import org.gradus.base.GradusException;
import org.gradus.base.Nearest;
import org.gradus.formats.TomlValue;

/// One table of a configuration that is being read. It takes down which keys are asked for, and what they say or are
/// taken to say: so [#end] can refuse those that nobody knows, and [#complete] is the table with nothing left out.
final class Table {
    /// Where values come from.
    ///
    /// @param name of the file
    /// @param options the options of a command line that stand for some keys, by `table.key`
    record Source(String name, Map<String, String> options) {}

    private static final int MOST_LISTED = 20;

    private final Source source;
    private final String path;
    private final Map<String, TomlValue> values;
    private final int line;
    private final Map<String, Object> complete = new LinkedHashMap<>();
    private final Map<String, Table> tables = new HashMap<>();
    private final Set<String> others = new TreeSet<>(); // keys that are known, and not said

    Table(Source source, String path, Map<String, TomlValue> values, int line) {
        this.source = source;
        this.path = path;
        this.values = values;
        this.line = line;
    }

    /// The same with another value behind a key.
    Table with(String key, TomlValue value) {
        Map<String, TomlValue> changed = new LinkedHashMap<>(values);
        changed.put(key, value);
        return new Table(source, path, changed, line);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /// The table behind a key, an empty one if there is none; the same at every call.
    Table table(String key) {
        return tables.computeIfAbsent(key, _ -> table(key, values.getOrDefault(key, new TomlValue(Map.of(), 0))));
    }

    /// A value of a list behind a key, or the value itself, as a table.
    Table table(String key, TomlValue value) {
        if (!(value.value() instanceof Map<?, ?>)) {
            throw refused(key, "a table", value);
        }
        Table table = new Table(source, path.isEmpty() ? key : path + "." + key, value.table(), value.line());
        complete.put(key, table.complete);
        return table;
    }

    /// The tables of a list behind a key, `[[key]]`; none if there is no such key.
    List<Table> tables(String key) {
        if (!has(key)) {
            noted(key, List.of());
            return List.of();
        }
        Object asWritten = value(key).plain();
        List<Table> all = items(key).stream().map(item -> table(key, item)).toList();
        noted(key, asWritten);
        return all;
    }

    /// Whether a key says just this word. The key counts as not asked for.
    boolean says(String key, String word) {
        TomlValue value = values.get(key);
        return value != null && word.equals(value.value());
    }

    /// A value as it stands there, if it does.
    TomlValue value(String key) {
        TomlValue value = values.get(key);
        if (value == null) {
            demandNoSlip(key);
            throw new GradusException(
                    "config-value",
                    here(line) + heading() + " needs the key `" + key + "`, but has only "
                            + String.join(", ", values.keySet()) + ".");
        }
        complete.put(key, value.plain());
        return value;
    }

    double number(String key, double otherwise) {
        return number(key, otherwise, _ -> true, "a number");
    }

    /// @param fine which numbers may be given
    /// @param wanted what these are, such as `a number greater than 0`
    double number(String key, double otherwise, DoublePredicate fine, String wanted) {
        if (!has(key)) {
            return noted(key, otherwise);
        }
        TomlValue value = value(key);
        if (value.value() instanceof Number number && fine.test(number.doubleValue())) {
            return noted(key, number.doubleValue());
        }
        throw refused(key, value.value() instanceof Number ? wanted : "a number", value);
    }

    int whole(String key, int otherwise, int least) {
        return has(key) ? noted(key, whole(key, value(key), least)) : noted(key, otherwise);
    }

    private int whole(String key, TomlValue value, int least) {
        if (value.value() instanceof Long number && number >= least && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        String from = least == Integer.MIN_VALUE ? "a whole number" : "a whole number of " + least + " or more";
        String wanted = value.value() instanceof Long number && number >= least
                ? "a whole number up to " + Integer.MAX_VALUE
                : from;
        throw refused(key, value.value() instanceof Long ? wanted : "a whole number", value);
    }

    long seed(String key, long otherwise) {
        if (!has(key)) {
            return noted(key, otherwise);
        }
        TomlValue value = value(key);
        if (value.value() instanceof Long number) {
            return noted(key, number);
        }
        throw refused(key, "a whole number", value);
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return noted(key, otherwise);
        }
        TomlValue value = value(key);
        if (value.value() instanceof Boolean flag) {
            return noted(key, flag);
        }
        throw refused(key, "true or false", value);
    }

    String text(String key, String otherwise) {
        if (!has(key)) {
            return noted(key, otherwise);
        }
        TomlValue value = value(key);
        if (value.value() instanceof String text) {
            return noted(key, text);
        }
        throw refused(key, "a text in quotes", value);
    }

    /// One of some words.
    String choice(String key, String otherwise, Collection<String> choices) {
        String word = text(key, otherwise);
        if (!choices.contains(word)) {
            throw unknown(key, word, choices);
        }
        return word;
    }

    /// Says that a word is none of those that there are.
    GradusException unknown(String key, String word, Collection<String> choices) {
        return new GradusException(
                "config-value",
                subject(key) + " knows no `" + word + "`" + Nearest.guess(word, choices) + " "
                        + (choices.size() > MOST_LISTED
                                ? "`docs/models-in-toml.md` lists what there is."
                                : "There are " + String.join(", ", choices) + "."));
    }

    /// Whole numbers; a single one is a list too.
    List<Integer> wholes(String key, List<Integer> otherwise, int least) {
        if (!has(key)) {
            return noted(key, otherwise);
        }
        List<Integer> wholes = new ArrayList<>();
        for (TomlValue item : items(key)) {
            wholes.add(whole(key, item, least));
        }
        return noted(key, wholes);
    }

    List<Double> numbers(String key, List<Double> otherwise) {
        if (!has(key)) {
            return noted(key, otherwise);
        }
        List<Double> numbers = new ArrayList<>();
        for (TomlValue item : items(key)) {
            if (!(item.value() instanceof Number number)) {
                throw refused(key, "numbers", item);
            }
            numbers.add(number.doubleValue());
        }
        return noted(key, numbers);
    }

    List<String> texts(String key) {
        if (!has(key)) {
            return noted(key, List.of());
        }
        List<String> texts = new ArrayList<>();
        for (TomlValue item : items(key)) {
            if (!(item.value() instanceof String text)) {
                throw refused(key, "texts in quotes", item);
            }
            texts.add(text);
        }
        return noted(key, texts);
    }

    /// The values of a list, or the only one.
    List<TomlValue> items(String key) {
        TomlValue value = value(key);
        return value.value() instanceof List<?> ? value.list() : List.of(value);
    }

    /// Takes down that there is such a key, which says nothing here.
    void known(String key) {
        others.add(key);
    }

    /// Takes down what a key says, or is taken to say.
    <T> T noted(String key, T value) {
        complete.put(key, value);
        return value;
    }

    /// Refuses the keys that nobody has asked for.
    void end() {
        List<String> keys = new ArrayList<>(complete.keySet());
        others.stream().filter(key -> !complete.containsKey(key)).forEach(keys::add);
        for (Map.Entry<String, TomlValue> entry : values.entrySet()) {
            if (!keys.contains(entry.getKey())) {
                throw unknown(entry.getKey(), keys, " It takes " + String.join(", ", keys) + ".");
            }
        }
    }

    private GradusException unknown(String key, List<String> keys, String all) {
        return new GradusException(
                "config-key",
                here(values.getOrDefault(key, new TomlValue("", line)).line()) + heading() + " has no key `" + key + "`"
                        + Nearest.guess(key, keys) + all);
    }

    /// Something is wrong where a key is not said: is that because it was written in another way?
    private void demandNoSlip(String key) {
        if (has(key)) {
            return;
        }
        for (String said : values.keySet()) {
            if (!complete.containsKey(said)
                    && !others.contains(said)
                    && Nearest.to(said, List.of(key)).equals(key)) {
                throw unknown(said, List.of(key), "");
            }
        }
    }

    /// All keys that were asked for, with what they say or are taken to say.
    Map<String, Object> complete() {
        return complete;
    }

    /// What is made, such as a layer, where an error tells this place too.
    <T> T making(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (GradusException e) {
            if (e.kind().startsWith("config")) {
                throw e;
            }
            for (String key : complete.keySet()) {
                demandNoSlip(key);
            }
            throw e.framed(here(line), "");
        }
    }

    /// Says that a value is none that may be given.
    GradusException refused(String key, String wanted, TomlValue value) {
        return new GradusException(
                "config-value", subject(key, value) + " takes " + wanted + ", but was given " + shown(value) + ".");
    }

    /// What errors call the value of a key: the option that gave it, or its place.
    String subject(String key) {
        return subject(key, values.getOrDefault(key, new TomlValue("", line)));
    }

    private String subject(String key, TomlValue value) {
        String option =
                source.options().getOrDefault(path + "." + key, source.options().get(path));
        return option != null
                ? "The option " + option
                : here(value.line()) + "`" + key + "`" + (path.isEmpty() ? "" : " in " + heading());
    }

    /// Where it stands, for the beginning of an error; empty when it stands in no file.
    String place() {
        return here(line);
    }

    /// The file and the line of a key.
    String place(String key) {
        int where = values.getOrDefault(key, new TomlValue("", line)).line();
        return "`" + source.name() + "`" + (where > 0 ? ", line " + where + "," : "");
    }

    private String here(int where) {
        return where > 0 ? "`" + source.name() + "`, line " + where + ": " : "";
    }

    private String heading() {
        return path.isEmpty() ? "the file" : "[" + path + "]";
    }

    private static String shown(TomlValue value) {
        return switch (value.value()) {
            case String text when text.isEmpty() -> "nothing";
            case String text when text.matches("[-+]?[\\d.][\\d._eE+-]*|true|false") -> "the text \"" + text + "\"";
            case Map<?, ?> _ -> "a table";
            case List<?> _ -> "a list";
            case Object other -> other.toString();
        };
    }
}
