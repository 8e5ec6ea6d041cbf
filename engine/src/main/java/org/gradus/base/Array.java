package org.gradus.base;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Numbers with a type and a shape, dense and row-major in one Java array. Whoever makes one fills it; once it is
/// handed on (to a tensor, a session, a file) nobody changes it any more.
///
/// Elements are read and written as `double` or `long`; a `bool` counts as 0 or 1. Storing rounds to the type once.
public final class Array {
    private final TensorType type;
    private final Object storage; // float[], double[], int[], long[] or boolean[], as `type` says

    private Array(TensorType type, Object storage) {
        this.type = type;
        this.storage = storage;
        int length = java.lang.reflect.Array.getLength(storage);
        if (length != type.shape().count()) {
            throw new GradusException(
                    "array-length",
                    "An array of " + type + " holds " + type.shape().count() + " numbers, but " + length
                            + " were given. Give one for each element, row by row.");
        }
    }

    /// An array of zeros (or `false`).
    public static Array zeros(TensorType type) {
        int count = type.shape().count();
        return new Array(
                type,
                switch (type.type()) {
                    case FLOAT32 -> new float[count];
                    case FLOAT64 -> new double[count];
                    case INT32 -> new int[count];
                    case INT64 -> new long[count];
                    case BOOL -> new boolean[count];
                });
    }

    /// An array that repeats one value.
    public static Array full(TensorType type, double value) {
        Array array = zeros(type);
        if (Double.doubleToRawLongBits(value) != 0) {
            array.setAll(_ -> value);
        }
        return array;
    }

    /// A `float32` array over these numbers, which are not copied.
    public static Array of(Shape shape, float... values) {
        return new Array(new TensorType(Type.FLOAT32, shape), values);
    }

    /// A `float64` array over these numbers, which are not copied.
    public static Array of(Shape shape, double... values) {
        return new Array(new TensorType(Type.FLOAT64, shape), values);
    }

    /// An `int32` array over these numbers, which are not copied.
    public static Array of(Shape shape, int... values) {
        return new Array(new TensorType(Type.INT32, shape), values);
    }

    /// An `int64` array over these numbers, which are not copied.
    public static Array of(Shape shape, long... values) {
        return new Array(new TensorType(Type.INT64, shape), values);
    }

    /// A `bool` array over these values, which are not copied.
    public static Array of(Shape shape, boolean... values) {
        return new Array(new TensorType(Type.BOOL, shape), values);
    }

    /// Element type and shape.
    public TensorType type() {
        return type;
    }

    /// The sizes of the axes.
    public Shape shape() {
        return type.shape();
    }

    /// The number of elements.
    public int count() {
        return type.shape().count();
    }

    /// The element at a row-major position.
    public double get(int position) {
        return switch (storage) {
            case float[] a -> a[position];
            case double[] a -> a[position];
            case int[] a -> a[position];
            case long[] a -> a[position];
            case boolean[] a -> a[position] ? 1 : 0;
            default -> throw new AssertionError(storage.getClass());
        };
    }

    /// The element at a row-major position; fractions are cut off.
    public long getLong(int position) {
        return storage instanceof long[] a ? a[position] : (long) get(position);
    }

    /// Stores a number, rounded to the type.
    public void set(int position, double value) {
        switch (storage) {
            case float[] a -> a[position] = (float) value;
            case double[] a -> a[position] = value;
            case int[] a -> a[position] = (int) value;
            case long[] a -> a[position] = (long) value;
            case boolean[] a -> a[position] = value != 0;
            default -> throw new AssertionError(storage.getClass());
        }
    }

    /// Stores the number of each position, one after the other, rounded to the type.
    public void setAll(IntToDoubleFunction number) {
        int count = count();
        if (storage instanceof float[] a) {
            for (int i = 0; i < count; i++) {
                a[i] = (float) number.applyAsDouble(i);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            set(i, number.applyAsDouble(i));
        }
    }

    /// Stores an integer; an `int32` keeps the low 32 bits, as Java does.
    public void setLong(int position, long value) {
        switch (storage) {
            case long[] a -> a[position] = value;
            case int[] a -> a[position] = (int) value;
            default -> set(position, (double) value);
        }
    }

    /// The same numbers in another shape of the same count; shares the storage.
    public Array reshaped(Shape shape) {
        return new Array(type.with(shape), storage);
    }

    /// A copy with elements of another type: floats to integers cut off the fraction, `bool` counts as 0 or 1,
    /// anything but 0 is `true`.
    public Array to(Type other) {
        Array copy = zeros(type.with(other));
        boolean exact = type.type().isInteger() && other.isInteger();
        for (int i = 0; i < count(); i++) {
            if (exact) {
                copy.setLong(i, getLong(i));
            } else {
                copy.set(i, get(i));
            }
        }
        return copy;
    }

    /// All elements as `double`, a copy.
    public double[] toDoubles() {
        return storage instanceof double[] a
                ? a.clone()
                : IntStream.range(0, count()).mapToDouble(this::get).toArray();
    }

    /// All elements as `long`, a copy.
    public long[] toLongs() {
        return IntStream.range(0, count()).mapToLong(this::getLong).toArray();
    }

    /// The Java array underneath: `float[]`, `double[]`, `int[]`, `long[]` or `boolean[]`. For kernels and files;
    /// not a copy.
    public Object storage() {
        return storage;
    }

    /// The first numbers as text, such as `[1, 2.5, …]`.
    public String head(int most) {
        return Summary.head(this, most);
    }

    /// Type, shape, the first numbers, mean, deviation and the count of NaN.
    @Override
    public String toString() {
        return Summary.of(this).toString();
    }
}
