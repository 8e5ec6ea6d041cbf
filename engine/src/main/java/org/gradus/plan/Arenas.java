package org.gradus.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.Type;

/// Lays values out in working memory, one arena for each element type. In the order in which they are written, each
/// value takes the lowest room that no living value holds; offsets are multiples of 16 elements.
final class Arenas {
    private static final int ALIGNMENT = 16;

    private Arenas() {}

    /// Gives every value a place and adds the arenas to the slots.
    ///
    /// @param heirs values that take the place of another one, when that is no longer needed
    static void place(List<Value> values, Map<Value, Value> heirs, List<Slot> slots) {
        Map<Type, Integer> numbers = new EnumMap<>(Type.class);
        Map<Type, Integer> extents = new EnumMap<>(Type.class);
        for (Value value : values) {
            numbers.computeIfAbsent(value.type.type(), _ -> slots.size() + numbers.size());
        }
        List<Value> living = new ArrayList<>();
        for (Value value : values) {
            Type type = value.type.type();
            living.removeIf(other -> other.lastRead < value.written);
            int extent = value.type.shape().count();
            Value old = heirs.get(value);
            int offset =
                    old != null ? old.place().offset() : room(living, numbers.getOrDefault(type, 0), aligned(extent));
            value.lieAt(new Place(numbers.getOrDefault(type, 0), offset, extent));
            extents.merge(type, Math.addExact(offset, aligned(extent)), Math::max);
            living.add(value);
        }
        numbers.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(entry -> slots.add(new Slot.Arena(entry.getKey(), extents.getOrDefault(entry.getKey(), 0))));
    }

    private static int room(List<Value> living, int slot, int extent) {
        List<Place> taken = living.stream()
                .map(Value::place)
                .filter(place -> place.slot() == slot)
                .sorted(java.util.Comparator.comparingInt(Place::offset))
                .toList();
        int offset = 0;
        for (Place place : taken) {
            if (offset + extent <= place.offset()) {
                return offset;
            }
            offset = Math.max(offset, aligned(place.offset() + place.extent()));
        }
        return offset;
    }

    private static int aligned(int extent) {
        return Math.addExact(extent, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
