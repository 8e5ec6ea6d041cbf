package org.gradus.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// The rows of a table that stays in its file: the numbers of some columns.
///
/// @param index where rows begin, counted from the first below the names of the columns
/// @param columns which ones, in this order
/// @param all how many there are
record StoredRows(StoredFile file, FileIndex index, char separator, List<Integer> columns, int all) implements Series {
    @Override
    public long size() {
        return index.count();
    }

    @Override
    public TensorType one() {
        return TensorType.of(Type.FLOAT32, columns.size());
    }

    /// Goes through the file once from its beginning to its end, and reads only the blocks that have some of the rows.
    @Override
    public Array windows(long[] starts, int length) {
        long[] wanted = new long[starts.length * length]; // row and place, in the order of rows
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = (starts[i / length] + i % length) << Integer.SIZE | i;
        }
        Arrays.sort(wanted);
        float[] numbers = new float[wanted.length * columns.size()];
        try (StoredFile.Pieces pieces = file.open()) {
            for (int i = 0; i < wanted.length; ) {
                int block = index.block(row(wanted[i]));
                i = block(pieces.text(index.place(block), index.place(block + 1)), block, wanted, i, numbers);
            }
        }
        return Array.of(Shape.of(starts.length, length, columns.size()), numbers);
    }

    /// Takes the numbers of the rows that are in one block, and says how many rows there are then.
    private int block(String piece, int block, long[] wanted, int taken, float[] numbers) {
        int width = columns.size();
        int i = taken;
        try {
            Iterator<CsvRecord> records = CsvRecords.of(piece, separator);
            for (long row = index.first(block); i < wanted.length && row(wanted[i]) < index.first(block + 1); row++) {
                if (!records.hasNext()) {
                    throw file.changed();
                }
                CsvRecord record = records.next();
                int first = (int) wanted[i] * width;
                if (row == row(wanted[i])) {
                    take(record, numbers, first);
                    i++;
                }
                for (; i < wanted.length && row == row(wanted[i]); i++) { // once more, in another window
                    System.arraycopy(numbers, first, numbers, (int) wanted[i] * width, width);
                }
            }
        } catch (CsvParseException e) { // what could be read at first
            throw file.changed(e);
        }
        return i;
    }

    private void take(CsvRecord record, float[] numbers, int first) {
        for (int k = 0; k < columns.size(); k++) {
            float number = record.getFieldCount() == all ? Decimal.parse(record.getField(columns.get(k))) : Float.NaN;
            if (!Float.isFinite(number)) {
                throw file.changed();
            }
            numbers[first + k] = number;
        }
    }

    private static long row(long wanted) {
        return wanted >>> Integer.SIZE;
    }
}
