package org.gradus.data;

import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// The characters of a text that stays in its file, as numbers.
final class StoredText implements Series {
    private final StoredFile file;
    private final FileIndex index;
    private final int[] places;

    /// @param index where characters begin
    /// @param places the number of each character, by its number in Unicode; -1 for those that the text has not
    StoredText(StoredFile file, FileIndex index, int[] places) {
        this.file = file;
        this.index = index;
        this.places = places;
    }

    @Override
    public long size() {
        return index.count();
    }

    @Override
    public TensorType one() {
        return TensorType.of(Type.INT64);
    }

    @Override
    public Array windows(long[] starts, int length) {
        long[] numbers = new long[starts.length * length];
        try (StoredFile.Pieces pieces = file.open()) {
            for (int i = 0; i < starts.length; i++) {
                int block = index.block(starts[i]);
                int after = index.block(starts[i] + length - 1) + 1;
                String piece = pieces.text(index.place(block), index.place(after));
                long place = index.first(block) - starts[i];
                for (int k = 0; k < piece.length(); place++) {
                    int character = piece.codePointAt(k);
                    k += Character.charCount(character);
                    if (place >= 0 && place < length) {
                        numbers[i * length + (int) place] = number(character);
                    }
                }
                if (place != index.first(after) - starts[i]) {
                    throw file.changed();
                }
            }
        }
        return Array.of(Shape.of(starts.length, length), numbers);
    }

    private int number(int character) {
        int number = character < places.length ? places[character] : -1;
        if (number < 0) {
            throw file.changed();
        }
        return number;
    }
}
