package org.gradus.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.GradusException;

/// The records of a CSV file in UTF-8, one after the other, and where in the file they begin. Fields may stand in quotes,
/// with separators, line ends and doubled quotes inside (RFC 4180); lines end with LF, CR or both; empty lines are no
/// records.
final class CsvRecords {
    private static final int BUFFER = 1 << 16;
    private static final int MOST_BYTES = 1 << 26; // of a record: more means that a quote is not closed
    private static final int MORE = -1;
    private static final int MOST_DIGITS = 15; // below 2^53
    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };
    private static final long HALF = 1L << 28; // of what a double has 29 bits for, and a float none

    private final Path file;
    private final InputStream in;
    private final byte separator;
    private byte[] bytes;
    private int end; // of what was read into them
    private boolean all; // whether there is no more
    private long base; // where in the file they stand
    private int next; // where the next record begins
    private long nextLine = 1;

    // The record that was read last.
    private int start;
    private long line;
    private int count;
    private int[] begins = new int[16];
    private int[] ends = new int[16];
    private boolean[] doubled = new boolean[16]; // whether there are doubled quotes

    /// Of a whole file, whose separator its first line tells.
    CsvRecords(Path file, InputStream in) throws IOException {
        this.file = file;
        this.in = in;
        this.bytes = new byte[BUFFER];
        fill();
        if (end >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf) {
            next = 3; // the mark of UTF-8
        }
        this.separator = mostFrequent();
    }

    /// Of a piece of a file, which begins and ends with a record.
    CsvRecords(Path file, byte[] piece, byte separator) {
        this.file = file;
        this.in = InputStream.nullInputStream();
        this.bytes = piece;
        this.end = piece.length;
        this.all = true;
        this.separator = separator;
    }

    /// What is between two fields: comma, semicolon or tab.
    byte separator() {
        return separator;
    }

    /// Goes on to the next record, if there is one.
    ///
    /// @throws GradusException when there is none that can be read
    boolean next() throws IOException {
        while (true) {
            int after = next < end ? split() : all ? end : MORE;
            if (after == MORE) {
                more();
            } else if (next == end) {
                return false;
            } else {
                start = next;
                next = after;
                if (count > 0) {
                    return true;
                }
            }
        }
    }

    /// Where in the file the record begins.
    long place() {
        return base + start;
    }

    /// Where in the file the record ends.
    long after() {
        return base + next;
    }

    /// The line that the record begins in, counted from 1.
    long line() {
        return line;
    }

    /// How many fields the record has.
    int count() {
        return count;
    }

    /// A field, without quotes.
    String field(int i) {
        String text = new String(bytes, begins[i], ends[i] - begins[i], StandardCharsets.UTF_8);
        return doubled[i] ? text.replace("\"\"", "\"") : text;
    }

    /// All of them.
    List<String> fields() {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fields.add(field(i));
        }
        return fields;
    }

    /// A field as a decimal number, as near as a float can be; NaN if it is none.
    float number(int i) {
        int at = begins[i];
        int to = ends[i];
        boolean negative = at < to && bytes[at] == '-';
        int digits = 0;
        int point = -1;
        long value = 0;
        for (at += negative ? 1 : 0; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit >= 0 && digit <= 9 && digits < MOST_DIGITS) {
                value = value * 10 + digit;
                digits++;
            } else if (bytes[at] == '.' && point < 0) {
                point = digits;
            } else {
                return decimal(field(i)); // with an exponent, spaces, many digits, or no number
            }
        }
        // The quotient of two exact numbers is rounded once. Rounded again it is as if rounded once, unless it is about
        // in
        // the middle between two floats.
        double number = point < 0 ? value : value / POWERS[digits - point];
        long beyond = Double.doubleToRawLongBits(number) & HALF * 2 - 1;
        if (digits == 0 || Math.abs(beyond - HALF) <= 1) {
            return decimal(field(i));
        }
        return (float) (negative ? -number : number);
    }

    /// A decimal number, or NaN for all else: Java also takes `0x1p3`, `2f` and `Infinity`.
    static float decimal(String field) {
        String text = field.strip();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                return Float.NaN;
            }
        }
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException _) {
            return Float.NaN;
        }
    }

    /// Finds the fields of the record that begins at `next`, none in an empty line. Gives where the one after it begins,
    /// or [#MORE] when there are not enough bytes to tell.
    private int split() {
        count = 0;
        int seen = 0; // all bytes, one or the other
        int breaks = 0; // lines that end inside of quotes
        int at = next;
        while (true) {
            boolean quoted = at < end && bytes[at] == '"';
            boolean twice = false;
            int from = quoted ? at + 1 : at;
            int i = from;
            if (quoted) {
                for (; i < end; i++) {
                    byte b = bytes[i];
                    seen |= b;
                    if (b == '"') {
                        if (i + 1 < end && bytes[i + 1] == '"') {
                            twice = true;
                            i++;
                        } else {
                            break;
                        }
                    } else if (b == '\n' || (b == '\r' && !(i + 1 < end && bytes[i + 1] == '\n'))) {
                        breaks++;
                    }
                }
                if (i + 1 >= end && !all) {
                    return MORE;
                }
                if (i == end) {
                    throw malformed("in line " + nextLine + " begins a record with a quote that is not closed");
                }
            } else {
                for (; i < end; i++) {
                    byte b = bytes[i];
                    if (b == separator || b == '\n' || b == '\r') {
                        break;
                    }
                    seen |= b;
                }
            }
            at = quoted ? i + 1 : i;
            int last = at < end ? bytes[at] : '\n';
            if (!all && (at == end || (last == '\r' && at + 1 == end))) {
                return MORE;
            }
            boolean ended = last == '\n' || last == '\r';
            if (last != separator && !ended) {
                throw malformed("in the record that begins in line " + nextLine
                        + ", more comes behind the closing quote of field " + (count + 1));
            }
            if (!ended || count > 0 || quoted || i > from) {
                field(from, i, twice);
            }
            if (ended) {
                demandUtf8(seen, at);
                at += last == '\r' && at + 1 < end && bytes[at + 1] == '\n' ? 2 : 1;
                line = nextLine;
                nextLine += breaks + 1;
                return Math.min(at, end);
            }
            at++;
        }
    }

    private void field(int from, int to, boolean twice) {
        if (count == begins.length) {
            begins = Arrays.copyOf(begins, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            doubled = Arrays.copyOf(doubled, 2 * count);
        }
        begins[count] = from;
        ends[count] = to;
        doubled[count++] = twice;
    }

    private void demandUtf8(int seen, int to) {
        if (seen < 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, next, to - next));
            } catch (CharacterCodingException _) {
                throw malformed("in line " + nextLine + " it is no UTF-8 text");
            }
        }
    }

    /// Reads on, and makes room for it.
    private void more() throws IOException {
        if (end - next > MOST_BYTES) {
            throw malformed("in line " + nextLine + " begins a record of more than " + MOST_BYTES + " bytes");
        }
        byte[] larger = end - next > bytes.length / 2 ? new byte[2 * bytes.length] : bytes;
        System.arraycopy(bytes, next, larger, 0, end - next);
        bytes = larger;
        base += next;
        end -= next;
        next = 0;
        fill();
    }

    private void fill() throws IOException {
        end += in.readNBytes(bytes, end, bytes.length - end);
        all = end < bytes.length;
    }

    /// Comma, semicolon or tab: what is most frequent in the first line.
    private byte mostFrequent() {
        int[] counts = new int[3];
        for (int i = next; i < end && bytes[i] != '\n' && bytes[i] != '\r'; i++) {
            int which = ",;\t".indexOf(bytes[i]);
            if (which >= 0) {
                counts[which]++;
            }
        }
        int best = counts[1] > counts[0] ? 1 : 0;
        return (byte) ",;\t".charAt(counts[2] > counts[best] ? 2 : best);
    }

    private GradusException malformed(String why) {
        return new GradusException(
                "csv-syntax",
                "`" + file + "` cannot be read as CSV: " + why
                        + ". Are all quotes closed, and is it plain text in UTF-8? Save it again.");
    }
}
