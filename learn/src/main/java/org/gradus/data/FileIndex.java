package org.gradus.data;

import java.util.Arrays;

/// Where records begin in a file: some of them, so that from one to the next there are a few thousand bytes, unless a
/// record is longer. A block is what lies between two of these.
final class FileIndex {
    private static final int APART = 2048; // bytes; a long for each of record and place are less than a hundredth

    private long[] records = new long[16];
    private long[] places = new long[16];
    private int size;

    /// That a record begins here; in the order of the file. Not all are noted down.
    void add(long record, long place) {
        if (size == 0 || place - places[size - 1] >= APART) {
            note(record, place);
        }
    }

    /// How many records there are, and where the last one ends.
    void end(long count, long place) {
        note(count, place);
        records = Arrays.copyOf(records, size);
        places = Arrays.copyOf(places, size);
    }

    /// The number of records.
    long count() {
        return records[size - 1];
    }

    /// The block that a record is in.
    int block(long record) {
        int found = Arrays.binarySearch(records, 0, size, record);
        return found < 0 ? -found - 2 : found;
    }

    /// The number of a block's first record; for one block more, that of all records.
    long first(int block) {
        return records[block];
    }

    /// The place of a block's first byte; for one block more, the end.
    long place(int block) {
        return places[block];
    }

    private void note(long record, long place) {
        if (size == records.length) {
            records = Arrays.copyOf(records, size + size / 2);
            places = Arrays.copyOf(places, size + size / 2);
        }
        records[size] = record;
        places[size++] = place;
    }
}
