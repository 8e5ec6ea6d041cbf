package org.gradus.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;

/// The contents of a `.safetensors` file: named arrays, and texts about them. A file is the length of its header
/// (8 bytes), the header in JSON, then the elements of all arrays without gaps, little endian, in row-major order.
///
/// Read are all types that an array can hold: `F32`, `F16` and `BF16` become `float32`, `F64` `float64`, `I8`, `U8`,
/// `I16`, `U16` and `I32` `int32`, `U32` and `I64` `int64`, `BOOL` `bool`. Types are written without change.
///
/// Format: <https://huggingface.co/docs/safetensors>
///
/// @param arrays by name
/// @param metadata what else the file says, by key
public record Safetensors(Map<String, Array> arrays, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";
    private static final int LENGTH = 8; // bytes of the header's length; headers are padded to a multiple of it
    private static final int LARGEST_HEADER = 100_000_000;

    /// @throws GradusException when an array is called `__metadata__`
    public Safetensors {
        arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        if (arrays.containsKey(METADATA)) {
            throw new GradusException(
                    "safetensors-name",
                    "An array is called `" + METADATA + "`, the key under which a .safetensors file says something"
                            + " about its arrays. Call it something else.");
        }
    }

    /// These arrays, and nothing about them.
    public static Safetensors of(Map<String, Array> arrays) {
        return new Safetensors(arrays, Map.of());
    }

    /// What a file holds; arrays come in the order in which they lie in it.
    ///
    /// @throws GradusException when there is no such file, or what is wrong with it
    public static Safetensors read(Path file) {
        return WholeFile.read(file, in -> read(file.toString(), in, Files.size(file)));
    }

    /// Writes a file, replacing what was there. The file is written whole or not at all. Arrays with larger elements
    /// come first, so that all lie at multiples of their elements' size, and else by name.
    ///
    /// @throws GradusException when it cannot be written
    public void write(Path file) {
        List<Map.Entry<String, Array>> sorted = new ArrayList<>(arrays.entrySet());
        sorted.sort(Comparator.comparingInt((Map.Entry<String, Array> entry) ->
                        -entry.getValue().type().type().bytes())
                .thenComparing(Map.Entry::getKey));
        Map<String, Object> header = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            header.put(METADATA, metadata);
        }
        long at = 0;
        for (Map.Entry<String, Array> entry : sorted) {
            TensorType type = entry.getValue().type();
            long end = at + (long) type.type().bytes() * type.shape().count();
            header.put(entry.getKey(), new SafetensorsEntry(Element.of(type.type()), type.shape(), at, end).toJson());
            at = end;
        }
        byte[] text = Json.line(header);
        int length = Math.ceilDiv(text.length, LENGTH) * LENGTH;
        WholeFile.write(file, out -> {
            out.write(ByteBuffer.allocate(LENGTH)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .array());
            out.write(text);
            out.write(" ".repeat(length - text.length).getBytes(StandardCharsets.US_ASCII));
            for (Map.Entry<String, Array> entry : sorted) {
                Element.write(out, entry.getValue());
            }
        });
    }

    private static Safetensors read(String name, InputStream in, long size) throws IOException {
        byte[] start = in.readNBytes(LENGTH);
        long length = start.length < LENGTH
                ? 0
                : ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (start.length < LENGTH || length < 0 || length > size - LENGTH) {
            throw new GradusException(
                    "safetensors-length",
                    "`" + name + "` ends within its header: it has " + size + " bytes, and its header takes "
                            + (start.length < LENGTH ? "at least " + LENGTH : Long.toUnsignedString(length + LENGTH))
                            + ". Is it a .safetensors file, and was it copied in full?");
        }
        if (length > LARGEST_HEADER) {
            throw new GradusException(
                    "safetensors-header",
                    "`" + name + "` has a header of " + length + " bytes, but the format allows at most "
                            + LARGEST_HEADER + ". Is it a .safetensors file?");
        }
        Map<?, ?> header = Json.parse(name, in.readNBytes((int) length), Map.class);
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
        header.forEach((key, value) -> {
            if (key.equals(METADATA)) {
                metadata.putAll(SafetensorsEntry.metadata(name, value));
            } else {
                entries.put((String) key, SafetensorsEntry.parse(name, (String) key, value));
            }
        });
        List<Map.Entry<String, SafetensorsEntry>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Comparator.comparingLong((Map.Entry<String, SafetensorsEntry> entry) ->
                        entry.getValue().from())
                .thenComparingLong(entry -> entry.getValue().to()));
        SafetensorsEntry.demandNoGaps(name, sorted, size - LENGTH - length);
        Map<String, Array> arrays = new LinkedHashMap<>();
        for (Map.Entry<String, SafetensorsEntry> entry : sorted) {
            Element element = entry.getValue().element();
            Array array =
                    Array.zeros(new TensorType(element.type(), entry.getValue().shape()));
            if (!element.read(in, ByteOrder.LITTLE_ENDIAN, array)) {
                throw new GradusException(
                        "safetensors-length",
                        "`" + name + "` became shorter while `" + entry.getKey()
                                + "` was read. Does something else write it?");
            }
            arrays.put(entry.getKey(), array);
        }
        return new Safetensors(arrays, metadata);
    }
}
