package org.gradus.bench.side;

import java.util.Random;
import java.util.stream.IntStream;

/// The numbers that all sides work on, and the settings that all share.
public final class Numbers {
    /// The learning rate of all updates: so small that 20 steps do not make rounding errors grow beyond what sides are
    /// compared by.
    public static final float RATE = 0.001f;

    /// The momentum of all updates but Adam's.
    public static final float MOMENTUM = 0.9f;

    /// The weight of each of the losses that LeNet is deeply supervised by.
    public static final float SIDE_WEIGHT = 0.3f;

    /// How many training steps the sides compare.
    public static final int STEPS = 20;

    /// How many matrices, of so many rows and columns, an update alone changes; they start as 0.
    public static final int MATRICES = 10;

    public static final int MATRIX_SIZE = 1000;

    private Numbers() {}

    /// Uniform numbers from -1 to 1, the same for the same seed.
    public static float[] uniform(long seed, int... sizes) {
        Random random = new Random(seed);
        float[] numbers = new float[count(sizes)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    /// Class numbers, the same each time.
    public static long[] labels(int count, int classes) {
        return new Random(1).longs(count, 0, classes).toArray();
    }

    /// The input of a row that a network works on, `[batch, channels, height, width]`.
    public static int[] input(Row row) {
        return switch (row.name()) {
            case "mlp" -> new int[] {row.samples(), 784};
            case "bnconv", "resnet20" -> new int[] {row.samples(), 3, 32, 32};
            default -> new int[] {row.samples(), 1, 28, 28};
        };
    }

    /// The root mean square.
    public static float rms(float... numbers) {
        double sum = 0;
        for (float number : numbers) {
            sum += (double) number * number;
        }
        return (float) Math.sqrt(sum / numbers.length);
    }

    /// Numbers in another order of axes: axis `i` of the result is axis `order[i]`.
    public static float[] permuted(float[] numbers, int[] sizes, int... order) {
        int rank = sizes.length;
        int[] strides = new int[rank];
        for (int axis = rank - 1, stride = 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        float[] result = new float[numbers.length];
        int[] at = new int[rank];
        for (int i = 0; i < result.length; i++) {
            int from = 0;
            for (int axis = 0; axis < rank; axis++) {
                from += at[axis] * strides[order[axis]];
            }
            result[i] = numbers[from];
            for (int axis = rank - 1; axis >= 0 && ++at[axis] == sizes[order[axis]]; axis--) {
                at[axis] = 0;
            }
        }
        return result;
    }

    /// How many numbers there are in an array of these sizes.
    public static int count(int... sizes) {
        return IntStream.of(sizes).reduce(1, Math::multiplyExact);
    }
}
