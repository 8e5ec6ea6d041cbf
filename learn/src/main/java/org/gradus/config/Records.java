package org.gradus.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.gradus.base.GradusException;
import org.gradus.formats.TomlValue;
import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.ops.Padding;
import org.jspecify.annotations.Nullable;

/// Records by name, such as layers: a table of examples. What a configuration does not say of a record, it has from the
/// example; so a row for a new type is all that it takes, and its components become keys: `batchFirst` is `batch_first`.
///
/// @param <T> what all of them are
final class Records<T> {
    /// @param example with the defaults
    /// @param needed the keys without a default
    private record Row<T>(T example, List<String> needed) {}

    private final Map<String, Row<T>> rows = new TreeMap<>();

    /// Adds a row.
    ///
    /// @param example with the defaults; one that is no record, such as a constant of an enum, has no keys
    /// @param needed the keys without a default
    Records<T> with(String name, T example, String... needed) {
        rows.put(name, new Row<>(example, List.of(needed)));
        return this;
    }

    Collection<String> names() {
        return rows.keySet();
    }

    /// The keys of a row, those without a default in bold.
    List<String> keys(String name) {
        Row<T> row = Objects.requireNonNull(rows.get(name));
        if (!(row.example() instanceof Record example)) {
            return List.of();
        }
        return Arrays.stream(example.getClass().getRecordComponents())
                .flatMap(component -> component.getType() == Geometry.class
                        ? Stream.of("kernel", "stride", "padding", "dilation")
                        : Stream.of(key(component)))
                .map(key -> row.needed().contains(key) ? "**" + key + "**" : key)
                .toList();
    }

    /// The types of the examples.
    List<Class<?>> types() {
        List<Class<?>> types = new ArrayList<>();
        rows.values().forEach(row -> types.add(row.example().getClass()));
        return types;
    }

    /// The one with a name, made as a table says.
    T read(Table table, String name) {
        Row<T> row = rows.get(name);
        if (row == null) {
            throw table.unknown("type", name, rows.keySet());
        }
        for (String key : row.needed()) {
            table.value(key);
        }
        if (!(row.example() instanceof Record example)) {
            return row.example();
        }
        RecordComponent[] components = example.getClass().getRecordComponents();
        Object[] values = Arrays.stream(components)
                .map(component -> read(table, component, get(component, example)))
                .toArray();
        @SuppressWarnings("unchecked") // the same type as the example
        Class<T> type = (Class<T>) example.getClass();
        return table.making(() -> make(type, components, values));
    }

    private static @Nullable Object read(Table table, RecordComponent component, @Nullable Object otherwise) {
        String key = key(component);
        Class<?> type = component.getType();
        if (type == int.class) {
            return table.whole(key, (Integer) value(otherwise), Integer.MIN_VALUE);
        } else if (type == long.class) {
            return table.seed(key, (Long) value(otherwise));
        } else if (type == double.class) {
            return table.number(key, (Double) value(otherwise));
        } else if (type == Double.class) {
            return optional(table, key, (Double) otherwise);
        } else if (type == boolean.class) {
            return table.flag(key, (Boolean) value(otherwise));
        } else if (type == Geometry.class) {
            return geometry(table, (Geometry) value(otherwise));
        } else if (type == Layer.class) {
            return table.has(key) ? Layers.one(table, key) : table.noted(key, value(otherwise));
        } else if (type.isEnum()) {
            return constant(table, key, type.getEnumConstants(), value(otherwise));
        }
        Type item = component.getGenericType() instanceof ParameterizedType list
                ? list.getActualTypeArguments()[0]
                : component.getGenericType();
        if (item == Integer.class) {
            return table.wholes(key, integers(value(otherwise)), Integer.MIN_VALUE);
        } else if (item == Double.class) {
            return table.numbers(key, doubles(value(otherwise)));
        } else if (item == Layer.class) {
            return table.has(key) ? Layers.each(table, key) : table.noted(key, value(otherwise));
        }
        throw new AssertionError(component);
    }

    /// PyTorch calls what padding is made of `padding_mode`, for it has a width too.
    private static String key(RecordComponent component) {
        return component.getType() == Padding.class
                ? "padding_mode"
                : component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /// A number, or "none".
    private static @Nullable Double optional(Table table, String key, @Nullable Double otherwise) {
        if (otherwise == null ? !table.has(key) : "none".equals(text(table, key))) {
            table.noted(key, "none");
            return null;
        }
        return "none".equals(text(table, key)) ? null : (Double) table.number(key, otherwise == null ? 0 : otherwise);
    }

    private static @Nullable Object text(Table table, String key) {
        return table.has(key) ? table.value(key).value() : null;
    }

    private static Object constant(Table table, String key, Object[] constants, Object otherwise) {
        List<String> words = Arrays.stream(constants).map(Records::word).toList();
        return constants[words.indexOf(table.choice(key, word(otherwise), words))];
    }

    private static String word(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }

    /// How a window moves; one number stands for all axes.
    private static Geometry geometry(Table table, Geometry example) {
        List<Integer> kernel = spread(table, "kernel", example.kernel(), example.axes(), 1);
        // Pooling windows lie side by side: there the stride is the kernel unless it is said.
        List<Integer> usual =
                example.stride().equals(example.kernel()) && example.taps() > 1 ? kernel : example.stride();
        List<Integer> stride = spread(table, "stride", usual, example.axes(), 1);
        List<Integer> padding = spread(table, "padding", example.before(), example.axes(), 0);
        List<Integer> dilation = spread(table, "dilation", example.dilation(), example.axes(), 1);
        return new Geometry(kernel, stride, padding, padding, dilation);
    }

    private static List<Integer> spread(Table table, String key, List<Integer> otherwise, int axes, int least) {
        List<Integer> given = table.wholes(key, otherwise, least);
        if (given.size() != 1 && given.size() != axes) {
            throw table.refused(
                    key,
                    "1 or " + axes + " whole numbers",
                    new TomlValue(given.toString(), table.value(key).line()));
        }
        return given.size() == axes ? given : Collections.nCopies(axes, given.getFirst());
    }

    private static @Nullable Object get(RecordComponent component, Record example) {
        try {
            return component.getAccessor().invoke(example);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static <T> T make(Class<T> type, RecordComponent[] components, @Nullable Object[] values) {
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof GradusException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Object value(@Nullable Object given) {
        return Objects.requireNonNull(given);
    }

    private static List<Integer> integers(Object list) {
        return ((List<?>) list).stream().map(Integer.class::cast).toList();
    }

    private static List<Double> doubles(Object list) {
        return ((List<?>) list).stream().map(Double.class::cast).toList();
    }
}
