package org.gradus.data;

import java.util.Arrays;

/// Numbers whose count nobody knows beforehand.
final class Floats {
    private float[] numbers = new float[64];
    private int size;

    /// @throws OutOfMemoryError when there are more than an array can hold
    void add(float number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, (int) Math.min(InputFile.MOST_BYTES, size + size / 2L));
        }
        numbers[size++] = number;
    }

    int size() {
        return size;
    }

    /// All that were added.
    float[] all() {
        return numbers.length == size ? numbers : Arrays.copyOf(numbers, size);
    }
}
