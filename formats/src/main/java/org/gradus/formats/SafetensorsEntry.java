package org.gradus.formats;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// What the header of a `.safetensors` file says of one array.
///
/// @param from where its bytes begin, counted from the end of the header
/// @param to where they end
record SafetensorsEntry(Element element, Shape shape, long from, long to) {
    private static final Set<String> KEYS = Set.of("dtype", "shape", "data_offsets");

    /// As it stands in the header.
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dtype", element.safetensors());
        json.put("shape", shape.sizes());
        json.put("data_offsets", new long[] {from, to});
        return json;
    }

    /// The entry of the array `name` in a file.
    static SafetensorsEntry parse(String file, String name, Object json) {
        if (!(json instanceof Map<?, ?> entry)
                || !entry.keySet().equals(KEYS)
                || !(entry.get("dtype") instanceof String word)
                || !(entry.get("data_offsets") instanceof List<?> offsets)
                || !(entry.get("shape") instanceof List<?> sizes)
                || !Stream.concat(sizes.stream(), offsets.stream()).allMatch(SafetensorsEntry::isCount)
                || offsets.size() != 2) {
            throw new GradusException(
                    "safetensors-header",
                    "`" + file + "` says of `" + name + "` " + json + ", but should say it like {\"dtype\": \"F32\","
                            + " \"shape\": [2, 3], \"data_offsets\": [0, 24]}. Is the file damaged?");
        }
        Element element = Stream.of(Element.values())
                .filter(known -> known.safetensors().equals(word))
                .findFirst()
                .orElseThrow(() -> new GradusException(
                        "safetensors-type",
                        "The array `" + name + "` in `" + file + "` has elements of type " + word + "; "
                                + Stream.of(Element.values())
                                        .map(Element::safetensors)
                                        .collect(Collectors.joining(", "))
                                + " are read. Convert it before saving, such as with `tensor.to(torch.float32)`."));
        long from = ((Number) offsets.get(0)).longValue();
        long to = ((Number) offsets.get(1)).longValue();
        Shape shape = shape(file, name, sizes);
        long bytes = (long) element.bytes() * shape.count();
        if (from > to || to - from != bytes) {
            throw new GradusException(
                    "safetensors-offsets",
                    "The array `" + name + "` in `" + file + "` has the bytes " + from + " to " + to + ", but " + word
                            + shape + " takes " + bytes + ". Is the file damaged?");
        }
        return new SafetensorsEntry(element, shape, from, to);
    }

    /// What the header says under `__metadata__`.
    static Map<String, String> metadata(String file, Object json) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (json instanceof Map<?, ?> entries) {
            entries.forEach((key, value) -> {
                if (value instanceof String text) {
                    texts.put((String) key, text);
                }
            });
            if (texts.size() == entries.size()) {
                return texts;
            }
        }
        throw new GradusException(
                "safetensors-header",
                "`" + file + "` has the `__metadata__` " + json + ", but that is an object of texts. Is the file"
                        + " damaged?");
    }

    /// Checks that entries, which are sorted, share no byte and leave none out.
    static void demandNoGaps(String file, List<Map.Entry<String, SafetensorsEntry>> sorted, long size) {
        long end = 0;
        String before = "the header";
        for (Map.Entry<String, SafetensorsEntry> entry : sorted) {
            if (entry.getValue().from() != end) {
                throw new GradusException(
                        "safetensors-offsets",
                        "The array `" + entry.getKey() + "` in `" + file + "` begins at byte "
                                + entry.getValue().from() + ", but " + before + " ends at byte " + end
                                + ", and arrays neither overlap nor leave gaps. Is the file damaged?");
            }
            end = entry.getValue().to();
            before = "`" + entry.getKey() + "`";
        }
        if (end != size) {
            throw new GradusException(
                    "safetensors-length",
                    "`" + file + "` has " + size + " bytes behind its header, but " + before + " ends at byte " + end
                            + ". " + (size < end ? "Was it copied in full?" : "What was added to it?"));
        }
    }

    private static boolean isCount(Object number) {
        return (number instanceof Integer || number instanceof Long) && ((Number) number).longValue() >= 0;
    }

    private static Shape shape(String file, String name, List<?> sizes) {
        try {
            return Shape.of(sizes.stream()
                    .mapToInt(size -> Math.toIntExact(((Number) size).longValue()))
                    .toArray());
        } catch (ArithmeticException | GradusException e) {
            throw new GradusException(
                    "safetensors-size",
                    "The array `" + name + "` in `" + file + "` has the shape " + sizes
                            + ", and an array holds at most 2147483647 elements. Save it in parts.",
                    e);
        }
    }
}
