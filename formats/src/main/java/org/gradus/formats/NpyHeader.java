package org.gradus.formats;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;

/// What a `.npy` file says of its array, in the notation of Python:
/// `{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }`.
///
/// @param order of the bytes of one element
/// @param fortran whether the first axis runs fastest
record NpyHeader(Element element, ByteOrder order, boolean fortran, Shape shape) {
    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");
    private static final Pattern ENTRY =
            Pattern.compile("\\s*(['\"])(\\w+)\\1\\s*:\\s*('[^']*'|\"[^\"]*\"|\\w+|\\([^)]*\\)|\\[.*])\\s*(,|(?=}))");
    private static final Pattern DESCRIPTION = Pattern.compile("['\"]([<>|])(\\w+)['\"]");
    private static final Pattern SIZE = Pattern.compile("\\s*(\\d+)L?\\s*"); // Python 2 wrote 3L

    /// The header with this text.
    ///
    /// @param name what errors call the file
    static NpyHeader parse(String name, String text) {
        Map<String, String> entries = entries(name, text.strip());
        String description = entries.getOrDefault("descr", "");
        String fortran = entries.getOrDefault("fortran_order", "");
        if (!entries.keySet().equals(KEYS) || !fortran.matches("True|False")) {
            throw unreadable(name, text);
        }
        Shape shape = shape(name, text, entries.getOrDefault("shape", ""));
        Matcher matcher = DESCRIPTION.matcher(description);
        if (matcher.matches()) {
            for (Element element : Element.values()) {
                boolean ordered = element.bytes() == 1 || !matcher.group(1).equals("|");
                if (ordered && element.numpy().equals(matcher.group(2))) {
                    ByteOrder order = matcher.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
                    return new NpyHeader(element, order, fortran.equals("True"), shape);
                }
            }
        }
        throw new GradusException(
                "npy-type",
                "`" + name + "` has elements of type " + description
                        + "; f2, f4, f8, i1, i2, i4, i8, u1, u2, u4 and b1 are"
                        + " read. Convert it, such as with `numpy.save(file, a.astype('f8'))`.");
    }

    /// The text for an array of this type in row-major order, little endian.
    static String text(TensorType type) {
        Element element = Element.of(type.type());
        String description = (element.bytes() == 1 ? "|" : "<") + element.numpy();
        String sizes =
                IntStream.of(type.shape().sizes()).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
        return "{'descr': '" + description + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    }

    private static Map<String, String> entries(String name, String text) {
        Map<String, String> entries = new HashMap<>();
        int at = text.startsWith("{") ? 1 : 0;
        Matcher matcher = ENTRY.matcher(text);
        while (at > 0 && matcher.region(at, text.length()).lookingAt()) {
            entries.put(matcher.group(2), matcher.group(3));
            at = matcher.end();
        }
        if (!text.substring(at).strip().equals("}")) {
            throw unreadable(name, text);
        }
        return entries;
    }

    private static Shape shape(String name, String text, String tuple) {
        if (!tuple.startsWith("(")) {
            throw unreadable(name, text);
        }
        String inner = tuple.substring(1, tuple.length() - 1).strip();
        List<Integer> sizes = new ArrayList<>();
        try {
            for (String part : inner.isEmpty() ? new String[0] : inner.split(",", -1)) {
                Matcher size = SIZE.matcher(part);
                if (size.matches()) {
                    sizes.add(Integer.parseInt(size.group(1)));
                } else if (!part.isEmpty()) {
                    throw unreadable(name, text);
                }
            }
            return Shape.of(sizes);
        } catch (NumberFormatException e) {
            throw tooLarge(name, tuple, e);
        } catch (GradusException e) {
            throw e.kind().equals("shape-too-large") ? tooLarge(name, tuple, e) : e;
        }
    }

    private static GradusException tooLarge(String name, String tuple, RuntimeException cause) {
        return new GradusException(
                "npy-size",
                "`" + name + "` has an array of shape " + tuple
                        + ", and an array holds at most 2147483647 elements. Save it" + " in parts.",
                cause);
    }

    private static GradusException unreadable(String name, String text) {
        String told = text.strip();
        String start = told.length() > 80 ? told.substring(0, 80) + "…" : told;
        return new GradusException(
                "npy-header",
                "`" + name + "` has a header that cannot be read: it should be like {'descr': '<f8', 'fortran_order':"
                        + " False, 'shape': (2, 3), }, but is \"" + start
                        + "\". Is the file damaged? Save it again with"
                        + " `numpy.save`.");
    }
}
