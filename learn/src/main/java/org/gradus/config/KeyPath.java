package org.gradus.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.GradusException;
import org.gradus.formats.TomlValue;
import org.jspecify.annotations.Nullable;

/// A key with its table, such as `optimizer.lr`; of a list the number of a part, counted from 0: `model.layer.3.p`.
record KeyPath(List<String> parts) {
    /// As it is written.
    static KeyPath of(String key) {
        return new KeyPath(List.of(key.split("\\.", -1)));
    }

    /// The tables with another value in this place.
    ///
    /// @throws GradusException when a list has no such part
    Map<String, TomlValue> set(Map<String, TomlValue> tables, Object value) {
        return new TomlValue(set(new TomlValue(tables, 0), parts, value), 0).table();
    }

    /// What stands in this place of tables; null for nothing.
    @Nullable Object in(Map<String, Object> tables) {
        Object said = tables;
        for (String part : parts) {
            said = said instanceof Map<?, ?> table
                    ? table.get(part)
                    : said instanceof List<?> list && part.matches("\\d{1,6}") && Integer.parseInt(part) < list.size()
                            ? list.get(Integer.parseInt(part))
                            : null;
        }
        return said;
    }

    /// What stands there, with another value in the place that the rest of a key leads to.
    private static Object set(@Nullable TomlValue before, List<String> path, Object value) {
        if (path.isEmpty()) {
            return TomlValue.of(value).value();
        }
        String first = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        if (before != null && before.value() instanceof List<?> && first.matches("\\d{1,6}")) {
            List<TomlValue> items = new ArrayList<>(before.list());
            int place = Integer.parseInt(first);
            if (place >= items.size()) {
                throw new GradusException(
                        "config-key",
                        "There is no part " + place + " of a list that has " + items.size()
                                + ", counted from 0. Name one that is there.");
            }
            items.set(
                    place,
                    new TomlValue(
                            set(items.get(place), rest, value), items.get(place).line()));
            return items;
        }
        Map<String, TomlValue> entries =
                new LinkedHashMap<>(before != null && before.value() instanceof Map<?, ?> ? before.table() : Map.of());
        TomlValue inner = entries.get(first);
        entries.put(first, new TomlValue(set(inner, rest, value), inner == null || rest.isEmpty() ? 0 : inner.line()));
        return entries;
    }
}
