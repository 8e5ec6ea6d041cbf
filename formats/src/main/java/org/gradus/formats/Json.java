package org.gradus.formats;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.gradus.base.GradusException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON files of records, maps, lists, texts and numbers. A record is an object with its components as keys; all of
/// them must be there, and its package must be open to `tools.jackson.databind`.
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Json() {}

    /// What a file says, as a value of this type.
    ///
    /// @throws GradusException when there is no such file, or what is wrong with it
    public static <T> T read(Path file, Class<T> type) {
        return parse(file.toString(), WholeFile.read(file, in -> in.readAllBytes()), type);
    }

    /// Writes a value to a file, replacing what was there. The file is written whole or not at all.
    ///
    /// @throws GradusException when it cannot be written
    public static void write(Path file, Object value) {
        WholeFile.write(file, out -> out.write(MAPPER.writeValueAsBytes(value)));
    }

    /// A value as text, in several lines.
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// A value as text in one line.
    static byte[] line(Object value) {
        return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(value);
    }

    /// @param name what errors call the text
    static <T> T parse(String name, byte[] text, Class<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JacksonException e) {
            String where = e.getPath().stream()
                    .map(part -> part.getPropertyName() == null ? "" + part.getIndex() : part.getPropertyName())
                    .collect(Collectors.joining("."));
            throw new GradusException(
                    "json",
                    "`" + name + "` "
                            + (e instanceof StreamReadException ? "is no JSON" : "does not say what it should")
                            + ": " + e.getOriginalMessage().replaceAll("(?s)\\s*\\((start marker|set `).*", "")
                            + (where.isEmpty() ? "" : " at `" + where + "`") + " (line "
                            + e.getLocation().getLineNr() + "). Is the file damaged, or of another version?",
                    e);
        }
    }
}
