package org.gradus.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Queue;
import org.gradus.base.GradusException;
import org.jspecify.annotations.Nullable;

/// The records of a CSV file in UTF-8, one after the other, and where in the file they begin. FastCSV reads them and counts
/// the lines; where in the file a line begins is noted down as its bytes pass by.
final class CsvRecords {
    private static final int PEEK = 1 << 16;
    private static final byte[] MARK = "\uFEFF".getBytes(StandardCharsets.UTF_8);
    private static final int MOST_FIELDS = 1 << 24;

    private final Path file;
    private final char separator;
    private final Lines lines;
    private final Iterator<CsvRecord> records;

    /// Of a whole file, whose separator its first line tells.
    CsvRecords(Path file, InputStream in) throws IOException {
        this.file = file;
        BufferedInputStream bytes = new BufferedInputStream(in, PEEK);
        bytes.mark(PEEK);
        byte[] start = bytes.readNBytes(PEEK);
        bytes.reset();
        boolean marked = Arrays.mismatch(start, MARK) == MARK.length;
        this.separator = mostFrequent(start);
        this.lines = new Lines(bytes, bytes.skip(marked ? MARK.length : 0));
        this.records = reader(separator)
                .build(handler(), new InputStreamReader(lines, StandardCharsets.UTF_8.newDecoder()))
                .iterator();
    }

    /// Of a piece of a file, which begins and ends with a record.
    ///
    /// @throws CsvParseException from the iterator, when there is one that cannot be read
    static Iterator<CsvRecord> of(String piece, char separator) {
        return reader(separator).build(handler(), piece).iterator();
    }

    private static CsvReader.CsvReaderBuilder reader(char separator) {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false);
    }

    private static CsvRecordHandler handler() {
        return CsvRecordHandler.of(handler -> handler.maxFields(MOST_FIELDS));
    }

    /// What is between two fields: comma, semicolon or tab.
    char separator() {
        return separator;
    }

    /// The next record, which has fields: empty lines are none.
    ///
    /// @throws GradusException when it cannot be read
    @Nullable CsvRecord next() throws IOException {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw malformed(
                        "in line " + InputFile.read(file, CsvRecords::lineNotInUtf8) + " it is no UTF-8 text", e);
            }
            throw e.getCause();
        } catch (CsvParseException e) {
            Throwable cause = e.getCause();
            throw malformed(String.valueOf((cause == null ? e : cause).getMessage()), e);
        }
    }

    /// Where in the file the record that came last begins.
    long place(CsvRecord record) {
        return lines.place(record.getStartingLineNumber());
    }

    /// Where the file ends, after the last record.
    long end() {
        return lines.next;
    }

    /// Comma, semicolon or tab: what is most frequent in the first line.
    private static char mostFrequent(byte[] start) {
        int[] counts = new int[3];
        for (int i = 0; i < start.length && start[i] != '\n' && start[i] != '\r'; i++) {
            int which = ",;\t".indexOf(start[i]);
            if (which >= 0) {
                counts[which]++;
            }
        }
        int best = counts[1] > counts[0] ? 1 : 0;
        return ",;\t".charAt(counts[2] > counts[best] ? 2 : best);
    }

    private static long lineNotInUtf8(InputStream in) throws IOException {
        BufferedReader bytes = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        long line = 1;
        for (String text = bytes.readLine(); text != null && isUtf8(text); text = bytes.readLine()) {
            line++;
        }
        return line;
    }

    private static boolean isUtf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.equals(bytes, new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    }

    private GradusException malformed(String why, Exception cause) {
        return new GradusException(
                "csv-syntax",
                "`" + file + "` cannot be read as CSV: " + why
                        + ". Are all quotes closed, and is it plain text in UTF-8? Save it again.",
                cause);
    }

    /// Notes down where lines begin, until it is asked for a later one.
    private static final class Lines extends FilterInputStream {
        private final Queue<Long> places = new ArrayDeque<>();
        private long first = 1; // of the lines whose places are known
        private long next;
        private int last = '\n';

        Lines(InputStream in, long next) {
            super(in);
            this.next = next;
        }

        long place(long line) {
            for (; first < line; first++) {
                places.remove();
            }
            return places.element();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = super.read(into, from, length);
            for (int i = from; i < from + count; i++, next++) {
                if (last == '\n' || (last == '\r' && into[i] != '\n')) {
                    places.add(next);
                }
                last = into[i];
            }
            return count;
        }
    }
}
