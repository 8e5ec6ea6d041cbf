package org.gradus.formats;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What stands behind a key in a TOML file, and where.
///
/// @param value a text, `Long`, `Double`, `Boolean`, list of values, or table: a map from keys to values, in their order
/// @param line where the key stands, counted from 1; 0 for what comes from no file
public record TomlValue(Object value, int line) {
    /// The same as plain texts, numbers, lists and maps.
    public Object plain() {
        return switch (value) {
            case List<?> list ->
                list.stream().map(item -> ((TomlValue) item).plain()).toList();
            case Map<?, ?> map -> {
                Map<String, Object> plain = new LinkedHashMap<>();
                map.forEach((key, item) -> plain.put((String) key, ((TomlValue) item).plain()));
                yield plain;
            }
            default -> value;
        };
    }

    /// Plain texts, numbers, lists and maps as such values, of no file.
    public static TomlValue of(Object plain) {
        return switch (plain) {
            case TomlValue value -> value;
            case List<?> list -> new TomlValue(list.stream().map(TomlValue::of).toList(), 0);
            case Map<?, ?> map -> {
                Map<String, TomlValue> values = new LinkedHashMap<>();
                map.forEach((key, item) -> values.put((String) key, of(item)));
                yield new TomlValue(values, 0);
            }
            case Integer number -> new TomlValue(number.longValue(), 0);
            default -> new TomlValue(plain, 0);
        };
    }

    /// The keys and values of a table.
    ///
    /// @throws ClassCastException when it is none
    @SuppressWarnings("unchecked") // maps are made with such keys and values alone
    public Map<String, TomlValue> table() {
        return (Map<String, TomlValue>) value;
    }

    /// The values of a list.
    ///
    /// @throws ClassCastException when it is none
    @SuppressWarnings("unchecked") // lists are made of such values alone
    public List<TomlValue> list() {
        return (List<TomlValue>) value;
    }
}
